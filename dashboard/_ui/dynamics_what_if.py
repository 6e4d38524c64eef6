"""What if: change the equations and see where the same cells go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button
from dashboard._ui.dynamics_change import change_key, choose_change
from dashboard._ui.dynamics_model import (
    LearnedModel,
    fixed_points,
    furthest_first,
    learned_model,
)
from dashboard._ui.dynamics_plane import ONE_LATENT, choose_plane_folded, portrait
from dashboard._ui.dynamics_starts import choose_duration
from dashboard._ui.dynamics_what_if_results import (
    AFTER,
    BEFORE,
    show_fates,
    show_gene_changes,
    show_points,
)
from dashboard._ui.errors import errors_shown
from dashboard._ui.text import count

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from scdyn_core.evaluation.field.change import Change
    from scdyn_core.evaluation.field.fixed_points import FixedPoint
    from scdyn_core.evaluation.field.plane import Plane
    from scdyn_core.evaluation.field.what_if import Comparison
    from scdyn_core.runs.run import Run

TIMES, WIDTH = 120, 580
NOT_AN_EXPERIMENT = (
    "This is what the learned equations say, not an experiment: a latent is a mixture of many "
    "genes, and the equations were learned from cells that nobody perturbed. Take it as a "
    "hypothesis to test."
)


def show_what_if(run: Run, replicate: int) -> None:
    """Draw the same cells by the learned and by the changed equations."""
    with errors_shown():
        model = learned_model(run, replicate)
        if model.field.dimension < 2:
            st.info(ONE_LATENT)
            return
        st.caption(f":material/science_off: {NOT_AN_EXPERIMENT}")
        left, middle, right = st.columns([4, 3, 3])
        change = choose_change(run, replicate, model, left, middle)
        with right.container(border=True, height="stretch"):
            group, members = _choose_cells(model)
            duration = choose_duration(model, "what_if/duration")
        found = _compared(model, change, group, members, duration)
        changed = bool(change.coefficients or change.held)
        plane = choose_plane_folded(model)
        points = _points_after(model, change) if changed else fixed_points(run, replicate)
        picture, fates = st.columns([3, 2])
        with picture:
            _draw(model, plane, found, changed, points)
        with fates:
            _warn(found, changed)
            show_fates(model, found, group, changed=changed)
        if not changed:
            st.info("Move the slider of a coefficient, or hold a latent, to see what changes.")
            return
        show_gene_changes(run, replicate, found)
        show_points(model, fixed_points(run, replicate), points)


def _choose_cells(model: LearnedModel) -> tuple[str, NDArray[np.int64]]:
    """Let the user choose a group; return its name and its held-out cells."""
    groups = np.asarray(model.groups)
    held_out = (model.cells["part"].astype(str) == "test").to_numpy()
    if not held_out.any():
        held_out[:] = True
    names = [name for name in model.middle_cells() if (held_out & (groups == name)).any()]
    group = st.selectbox(
        f"Test cells of a {model.grouping.replace('_', ' ')}",
        names,
        index=names.index(next(name for name in furthest_first(model) if name in names)),
        key=f"what_if/group/{model.grouping}",
        help="Up to 500 cells that the model never saw are simulated.",
    )
    return group, np.flatnonzero(held_out & (groups == group))


def _compared(
    model: LearnedModel, change: Change, group: str, members: NDArray[np.int64], duration: float
) -> Comparison:
    return _compare(model.key, change_key(change), group, duration, model, change, members)


@st.cache_resource(max_entries=60, show_spinner=False)
def _compare(
    key: str,
    changed: str,
    group: str,
    duration: float,
    _model: LearnedModel,
    _change: Change,
    _members: NDArray[np.int64],
) -> Comparison:
    from scdyn_core.evaluation.field.what_if import compare

    times = np.linspace(0.0, duration, TIMES)
    return compare(_model.field, _change, _model.z[_members], times, _model.support)


def _points_after(model: LearnedModel, change: Change) -> list[FixedPoint]:
    return _changed_points(model.key, change_key(change), model, change)


@st.cache_resource(max_entries=60, show_spinner=False)
def _changed_points(
    key: str, changed: str, _model: LearnedModel, _change: Change
) -> list[FixedPoint]:
    from scdyn_core.evaluation.field.fixed_points import find_fixed_points

    return find_fixed_points(_change.equations(_model.field), _model.support, held=_change.held)


def _draw(
    model: LearnedModel,
    plane: Plane,
    found: Comparison,
    changed: bool,
    points: list[FixedPoint],
) -> None:
    from scdyn_core.plots.cloud import add_cloud
    from scdyn_core.plots.fixed_point_marks import add_fixed_points

    colours = palette()
    figure = portrait(model, plane, flow="none", width=WIDTH)
    ways = [(BEFORE, found.before, colours.ink)]
    if changed:
        ways.append((AFTER, found.after, colours.second_ink))
    for name, paths, colour in ways:
        add_cloud(figure, plane.flatten(paths.states), plane.flatten(paths.ends), colour, name)
    add_fixed_points(figure, points, plane, colours)
    chart(figure, name="what_if", key="what_if/portrait")
    csv_button(lambda: _table(found), name="what_if_ends", key="what_if/ends_csv",
               label="Starts and ends")  # fmt: skip
    st.caption(
        "Lines: paths of some of the cells. Crosses: where each of all cells ends. "
        + ("Fixed points are those of the changed equations." if changed else "")
    )


def _warn(found: Comparison, changed: bool) -> None:
    shares = {"learned": found.before.left.mean()}
    if changed:
        shares["changed"] = found.after.left.mean()
    if max(shares.values()) < 0.05:
        return
    words = " and ".join(f"{share:.0%} by the {name} equations" for name, share in shares.items())
    st.warning(
        f"Of {count(len(found.before.left), 'path')}, {words} leave the cells before the end; they "
        "count where they left. Beyond that point nothing is known.",
        icon=":material/logout:",
    )


def _table(found: Comparison) -> pd.DataFrame:
    import pandas as pd

    frames = []
    for name, paths in ((BEFORE, found.before), (AFTER, found.after)):
        frame = pd.DataFrame({"equations": name, "left_at": np.where(
            paths.left, paths.leaving_times, np.nan)})  # fmt: skip
        for axis in range(paths.states.shape[2]):
            frame[f"start_z{axis + 1}"] = paths.states[0, :, axis]
            frame[f"end_z{axis + 1}"] = paths.ends[:, axis]
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
