"""The saved sets, a line each: see it on the map, rename it, note something, delete it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import palette
from dashboard._ui.latent_sets_choice import cells_of, highlight, highlighted_id, set_store
from dashboard._ui.latent_sets_said import attempt, said
from dashboard._ui.latent_state import clear_selection
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.data.cell_sets.cell_set import CellSet

_DELETED, _MAP = "sets/deleted", "sets/map"
#: More lines than this scroll in a window of their own.
_UNSCROLLED, _HEIGHT = 9, 400
#: Of dot, name, number of cells and menu; and letters that fit in the second.
_WIDTHS, _LONGEST = (1, 7, 4, 2), 19


def show_list(view: LatentView, sets: list[CellSet]) -> None:
    """Draw a line for every set."""
    if st.session_state.pop(_MAP, False):
        st.rerun(scope="app")
    said("list")
    if not sets:
        st.caption("None yet. Sets are kept with the dataset and stand beside each other in "
                   "**Compare sets**.")  # fmt: skip
        return
    shown = highlighted_id(view.record.id)
    many = len(sets) > _UNSCROLLED
    with st.container(
        height=_HEIGHT if many else "content", border=False, gap=None, key="sets-list"
    ):
        for one in sets:
            _line(view, one, shown=one.id == shown)


def _line(view: LatentView, one: CellSet, *, shown: bool) -> None:
    dot, name, amount, more = st.columns(_WIDTHS, gap=None, vertical_alignment="center")
    dot.image(_swatch(palette().categorical[one.colour]), width=14)
    if name.button(
        plain(one.name, _LONGEST),
        key=f"sets/show/{one.id}",
        type="secondary" if shown else "tertiary",
        icon=":material/visibility:" if shown else None,
        help=_about(one, shown),
    ):
        highlight(view.record.id, None if shown else one.id)
        # What is selected stands out too; two at a time would be told apart by nobody.
        clear_selection()
        # The map stands outside this part of the page.
        st.rerun(scope="app")
    amount.markdown(_amount(view, one), text_alignment="right")
    with more:
        _more(view, one)


def _amount(view: LatentView, one: CellSet) -> str:
    cells = cells_of(view, one)
    if cells is None:
        return ":material/warning:"
    if len(cells) == one.n_cells:
        return f"{one.n_cells:,}"
    return f"{len(cells):,} of {one.n_cells:,}"


def _about(one: CellSet, shown: bool) -> str:
    lines = [
        f"**{plain(one.name)}**, {count(one.n_cells, 'cell')}: {plain(one.how.words(), 400)}.",
        *([plain(one.note, 500)] if one.note else []),
        "Click to see all cells alike again." if shown else "Click to see it on the map.",
    ]
    return "\n\n".join(lines)


def _more(view: LatentView, one: CellSet) -> None:
    """Draw what is needed seldom; nothing of it is made before it is opened."""
    place = st.popover(
        "", icon=":material/more_horiz:", type="tertiary", key=f"sets/more/{one.id}",
        on_change="rerun", help="Rename, note, delete",
    )  # fmt: skip
    if not place.open:
        return
    dataset = view.record.id
    with place:
        st.text_input(
            "Name", one.name, max_chars=100, key=f"sets/name/{one.id}/{one.name}",
            on_change=partial(_rename, dataset, one),
        )  # fmt: skip
        st.text_area(
            "Note", one.note, max_chars=500, key=f"sets/note/{one.id}", height=80,
            placeholder="What these cells are, why they were chosen",
            on_change=partial(_write_note, dataset, one),
        )  # fmt: skip
        st.caption(f"How it was made: {plain(one.how.words(), 400)}. "
                   f"Saved {one.created[:16].replace('T', ' ')} UTC.")  # fmt: skip
        st.button("Delete this set", icon=":material/delete:", key=f"sets/delete/{one.id}",
                  on_click=partial(_delete, dataset, one))  # fmt: skip


def show_undo(view: LatentView) -> None:
    """Offer to bring back the set that was deleted last."""
    deleted: tuple[str, CellSet] | None = st.session_state.get(_DELETED)
    if deleted is None or deleted[0] != view.record.id:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/delete: Deleted **{plain(deleted[1].name, 28)}**.", width="stretch")
        st.button("Undo", key="sets/undo", icon=":material/undo:", on_click=_restore)
        st.button("", key="sets/dismiss", icon=":material/close:", type="tertiary",
                  help="Dismiss", on_click=_dismiss)  # fmt: skip


def _swatch(colour: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="14" height="14">'
        f'<circle cx="7" cy="7" r="6" fill="{colour}"/></svg>'
    )


def _rename(dataset: str, one: CellSet) -> None:
    name = st.session_state[f"sets/name/{one.id}/{one.name}"].strip()
    if name and name != one.name:
        attempt("list", lambda: set_store().rename(dataset, one.id, name))


def _write_note(dataset: str, one: CellSet) -> None:
    note = st.session_state[f"sets/note/{one.id}"]
    attempt("list", lambda: set_store().annotate(dataset, one.id, note))


def _delete(dataset: str, one: CellSet) -> None:
    def delete() -> None:
        set_store().delete(dataset, one.id)
        st.session_state[_DELETED] = (dataset, one)
        _redraw_map_of(dataset, one)

    attempt("list", delete)


def _restore() -> None:
    dataset, one = st.session_state.pop(_DELETED)
    attempt("list", lambda: set_store().restore(dataset, one.id))
    _redraw_map_of(dataset, one)


def _redraw_map_of(dataset: str, one: CellSet) -> None:
    """See to it that the map, which stands outside this part of the page, follows."""
    st.session_state[_MAP] = highlighted_id(dataset) == one.id


def _dismiss() -> None:
    st.session_state.pop(_DELETED, None)
