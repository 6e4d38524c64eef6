"""Every edge of a network as a table that can be searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard._ui.downloads import csv_button, heading
from dashboard._ui.errors import errors_shown
from dashboard._ui.network_controls import choose_part
from dashboard._ui.network_data import edges_of, evidence_of
from dashboard._ui.network_words import edge_words

if TYPE_CHECKING:
    import pandas as pd

    from dashboard._ui.network_choice import Shown
    from dashboard._ui.network_data import Part

MOST_ROWS = 1000


def show_edge_table(shown: Shown) -> None:
    """Draw the search and what it finds, the strongest first."""
    with errors_shown():
        if evidence_of(shown) is None and edges_of(shown) is None:
            st.info("This run has no interaction network.", icon=":material/hub:")
            return
        part = choose_part(shown)
        if part is None:
            return
        st.caption(edge_words(part.evidence))
        _table(_of_part(shown, part))


def _of_part(shown: Shown, part: Part) -> pd.DataFrame:
    from scdyn_core.networks.edges import of_cell_type

    edges = edges_of(shown, part.evidence)
    assert edges is not None
    own = of_cell_type(edges, part.cell_type)
    return own[own["evidence"].isin(part.evidence)]


def _table(edges: pd.DataFrame) -> None:
    from scdyn_core.networks.edges import COLUMNS
    from scdyn_core.networks.search import naming

    search, ends = st.columns([5, 3], vertical_alignment="bottom")
    text = search.text_input(
        "Search", key="find", bind="query-params", placeholder="Part of a name; several words",
        max_chars=200,
        help='Edges whose source or target has every word in it; "STAT1" in quotation marks is '
        "the whole name.",
    )  # fmt: skip
    where = ends.segmented_control(
        "In", ["Both", "Source", "Target"], default="Both", required=True, key="ends",
        bind="query-params",
    )  # fmt: skip
    columns = ("source", "target") if where == "Both" else (where.lower(),)
    found = np.flatnonzero(naming(edges, text, columns)) if text.strip() else np.arange(len(edges))
    weight = edges["weight"].to_numpy()[found]
    first = found[np.argsort(-weight, kind="stable")[:MOST_ROWS]]
    rows = _telling(edges.iloc[first])
    more = f"; the {MOST_ROWS:,} strongest are shown" if len(found) > MOST_ROWS else ""
    st.caption(f"{len(found):,} of {len(edges):,} edges{more}.")
    st.dataframe(
        _as_text(rows),
        hide_index=True,
        key="network/edge_table",
        height=520,
        column_config={
            name: st.column_config.Column(heading(name), help=COLUMNS[name])
            for name in map(str, rows.columns)
        },
    )
    csv_button(
        lambda: _telling(edges.iloc[found]),
        name="network_edges",
        key="network/edge_table_csv",
        label=f"CSV of all {len(found):,}",
    )


def _telling(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows without columns that say nothing: empty, or kinds where all are genes."""
    told = rows.dropna(axis="columns", how="all")
    kinds = ["source_kind", "target_kind"]
    if len(told) and (told[kinds] == "gene").all(axis=None):
        told = told.drop(columns=kinds)
    return told


def _as_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose columns hold only the names that are in them."""
    return rows.assign(
        **{
            name: rows[name].astype(object)
            for name in rows.columns
            if rows[name].dtype.name == "category"
        }
    )
