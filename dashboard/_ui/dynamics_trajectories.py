"""Paths simulated from chosen cells: in latent space, on the UMAP, and gene by gene."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button
from dashboard._ui.dynamics_gene_paths import show_gene_paths
from dashboard._ui.dynamics_model import LearnedModel, learned_model, simulated
from dashboard._ui.dynamics_plane import ONE_LATENT, choose_plane_folded, portrait
from dashboard._ui.dynamics_starts import choose_duration, choose_starts
from dashboard._ui.errors import errors_shown
from dashboard._ui.text import plain

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from scdyn_core.evaluation.field.plane import Plane
    from scdyn_core.evaluation.field.simulate import Paths
    from scdyn_core.runs.run import Run

    Values = NDArray[np.float64]

#: Pixels of a figure that shares its row with another.
HALF_WIDTH = 480
MAP_KEY = "paths/portrait"
NO_PATHS = "Choose where paths start: a group above, a cell by its name, or cells on the map."


def show_trajectories(run: Run, replicate: int) -> None:
    """Draw paths of the equations from chosen cells."""
    with errors_shown():
        model = learned_model(run, replicate)
        if model.field.dimension < 2:
            st.info(ONE_LATENT)
            return
        left, middle, right = st.columns([5, 2, 3])
        starts = choose_starts(model, st.session_state.get(f"{MAP_KEY}/{model.key}"), left, middle)
        with right:
            duration = choose_duration(model, "paths/duration")
        paths = simulated(model, tuple(starts.values()), duration)
        plane = choose_plane_folded(model)
        named = {name: paths.states[:, number] for number, name in enumerate(starts)}
        left, right = st.columns(2)
        with left:
            _latent_map(model, plane, named)
        with right:
            _umap(model, named)
        if not starts:
            st.info(NO_PATHS)
            return
        _say_endings(list(starts), paths)
        _courses(model, paths, named)
        show_gene_paths(run, replicate, paths.times, named)
        csv_button(lambda: _path_table(paths.times, named), name="trajectories",
                   key="dynamics/paths_csv", label="Simulated paths")  # fmt: skip


def _latent_map(model: LearnedModel, plane: Plane, paths: dict[str, Values]) -> None:
    from scdyn_core.plots.path_lines import add_paths
    from scdyn_core.plots.pickable import add_pickable_cells

    figure = portrait(model, plane, width=HALF_WIDTH)
    flat = {name: plane.flatten(path) for name, path in paths.items()}
    add_paths(figure, flat, palette(), model.groups)
    add_pickable_cells(figure, plane.flatten(model.z), model.cells["cell"].astype(str).tolist())
    chart(
        figure,
        name="paths_latent",
        key=f"{MAP_KEY}/{model.key}",
        on_select="rerun",
        selection_mode=("points", "lasso", "box"),
    )
    st.caption("Paths use all latents. Click a cell, or draw around some, to start there.")


def _umap(model: LearnedModel, paths: dict[str, Values]) -> None:
    from scdyn_core.evaluation.field.support import place_on_map
    from scdyn_core.plots.path_map import path_map_figure

    umap = model.umap
    if umap is None:
        st.caption("The recipe of this run made no UMAP to draw the paths on.")
        return
    placed = {name: place_on_map(path, model.support, umap) for name, path in paths.items()}
    chart(
        path_map_figure(umap, model.groups, placed, width=HALF_WIDTH, palette=palette()),
        name="paths_umap",
        key="dynamics/path_umap",
    )
    st.caption(
        "A picture only: each state is put where its 30 nearest cells lie on the UMAP, and a UMAP "
        "has no true distances. Where it jumps, neighbouring states lie apart on the map."
    )


def _say_endings(names: list[str], paths: Paths) -> None:
    gone = [
        f"{plain(name)} at t = {time:.3g}"
        for name, time, left in zip(names, paths.leaving_times, paths.left, strict=True)
        if left
    ]
    if not gone:
        st.caption("All paths stay among the cells to the end.")
        return
    st.info(
        "**Left the cells:** from " + "; from ".join(gone) + ". A path is followed no further "
        "when it is more than twice as far from its nearest cells as 99% of the cells are from "
        "theirs: the equations were never tested there.",
        icon=":material/logout:",
    )


def _courses(model: LearnedModel, paths: Paths, named: dict[str, Values]) -> None:
    from scdyn_core.plots.trajectories import trajectory_figure

    low, high = np.quantile(model.z, [0.025, 0.975], axis=0)
    titles = [f"z<sub>{axis + 1}</sub> (sd)" for axis in range(model.field.dimension)]
    st.subheader("Latents along the paths", anchor=False)
    chart(
        trajectory_figure(paths.times, named, titles, (low, high),
                          columns=min(3, len(titles)), groups=model.groups, palette=palette()),
        name="trajectories",
        key="dynamics/trajectories",
    )  # fmt: skip
    st.caption("Grey bands hold 95% of the cells.")


def _path_table(times: Values, paths: dict[str, Values]) -> pd.DataFrame:
    import pandas as pd

    frames = []
    for start, path in paths.items():
        columns = {f"z{axis + 1}": path[:, axis] for axis in range(path.shape[1])}
        frames.append(pd.DataFrame({"start": start, "time": times, **columns}))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
