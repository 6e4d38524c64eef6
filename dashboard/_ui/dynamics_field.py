"""The equations at work: vector field, nullclines, and paths simulated from chosen cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button
from dashboard._ui.dynamics_tables import latent_name, latent_values, simulated, telling_latents
from dashboard._ui.errors import errors_shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from scdyn_core.plots.learned_field import LearnedField
    from scdyn_core.plots.plane import Plane

TIMES = 300
#: Paths stop when they leave the cells by this factor: the equations were never tested there.
BOX = 1.5
SHOWN_STARTS, MOST_STARTS = 3, 8
#: Groups that paths can start from, and the cells a group needs to have a middle.
MOST_GROUPS, FEWEST_CELLS = 40, 3


def show_field(
    equations: pd.DataFrame, latent: pd.DataFrame, cells: pd.DataFrame, replicate: int
) -> None:
    """Draw the phase portrait and the simulated paths."""
    from scdyn_core.plots.learned_field import LearnedField
    from scdyn_core.plots.phase_portrait import phase_portrait
    from scdyn_core.plots.trajectories import trajectory_figure

    with errors_shown():
        field = LearnedField.of(equations, replicate)
        z = latent_values(latent, replicate)
        if field.dimension < 2:
            st.info("A phase portrait needs two latents; this model has one.")
            return
        first, second = telling_latents(equations, latent, replicate)
        plane = _plane(field, z, first, second)
        of_replicate = latent[latent["replicate"] == replicate]
        bound = BOX * np.abs(z).max(axis=0)
        typical = _typical_time(field, z)
        column, middles = _middles(of_replicate, cells, z)

        def path(start: int, duration: float) -> NDArray[np.float64]:
            times = np.linspace(0.0, duration, TIMES)
            return simulated(equations, replicate, z[start], times, bound)

        telling = {name: _telling(path(start, typical)) for name, start in middles.items()}
        chosen, duration = _controls(column, telling, typical)
        times = np.linspace(0.0, duration, TIMES)
        paths = {name: path(middles[name], duration) for name in chosen}
        portrait, course = st.columns([3, 2])
        with portrait:
            chart(
                phase_portrait(
                    field,
                    z,
                    plane,
                    paths=paths,
                    palette=palette(),
                ),
                name="phase_portrait",
                key="dynamics/portrait",
            )
        with course:
            chart(
                trajectory_figure(times, paths, z, palette=palette()),
                name="trajectories",
                key="dynamics/trajectories",
            )
        csv_button(
            lambda: _path_table(times, paths),
            name="trajectories",
            key="dynamics/paths_csv",
            label="Simulated paths",
        )
        st.caption(
            "Field in this plane with all other latents at the median cell; dashed lines are "
            "nullclines, which cross where both latents stand still. Paths use all latents and "
            "end where they leave the range of the cells; grey bands hold 95% of the cells."
        )


def _plane(field: LearnedField, z: NDArray[np.float64], telling: int, second_telling: int) -> Plane:
    """Let the user choose two latents; at first those that tell the most."""
    from scdyn_core.plots.plane import Plane

    left, right, words = st.columns([1, 1, 4], vertical_alignment="bottom")
    numbers = list(range(field.dimension))
    first = left.selectbox("Across", numbers, index=telling, key="field/x", format_func=latent_name)
    others = [number for number in numbers if number != first]
    suggested = others.index(second_telling) if second_telling in others else 0
    second = right.selectbox("Up", others, index=suggested, key="field/y", format_func=latent_name)
    plane = Plane.through_median(z, first, second)
    words.caption(
        f"This plane shows {max(plane.share(field, z), 0.0):.0%} of the cells' motion in it; the "
        "rest depends on latents it leaves out."
    )
    return plane


def _middles(
    latent: pd.DataFrame, cells: pd.DataFrame, z: NDArray[np.float64]
) -> tuple[str, dict[str, int]]:
    """Return the column that groups cells, and the cell nearest to each group's median."""
    column = next((name for name in ("cell_type", "time", "part") if name in cells), "part")
    groups = cells.set_index("cell")[column].reindex(latent["cell"]).astype(str).to_numpy()
    middles = {}
    for name, size in zip(*np.unique(groups, return_counts=True), strict=True):
        if len(middles) == MOST_GROUPS:
            break
        if size >= FEWEST_CELLS:
            members = np.flatnonzero(groups == name)
            distance = ((z[members] - np.median(z[members], axis=0)) ** 2).sum(axis=1)
            middles[str(name)] = int(members[distance.argmin()])
    return column, middles


def _controls(
    column: str, telling: dict[str, tuple[bool, float]], typical: float
) -> tuple[list[str], float]:
    """Let the user choose where paths start, at first where they lead furthest, and how long."""
    furthest = sorted(telling, key=telling.__getitem__, reverse=True)[:SHOWN_STARTS]
    left, right = st.columns([3, 2])
    chosen = left.multiselect(
        f"Paths from the middle cell of a {column.replace('_', ' ')}",
        list(telling),
        default=furthest,
        max_selections=MOST_STARTS,
        key=f"field/starts/{column}",
    )
    duration = right.slider(
        "Simulated time (unit of the velocity)",
        min_value=typical / 10,
        max_value=typical * 5,
        value=typical,
        step=typical / 10,
        key="field/duration",
    )
    return chosen, duration


def _typical_time(field: LearnedField, z: NDArray[np.float64]) -> float:
    """Return the time in which a cell of median speed goes 8 sd: from one end to the other."""
    speed = float(np.median(np.linalg.norm(field(z), axis=1)))
    return float(f"{8.0 / speed:.1g}") if speed > 0 else 1.0


def _telling(path: NDArray[np.float64]) -> tuple[bool, float]:
    """Return what makes a path worth a look: that it stays among the cells, and its length."""
    length = float(np.nansum(np.linalg.norm(np.diff(path, axis=0), axis=1)))
    return bool(np.isfinite(path[-1]).all()), length


def _path_table(times: NDArray[np.float64], paths: dict[str, NDArray[np.float64]]) -> pd.DataFrame:
    import pandas as pd

    frames = []
    for start, path in paths.items():
        columns = {f"z{axis + 1}": path[:, axis] for axis in range(path.shape[1])}
        frames.append(pd.DataFrame({"start": start, "time": times, **columns}))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
