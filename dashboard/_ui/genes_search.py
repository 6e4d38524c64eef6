"""The gene that is looked at, and those it is compared with: chosen here, kept in the URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.genes_tables import needed
from dashboard._ui.genes_views import KEY
from dashboard._ui.selection import remember, remembered
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scdyn_core.runs.run import Run

MOST_COMPARED = 12
_GENE, _COMPARED, _KEPT = "genes/gene", "genes/compare", "chosen_compare"


def choose_gene(run: Run) -> str:
    """Draw the search for a gene; at first the one that changes most, in standard errors."""
    genes = needed(run, "genes")
    names = sorted(genes["gene"].astype(str))
    asked = remembered("gene")
    if asked not in names:
        if asked is not None:
            st.toast(f"{plain(asked)} is not among the genes of this run. This is the one that "
                     "changes most surely.", icon=":material/info:")  # fmt: skip
        asked = str(genes["gene"].iloc[int((genes["change"].abs() / genes["se"]).argmax())])
    st.session_state[_GENE] = asked
    gene: str = st.selectbox(
        "Gene",
        names,
        key=_GENE,
        help="Type to search among the genes of this run",
        on_change=lambda: remember("gene", st.session_state[_GENE]),
    )
    remember("gene", gene)
    return gene


def choose_compared(run: Run) -> list[str]:
    """Draw the choice of genes to compare with."""
    return _several(run, "Compare with", "genes to draw on one plot with it")


def choose_marked(run: Run) -> list[str]:
    """Draw the choice of genes to name in a figure of all; the same ones that are compared."""
    return _several(run, "Mark genes", "genes of interest, named in the figure")


def open_gene(gene: str) -> None:
    """Look at a gene (a callback, or before the choices are drawn)."""
    remember("gene", gene)
    st.session_state[KEY] = "Gene"


def compare_with(genes: Sequence[str]) -> None:
    """Add genes to the compared ones (a callback)."""
    _keep([*dict.fromkeys([*_kept(), *genes])][:MOST_COMPARED])


def _several(run: Run, label: str, placeholder: str) -> list[str]:
    names = sorted(needed(run, "genes")["gene"].astype(str))
    there = set(names)
    st.session_state[_COMPARED] = [gene for gene in _kept() if gene in there][:MOST_COMPARED]
    chosen: list[str] = st.multiselect(
        label,
        names,
        key=_COMPARED,
        placeholder=placeholder,
        max_selections=MOST_COMPARED,
        on_change=lambda: _keep(st.session_state[_COMPARED]),
    )
    _keep(chosen)
    return chosen


def _kept() -> list[str]:
    asked = st.query_params.get_all("compare")
    return list(asked or st.session_state.get(_KEPT, []))


def _keep(genes: Sequence[str]) -> None:
    st.session_state[_KEPT] = list(genes)
    if st.query_params.get_all("compare") != list(genes):
        st.query_params["compare"] = list(genes)
