"""Genes: how the panel is expressed in groups of cells, and what the groups are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.latent_genes_figures import FIGURES, composition
from dashboard._ui.latent_genes_read import Drawn
from dashboard._ui.latent_groups import Sets, choose_grouping, groups_named
from dashboard._ui.latent_panel import choose_panel
from dashboard._ui.selection import remember, remembered

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView

#: Groups drawn; the largest where there are more.
MOST_GROUPS = 30
COMPOSITION = "Composition"
EMPTY = (
    "Add genes to the panel: type their names, paste a list, or take the top genes of *Compare "
    "sets*."
)


def show_genes(view: LatentView, sets: Sets) -> None:
    """Draw the panel in groups of cells.

    Parameters
    ----------
    view
        What is looked at.
    sets
        Saved sets: name -> positions in the atlas.
    """
    there = {name: cells for name, cells in sets.items() if len(cells)}
    left, right = st.columns([5, 2], vertical_alignment="bottom")
    with right:
        grouping = choose_grouping(view, there, label="Groups", name="groups")
    if grouping is None:
        st.info("There are no groups of cells here: save a selection of the map as a cell set, or "
                "use data with a column of types or conditions.",
                icon=":material/group_work:")  # fmt: skip
        return
    with left:
        kind = _choose_figure()
    genes = () if kind == COMPOSITION else tuple(choose_panel(view))
    groups = groups_named(view, there, grouping)
    drawn = Drawn(view, genes, _largest(groups), grouping)
    if kind == COMPOSITION:
        composition(drawn)
    elif genes:
        FIGURES[kind](drawn)
    else:
        st.info(EMPTY, icon=":material/genetics:")
    if len(groups) > MOST_GROUPS:
        st.caption(f"The {MOST_GROUPS} largest of {len(groups):,} groups.")


def _largest(groups: Sets) -> Sets:
    kept = sorted(groups, key=lambda name: -len(groups[name]))[:MOST_GROUPS]
    return {name: cells for name, cells in groups.items() if name in kept}


def _choose_figure() -> str:
    key, options = "latent/figure", [*FIGURES, COMPOSITION]
    asked = remembered("figure")
    st.session_state[key] = asked if asked in options else options[0]
    chosen: str = st.segmented_control(
        "Figure", options, required=True, key=key, label_visibility="collapsed",
        on_change=lambda: remember("figure", st.session_state[key]),
    )  # fmt: skip
    return chosen
