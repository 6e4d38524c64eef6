"""The equations at work: vector field, nullclines, and paths simulated from chosen cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button
from dashboard._ui.dynamics_tables import latent_name, latent_values
from dashboard._ui.errors import errors_shown

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from scdyn_core.plots.learned_field import LearnedField
    from scdyn_core.plots.plane import Plane

TIMES = 300
#: Paths stop when they leave the cells by this factor: the equations were never tested there.
BOX = 1.5
MOST_STARTS = 8


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
        plane = _plane(field, z)
        of_replicate = latent[latent["replicate"] == replicate]
        starts = _starts(of_replicate, cells, z)
        times = np.linspace(0.0, _duration(field, z), TIMES)
        bound = BOX * np.abs(z).max(axis=0)
        paths = {name: field.path(z[start], times, bound) for name, start in starts.items()}
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


def _plane(field: LearnedField, z: NDArray[np.float64]) -> Plane:
    """Let the user choose two latents; at first those that tell the most."""
    from scdyn_core.plots.plane import Plane

    telling = Plane.most_telling(field, z)
    left, right, words = st.columns([1, 1, 4], vertical_alignment="bottom")
    numbers = list(range(field.dimension))
    first = left.selectbox(
        "Across", numbers, index=telling.first, key="field/x", format_func=latent_name
    )
    others = [number for number in numbers if number != first]
    suggested = others.index(telling.second) if telling.second in others else 0
    second = right.selectbox("Up", others, index=suggested, key="field/y", format_func=latent_name)
    plane = Plane.through_median(z, first, second)
    words.caption(
        f"This plane shows {max(plane.share(field, z), 0.0):.0%} of the cells' motion in it; the "
        "rest depends on latents it leaves out."
    )
    return plane


def _starts(latent: pd.DataFrame, cells: pd.DataFrame, z: NDArray[np.float64]) -> dict[str, int]:
    """Let the user choose groups; a path starts at the cell nearest to each group's median."""
    column = next((name for name in ("cell_type", "time", "part") if name in cells), "part")
    groups = cells.set_index("cell")[column].reindex(latent["cell"]).astype(str).to_numpy()
    names = sorted(set(groups))
    chosen = st.multiselect(
        f"Start from the middle cell of a {column.replace('_', ' ')}",
        names,
        default=names[: min(3, len(names))],
        max_selections=MOST_STARTS,
        key=f"field/starts/{column}",
    )
    starts = {}
    for name in chosen:
        members = np.flatnonzero(groups == name)
        middle = np.median(z[members], axis=0)
        distance = ((z[members] - middle) ** 2).sum(axis=1)
        starts[name] = int(members[distance.argmin()])
    return starts


def _duration(field: LearnedField, z: NDArray[np.float64]) -> float:
    """Let the user choose how long; by default the time a typical cell needs for 20 sd."""
    speed = float(np.median(np.linalg.norm(field(z), axis=1)))
    typical = float(f"{20.0 / speed:.1g}") if speed > 0 else 1.0
    return st.slider(
        "Simulated time (unit of the velocity)",
        min_value=typical / 10,
        max_value=typical * 3,
        value=typical,
        step=typical / 10,
        key="field/duration",
    )


def _path_table(times: NDArray[np.float64], paths: dict[str, NDArray[np.float64]]) -> pd.DataFrame:
    import pandas as pd

    frames = []
    for start, path in paths.items():
        columns = {f"z{axis + 1}": path[:, axis] for axis in range(path.shape[1])}
        frames.append(pd.DataFrame({"start": start, "time": times, **columns}))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
