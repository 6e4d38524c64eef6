"""Equations of runs side by side, in the latents of the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.compare_choice import choose_sides
from dashboard._ui.compare_data import equations_of
from dashboard._ui.compare_words import term_words
from dashboard._ui.downloads import folded_table, table
from dashboard._ui.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.comparison.side import Side

MOST_SIDES = 6
#: Below, two latents hardly go along with each other.
WEAK = 0.5
_ALL, _BOTH, _SOME, _SIGN = "All terms", "In all", "Not in all", "Other sign"
_MATCHES = {
    "run": "compared with the first",
    "latent": "number of the latent in the first run",
    "matched_latent": "the latent of this run that goes along with it",
    "sign": "-1: with its sign changed",
    "correlation": "of the two on the common cells, without sign",
}


def show_equations(sides: Mapping[str, Side]) -> None:
    """Draw coefficients of matched latents, and which terms are shared."""
    from scdyn_core.plots.compared_equations import compared_equations_figure

    chosen = choose_sides(sides, "compare/solved", most=MOST_SIDES)
    if not chosen:
        return
    found, first = equations_of(chosen), chosen[0].name
    for name, told in found.agreements.items():
        st.markdown(term_words(name, first, told))
    weak = found.matches[found.matches["correlation"] < WEAK]
    if len(weak):
        st.warning(
            f"{len(weak)} of {len(found.matches)} matched latents hardly go along with each other "
            f"(correlation below {WEAK:g}): coefficients of those do not compare.",
            icon=":material/warning:",
        )
    which = st.segmented_control(
        "Terms", [_ALL, _BOTH, _SOME, _SIGN], default=_ALL, required=True, key="compare/terms",
        label_visibility="collapsed",
    )  # fmt: skip
    shown = _those(found.coefficients, which)
    if shown.empty:
        st.info("There are no such terms.", icon=":material/info:")
    else:
        chart(compared_equations_figure(shown, palette=palette()), name="compared_equations",
              key="compare/equations", data=shown)  # fmt: skip
    signs = (
        "changed where the correlation is negative"
        if found.mirrored
        else "left as they are, because exp and log have no mirror image"
    )
    st.caption(
        f"Latents are numbered as in {plain(first)}: matched one to one by their correlation on "
        f"{found.cells:,} cells, signs {signs}. Scales are left as they are. An empty cell is a "
        "term that the run left out."
    )
    if len(shown):
        meanings = {"equation": "number of the latent", "term": "in the latents of the first"}
        table(shown, name="compared_equations", key="compare/equation_table", columns=meanings)
    folded_table(found.matches, "Which latent is which", name="matched_latents",
                 key="compare/matches", columns=_MATCHES)  # fmt: skip


def _those(coefficients: pd.DataFrame, which: str) -> pd.DataFrame:
    values = coefficients.drop(columns=["equation", "term"])
    there = values.fillna(0.0) != 0
    if which == _ALL:
        return coefficients
    if which == _SIGN:
        return coefficients[(values > 0).any(axis=1) & (values < 0).any(axis=1)]
    everywhere = there.all(axis=1)
    return coefficients[everywhere if which == _BOTH else ~everywhere]
