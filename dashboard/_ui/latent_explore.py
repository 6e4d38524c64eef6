"""The view Map: one map or two side by side, their legends, the cells selected on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard._ui.greyed import greyed
from dashboard._ui.latent_colours import cell_colours, choose_colour
from dashboard._ui.latent_legend import show_legend
from dashboard._ui.latent_map import Looks, show_map
from dashboard._ui.latent_maps import cell_map, choose_axes, choose_map, maps_of
from dashboard._ui.latent_no_map import show_no_map
from dashboard._ui.latent_sets import show_sets
from dashboard._ui.latent_sets_choice import highlighted_set
from dashboard._ui.latent_source import AS_THEY_CAME, choose_source
from dashboard._ui.latent_state import current_selection, open_view
from dashboard._ui.latent_window import chosen_window, show_window
from dashboard._ui.runs_label import run_label
from scdyn_core.plots.cell_colours import AmountColours
from scdyn_core.plots.cell_emphasis import Emphasis
from scdyn_core.plots.cell_map import WIDTH

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from dashboard._ui.latent_maps import MapChoice
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.plots.cell_colours import CellColours

#: Pixels of a map beside another one.
HALF = 330
ONE, COLOURS, RUNS = "One map", "Two colourings", "Two runs"


@dataclass(frozen=True)
class _Side:
    """One of the maps: what it shows, and which of the two it is (``1`` or ``2``)."""

    view: LatentView
    choice: MapChoice
    axes: tuple[int, int]
    colour: str
    number: str


def show_explore(view: LatentView, row: DeltaGenerator) -> None:
    """Draw the maps and the cell sets beside them; ``row`` takes how many maps there are."""
    if not maps_of(view):
        show_no_map(view)
        return
    with row:
        split = st.segmented_control(
            "Split", [ONE, COLOURS, RUNS], default=ONE, required=True, key="split",
            bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        names = st.toggle("Names", value=True, key="latent/names", persist_state="session",
                          help="Names of the groups in their midst")  # fmt: skip
        arrows = st.toggle("Arrows", key="latent/arrows", persist_state="session",
                           help="Velocities of the cells, where they are known")  # fmt: skip
    main, panel = st.columns([7, 3], gap="medium")
    with main:
        if split == ONE:
            one = _chosen_in_a_row(view)
            if one is not None:
                _show(one, Looks(names, arrows, WIDTH))
        elif split == COLOURS:
            _show_two_colourings(view, Looks(names, arrows, HALF))
        else:
            _show_two_runs(view, Looks(names, arrows, HALF))
    with panel:
        show_sets(view, current_selection(view))


def _show_two_colourings(view: LatentView, looks: Looks) -> None:
    """Draw one map twice, so that the map is chosen once."""
    choice = choose_map(view, maps_of(view), name="map")
    axes = choose_axes(choice, name="axes")
    left, right = st.columns(2, gap="small")
    with left:
        first = choose_colour(view, name="colour")
        if first is not None:
            _show(_Side(view, choice, axes, first, "1"), looks)
    with right:
        second = choose_colour(view, name="colour2", avoid=first)
        if second is not None:
            _show(_Side(view, choice, axes, second, "2"), looks)


def _show_two_runs(view: LatentView, looks: Looks) -> None:
    left, right = st.columns(2, gap="small")
    with left:
        # As high as the choice of the run on the right, so that the maps stand at one height.
        st.text_input("Left", run_label(view.run) if view.run else AS_THEY_CAME,
                      **greyed("Chosen above, under “Cells of”."))  # fmt: skip
        first = _chosen_below_each_other(view, "1")
        if first is not None:
            _show(first, looks)
    with right:
        second = _other_run(view)
        if second is not None:
            _show(second, looks)


def _other_run(view: LatentView) -> _Side | None:
    run = choose_source(view.record, name="of2", label="Right", avoid=view.of)
    other = open_view(view.record, run, key="latent/second")
    if other is None:
        return None
    if not maps_of(other):
        show_no_map(other, name="of2")
        return None
    return _chosen_below_each_other(other, "2")


def _chosen_in_a_row(view: LatentView) -> _Side | None:
    left, right = st.columns([3, 7], vertical_alignment="bottom")
    with left:
        choice = choose_map(view, maps_of(view), name="map")
    with right:
        colour = choose_colour(view, name="colour")
    axes = choose_axes(choice, name="axes")
    return None if colour is None else _Side(view, choice, axes, colour, "1")


def _chosen_below_each_other(view: LatentView, number: str) -> _Side | None:
    choice = choose_map(view, maps_of(view), name=f"map{number}", own=True)
    axes = choose_axes(choice, name=f"axes{number}")
    colour = choose_colour(view, name="colour" if number == "1" else "colour2")
    return None if colour is None else _Side(view, choice, axes, colour, number)


def _show(one: _Side, looks: Looks) -> None:
    view, cells = one.view, cell_map(one.view, one.choice, one.axes)
    colours = cell_colours(view, one.colour)
    if colours is None:
        return
    # The legend says what stands out before the map is drawn, and stands below it.
    place = st.container()
    highlighted, hidden = show_legend(colours, one.colour, side=one.number)
    selected = _standing_out(view)
    emphasis = Emphasis(highlighted, hidden, selected if len(selected) else None)
    with place:
        show_map(view, one.choice, one.axes, cells, colours, emphasis,
                 window=chosen_window(view, one.choice, one.axes), looks=looks,
                 side=one.number)  # fmt: skip
        show_window(view, one.choice, one.axes, cells, selected, side=one.number)
    _left_out(cells.xy, colours, view)


def _standing_out(view: LatentView) -> NDArray[np.int64]:
    """Return the cells that are selected, else those of the set that is highlighted."""
    selected = current_selection(view)
    return selected if len(selected) else highlighted_set(view)


def _left_out(xy: NDArray[np.float32], colours: CellColours, view: LatentView) -> None:
    missing = int((~np.isfinite(xy).all(axis=1)).sum())
    if missing:
        st.caption(f"{missing:,} of {view.atlas.n_cells:,} cells have no place on this map.")
    if isinstance(colours, AmountColours) and (unknown := colours.unknown()) is not None:
        st.caption(f"{int(unknown.sum()):,} of {view.atlas.n_cells:,} cells have no value: grey.")
