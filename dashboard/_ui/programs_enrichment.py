"""Gene sets: which of them each program is rich in, beside two nulls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.errors import errors_shown
from dashboard._ui.gene_set_choice import choose_gene_sets
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.data.gene_sets import GeneSets
    from scdyn_core.runs.run import Run

MOST_SETS = 40
#: Below this share of sets with enough genes, or this many genes, the reader is warned.
FEW_SETS, FEW_GENES = 0.5, 500


def show_enrichment(run: Run, replicate: int) -> None:
    """Draw the enrichment of the programs, and where gene sets come from."""
    with errors_shown():
        sets = choose_gene_sets("programs")
        if sets is not None:
            _enrich(run, replicate, sets)
    stored = table_of(run, "enrichment")
    rows = None if stored is None else stored[stored["replicate"] == replicate]
    if rows is None or rows.empty:
        if stored is not None and stored.empty:
            st.warning("No gene set has 5 or more genes of this model. Are the names symbols of "
                       "the same kind as the model's?", icon=":material/warning:")  # fmt: skip
        else:
            st.caption(
                "Which known sets of genes does each program move? Upload a collection of gene "
                "sets, for example from MSigDB, or take the 50 hallmark sets with one click."
            )
        return
    _show(run, rows)


def _enrich(run: Run, replicate: int, sets: GeneSets) -> None:
    from scdyn_core.runs.enrichment import enrich_run

    with st.spinner(f"Scoring {count(len(sets.sets), 'gene set')}…"):
        enrich_run(run, replicate, sets)
    st.session_state["programs/matched"] = (run.id, _match_words(run, sets))


def _match_words(run: Run, sets: GeneSets) -> tuple[str, bool]:
    """Return how much of the sets the model can see, and whether that is little."""
    from scdyn_core.evaluation.enrichment import FEWEST_GENES, matched_sets

    genes = table_of(run, "genes")
    assert genes is not None
    names = [str(gene) for gene in genes["gene"]]
    inside = sum(gene.upper() in sets.genes for gene in names)
    scored = len(matched_sets(names, sets.sets))
    few = len(names) < FEW_GENES or scored < FEW_SETS * len(sets.sets)
    words = (
        f"{inside:,} of the {len(names):,} genes of this model are in any set; "
        f"{scored:,} of {count(len(sets.sets), 'set')} have {FEWEST_GENES} or more of them."
    )
    return words, few


def _show(run: Run, rows: pd.DataFrame) -> None:
    from scdyn_core.plots.enrichment_dots import CHANCE, enrichment_figure

    run_id, (words, few) = st.session_state.get("programs/matched", ("", ("", False)))
    if run_id == run.id:
        st.markdown(words)
        if few:
            st.warning("Few genes match: a set is judged by the few of its genes that vary enough "
                       "to be in the model, and one that is not here may be active all the same.",
                       icon=":material/warning:")  # fmt: skip
    st.markdown(f"**{plain(rows['source'].iloc[0])}**")
    most = min(MOST_SETS, rows["gene_set"].nunique())
    chart(
        enrichment_figure(rows, most=min(most, 20), palette=palette()),
        name="enrichment",
        key="programs/enrichment",
    )
    honest = (rows["random_axes"] <= CHANCE) & (rows["p_adjusted"] <= CHANCE)
    passing = count(int(honest.sum()), "pair of set and program", "pairs of set and program")
    st.caption(
        "Colour: t-value of the set in a linear model of the program (decoupler, ulm), against all "
        "other **genes of the model**, not of the genome. Size: adjusted p-value. **Ringed**: at "
        f"most {CHANCE:.0%} of random axes of the same expression score as far. {passing} "
        f"{'passes' if honest.sum() == 1 else 'pass'} both."
    )
    st.caption(
        "Genes of a set rise and fall together in any data, which p-values and random sets do not "
        "know. A set without a ring may belong to these cells as a whole rather than to this "
        "program."
    )
    table(rows.drop(columns=["replicate", "source"]), name="enrichment",
          key="programs/enrichment_table", columns=columns_of(rows), height=320)  # fmt: skip
