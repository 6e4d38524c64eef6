"""Every node of a network as a table: how it ranks, and what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.downloads import csv_button, heading
from dashboard._ui.errors import errors_shown
from dashboard._ui.network_controls import choose_part
from dashboard._ui.network_data import edges_of, evidence_of, ranks_of
from dashboard._ui.network_facts import MEANINGS, facts_of

if TYPE_CHECKING:
    import pandas as pd

    from dashboard._ui.network_choice import Shown
    from dashboard._ui.network_data import Part

MOST_ROWS = 1000


def show_gene_table(shown: Shown) -> None:
    """Draw the search and the nodes it finds, by PageRank."""
    with errors_shown():
        if evidence_of(shown) is None and edges_of(shown) is None:
            st.info("This run has no interaction network.", icon=":material/hub:")
            return
        part = choose_part(shown)
        if part is not None:
            _table(_rows(shown, part))


def _rows(shown: Shown, part: Part) -> pd.DataFrame:
    ranks, facts = ranks_of(shown, part), facts_of(shown)
    if facts is None:
        return ranks.sort_values("rank")
    known = [name for name in MEANINGS if name in facts]
    genes = ranks["kind"] == "gene"
    return ranks.join(facts[known], on="name").where(genes, ranks).sort_values("rank")


def _table(rows: pd.DataFrame) -> None:
    from scdyn_core.networks.ranks import COLUMNS
    from scdyn_core.networks.search import naming

    text = st.text_input(
        "Search", key="find_gene", bind="query-params", placeholder="Part of a name", max_chars=200
    )
    found = rows[naming(rows, text, ("name",))] if text.strip() else rows
    more = f"; the first {MOST_ROWS:,} are shown" if len(found) > MOST_ROWS else ""
    st.caption(
        f"{len(found):,} of {len(rows):,} nodes{more}. PageRank counts against the edges: high for "
        "what acts strongly on nodes that act on others."
    )
    meanings = COLUMNS | MEANINGS
    st.dataframe(
        found.head(MOST_ROWS),
        hide_index=True,
        key="network/gene_table",
        height=520,
        column_config={
            name: st.column_config.Column(heading(name), help=meanings[name])
            for name in map(str, rows.columns)
        },
    )
    csv_button(
        lambda: found, name="network_genes", key="network/gene_table_csv",
        label=f"CSV of all {len(found):,}",
    )  # fmt: skip
