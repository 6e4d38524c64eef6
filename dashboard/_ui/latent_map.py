"""One map: its figure, and what is drawn on it with the lasso."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button
from dashboard._ui.errors import errors_shown
from dashboard._ui.latent_arrows import velocities
from dashboard._ui.latent_sets_choice import highlight
from dashboard._ui.latent_state import select, selection_of, selection_round
from scdyn_core.data.cell_sets.cell_set import Drawn
from scdyn_core.data.cell_sets.geometry import cells_inside
from scdyn_core.data.cell_sets.outline import Outline
from scdyn_core.plots.cell_colours import digest
from scdyn_core.plots.points import MOST_VECTOR_POINTS

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

    from dashboard._ui.latent_maps import MapChoice
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.plots.cell_colours import CellColours
    from scdyn_core.plots.cell_emphasis import Emphasis
    from scdyn_core.plots.cell_map import CellMap
    from scdyn_core.plots.cell_raster import Window


@dataclass(frozen=True)
class Looks:
    """How maps are drawn: names of groups, arrows, and the pixels each is about to get."""

    names: bool
    arrows: bool
    width: int


def show_map(
    view: LatentView,
    choice: MapChoice,
    axes: tuple[int, int],
    cells: CellMap,
    colours: CellColours,
    emphasis: Emphasis,
    *,
    window: Window | None,
    looks: Looks,
    side: str,
) -> None:
    """Draw a map; a lasso or box on it selects cells, by geometry, at every size."""
    moving = velocities(view, choice, axes) if looks.arrows else {}
    how = Drawn(of="" if view.run is None else view.of, map=choice.key, dimensions=axes,
                outline=Outline())  # fmt: skip
    outline = _outline(view, how)
    token = (str(view.atlas.folder), view.of, choice.key, axes, digest(colours), palette().dark,
             emphasis.digest(), window, looks, outline)  # fmt: skip
    figure = _figure(token, view, cells, colours, emphasis, window, looks, list(moving.values()),
                     outline)  # fmt: skip
    key = f"latent/{side}/map/{view.of}/{choice.key}/{axes}/{selection_round()}"
    chart(
        figure,
        name="map",
        key=key,
        on_select=lambda: _picked(view, cells, how, key),
        selection_mode=("lasso", "box"),
    )
    csv_button(lambda: _data(view, cells, colours, emphasis), name="map",
               key=f"latent/{side}/map_csv", label="Data")  # fmt: skip
    if len(moving) > 1:
        st.caption(f"Arrows: {' (dark), '.join(moving)} (red).")


@st.cache_resource(max_entries=12, show_spinner=False)
def _figure(
    token: tuple[object, ...],
    _view: LatentView,
    _cells: CellMap,
    _colours: CellColours,
    _emphasis: Emphasis,
    _window: Window | None,
    _looks: Looks,
    _arrows: list[NDArray[np.float32]],
    _outline: Outline,
) -> Figure:
    """Return the figure that ``token`` names; other parts of the page change without drawing it."""
    from scdyn_core.plots.cell_map import cell_map_figure

    few = _view.atlas.n_cells <= MOST_VECTOR_POINTS
    return cell_map_figure(
        _cells, _colours, emphasis=_emphasis, window=_window, labels=_looks.names, arrows=_arrows,
        names=_view.atlas.names(slice(None)) if few else None, outline=_outline,
        width=_looks.width, palette=palette(),
    )  # fmt: skip


def _data(
    view: LatentView, cells: CellMap, colours: CellColours, emphasis: Emphasis
) -> pd.DataFrame:
    from scdyn_core.plots.cell_map_data import cell_map_data

    return cell_map_data(cells, colours, emphasis, view.atlas.names(slice(None)))


def _outline(view: LatentView, how: Drawn) -> Outline:
    """Return what was drawn on this map, of these cells, to select those that are selected."""
    found = selection_of(view)
    if found is None or found.how.model_copy(update={"outline": how.outline}) != how:
        return Outline()
    return found.how.outline


def _picked(view: LatentView, cells: CellMap, how: Drawn, key: str) -> None:
    """Take over what was drawn, before the page is drawn again."""
    with errors_shown():
        outline = Outline.from_plotly(st.session_state[key].selection)
        found = cells_inside(cells.xy[:, 0], cells.xy[:, 1], outline)
        select(view, found, how.model_copy(update={"outline": outline}))
        # What is selected stands out; a set at the same time would be told apart by nobody.
        highlight(view.record.id, None)
