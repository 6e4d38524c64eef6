"""The legend of a map: every group with its colour and cells; choosing highlights or hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.text import plain
from scdyn_core.plots.cell_colours import GroupColours

if TYPE_CHECKING:
    from scdyn_core.plots.cell_colours import CellColours

#: More groups are searched, not listed.
MOST_LISTED = 40
_LONGEST = 28
HIGHLIGHT, HIDE = "Highlight", "Hide"


def show_legend(
    colours: CellColours, colour_key: str, *, side: str
) -> tuple[frozenset[int], frozenset[int]]:
    """Draw the legend and return the groups that are highlighted and those that are hidden.

    Parameters
    ----------
    colour_key
        What colours the cells: another one starts with nothing chosen.
    side
        Which map it belongs to.
    """
    if not isinstance(colours, GroupColours) or not colours.groups:
        return frozenset(), frozenset()
    what = st.segmented_control(
        "Groups", [HIGHLIGHT, HIDE], default=HIGHLIGHT, required=True,
        key=f"latent/{side}/legend_does", persist_state="session", label_visibility="collapsed",
        help="What choosing groups below does: the others turn grey, or they disappear",
    )  # fmt: skip
    key = f"latent/{side}/legend/{colour_key}"
    sizes = colours.sizes()
    shown = [position for position in range(len(colours.groups)) if sizes[position]]

    def label(position: int) -> str:
        name = colours.groups[position]
        short = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
        return f"{plain(short)} :gray[{sizes[position]:,}]"

    if len(shown) <= MOST_LISTED:
        with st.container(key=f"legend_{side}"):
            _swatches(f"legend_{side}", [colours.hues[position] for position in shown])
            chosen = st.pills("Legend", shown, selection_mode="multi", format_func=label,
                              key=key, label_visibility="collapsed")  # fmt: skip
    else:
        chosen = st.multiselect(
            f"{len(shown):,} groups", shown, key=key, placeholder="Type to find a group",
            format_func=lambda position: f"{colours.groups[position]} ({sizes[position]:,})",
        )  # fmt: skip
    picked = frozenset(chosen)
    return (picked, frozenset()) if what == HIGHLIGHT else (frozenset(), picked)


def _swatches(name: str, hues: list[str]) -> None:
    """Put a dot of its colour before every group. Only colours and numbers of ours go in here."""
    rules = "".join(
        f".st-key-{name} [data-testid='stButtonGroup'] button:nth-of-type({number})::before"
        f"{{background:{hue}}}"
        for number, hue in enumerate(hues, start=1)
    )
    st.html(
        f"<style>.st-key-{name} [data-testid='stButtonGroup'] button::before{{content:'';"
        "width:.65rem;height:.65rem;border-radius:50%;margin-right:.4rem;flex:none}"
        f"{rules}</style>"
    )
