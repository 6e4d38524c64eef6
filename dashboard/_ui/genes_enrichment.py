"""Which known gene sets the genes of each cluster are rich in, against the genes of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.errors import errors_shown
from dashboard._ui.gene_set_choice import choose_gene_sets
from dashboard._ui.genes_tables import file_name, of_choice
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.data.gene_sets import GeneSets
    from scdyn_core.plots.cluster_choice import ClusterChoice
    from scdyn_core.runs.run import Run

#: Sets given in this session: another number of clusters is tested without asking again.
_SETS = "genes/sets"
SHOWN_SETS = 20
FORMATS = {"p": "%.1e", "p_adjusted": "%.1e", "expected": "%.1f", "fold": "%.1f"}
#: With fewer genes as the background the test can tell little.
FEW_GENES = 500


def show_over_representation(run: Run, choice: ClusterChoice) -> None:
    """Draw the gene sets of every cluster, and where gene sets come from."""
    from scdyn_core.runs.over_representation import TABLE, over_represent

    stored = _stored(table_of(run, TABLE), choice)
    with errors_shown():
        given = choose_gene_sets("genes")
        if given is not None:
            st.session_state[_SETS] = given
        sets: GeneSets | None = st.session_state.get(_SETS)
        if sets is not None and (given is not None or stored is None):
            with st.spinner(f"Testing {count(len(sets.sets), 'gene set')}…"):
                stored = over_represent(run, choice.algorithm, choice.k, sets)
    if stored is None:
        st.caption(
            "Which known sets of genes are together in a cluster? Upload a collection of gene "
            "sets, for example from MSigDB, or take the 50 hallmark sets with one click."
        )
    elif stored.empty:
        st.warning("No gene set has 5 or more genes of this run. Are the names symbols of the "
                   "same kind as the run's?", icon=":material/warning:")  # fmt: skip
    else:
        _show(stored, len(of_choice(run, "clusters", choice)), choice)


def _stored(frame: pd.DataFrame | None, choice: ClusterChoice) -> pd.DataFrame | None:
    """Return the stored rows where they are of this clustering."""
    if frame is None or frame.empty:
        return frame
    own = frame[(frame["algorithm"] == choice.algorithm) & (frame["k"] == choice.k)]
    return None if own.empty else own


def _show(found: pd.DataFrame, genes: int, choice: ClusterChoice) -> None:
    from scdyn_core.plots.over_representation import SURE, over_representation_figure

    sets = found["gene_set"].nunique()
    sure = int((found["p_adjusted"] <= SURE).sum())
    pairs = count(sure, "pair of set and cluster", "pairs of set and cluster")
    st.markdown(
        f"**{plain(found['source'].iloc[0])}**: {count(sets, 'set')} with 5 or more genes of this "
        f"run; {pairs} with an adjusted p of at most {SURE:.0%}."
    )
    if genes < FEW_GENES:
        st.warning(
            f"The background is {count(genes, 'gene')}: where they were picked for a purpose, "
            "a set may be everywhere in the run and therefore rich in no cluster.",
            icon=":material/warning:",
        )
    chart(
        over_representation_figure(found, most=SHOWN_SETS, palette=palette()),
        name=file_name("gene_sets", choice),
        key="genes/over_representation",
    )
    st.caption(
        "Are more genes of a set in a cluster than if genes were drawn at random from **the genes "
        "of this run** (not of the genome)? Hypergeometric test, one-sided; Benjamini-Hochberg "
        f"over all pairs. Larger: surer; ringed: adjusted p of at most {SURE:.0%}. The test takes "
        "genes for independent, which genes that are regulated together are not: it ranks sets "
        "and proves nothing."
    )
    shown = found.drop(columns=["algorithm", "k", "source"])
    table(shown[shown["overlap"] > 0], name=file_name("gene_sets", choice), key="genes/set_table",
          columns=columns_of(found), formats=FORMATS, height=360)  # fmt: skip
