"""What the target of a perturbation acts on by the network of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.navigation import go_to
from dashboard._ui.perturbations_tables import rows_of
from dashboard._ui.text import count, listed, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run


def show_edges(run: Run, perturbation: str) -> None:
    """Draw the edges from the targets of a perturbation, and the way to the whole network."""
    import pandas as pd

    from scdyn_core.plots.perturbation_edges import (
        MOST_EDGES,
        outgoing_edges,
        outgoing_edges_figure,
    )

    rows = [rows_of(run, "network", "source", name) for name in perturbation.split("+")]
    edges = outgoing_edges(pd.concat(rows, ignore_index=True))
    targets = listed([plain(name, 60) for name in perturbation.split("+")])
    if edges.empty:
        st.markdown(f"**The network has no edge from {targets}**")
        st.caption("Edges leave the genes that were perturbed and learned from. None was kept "
                   "here, or the model did not learn from it.")  # fmt: skip
        return
    st.markdown(f"**By the network, {targets} acts on**")
    shown = edges.head(MOST_EDGES)
    chart(
        outgoing_edges_figure(shown, palette=palette()),
        name="edges_of_perturbation",
        key="perturbations/edges",
        data=edges,
    )
    more = f" Drawn: the strongest {MOST_EDGES}." if len(edges) > MOST_EDGES else ""
    signs = (
        " What it raises falls when it is knocked down, other genes held."
        if edges["signed"].any()
        else " The numbers have no sign: they do not say what is raised and what is lowered."
    )
    rings = "; rings: not in all replicates" if edges["stability"].notna().any() else ""
    st.caption(f"{_name(edges)}{rings}.{signs}{more}")
    if st.button("Open in Gene networks", key="perturbations/network", type="tertiary",
                 icon=":material/hub:"):  # fmt: skip
        go_to("networks", run=run.id, node=str(shown["source"].iloc[0]))


def _name(edges: pd.DataFrame) -> str:
    words = plain(edges["evidence"].iloc[0]).capitalize()
    return f"{words} on {count(len(edges), 'gene')}"
