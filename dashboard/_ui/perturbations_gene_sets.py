"""Which known gene sets the genes of the latents are rich in, against the genes of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.errors import errors_shown
from dashboard._ui.gene_set_choice import choose_gene_sets
from dashboard._ui.perturbations_tables import needed
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

SHOWN_SETS = 20
FORMATS = {"p": "%.1e", "p_adjusted": "%.1e", "expected": "%.1f", "fold": "%.1f"}
#: With fewer genes as the background the test can tell little.
FEW_GENES = 500
ALL = "All latents"


def show_gene_sets(run: Run, latent: int) -> None:
    """Draw the gene sets of the latents, and where gene sets come from."""
    from scdyn_core.runs.latent_gene_sets import TABLE, sets_of_latents

    st.subheader("Gene sets", anchor=False)
    stored = table_of(run, TABLE)
    with errors_shown():
        sets = choose_gene_sets("perturbations")
        if sets is not None:
            with st.spinner(f"Testing {count(len(sets.sets), 'gene set')}…"):
                stored = sets_of_latents(run, sets)
    if stored is None:
        st.caption(
            "Which known sets of genes does a latent move? Upload a collection of gene sets, for "
            "example from MSigDB, or take the 50 hallmark sets with one click."
        )
    elif stored.empty:
        st.warning("No gene set has 5 or more genes of this run. Are the names symbols of the "
                   "same kind as the run's?", icon=":material/warning:")  # fmt: skip
    else:
        _show(run, stored, latent)


def _show(run: Run, found: pd.DataFrame, latent: int) -> None:
    from scdyn_core.plots.latent_gene_sets import SURE, latent_gene_sets_figure

    sure = found[found["p_adjusted"] <= SURE]
    sets, pairs = found["gene_set"].nunique(), sure.groupby(["gene_set", "latent"]).ngroups
    st.markdown(
        f"**{plain(found['source'].iloc[0])}**: {count(sets, 'set')} with 5 or more genes of this "
        f"run; {count(pairs, 'pair of set and latent', 'pairs of set and latent')} with an "
        f"adjusted p of at most {SURE:.0%}."
    )
    genes = needed(run, "latent_genes")["gene"].nunique()
    if genes < FEW_GENES:
        st.warning(
            f"The background is {count(genes, 'gene')}: where they were picked for a purpose, a "
            "set may be everywhere in the run and therefore rich in no latent.",
            icon=":material/warning:",
        )
    chart(
        latent_gene_sets_figure(found, most=SHOWN_SETS, palette=palette()),
        name="latent_gene_sets",
        key="perturbations/gene_sets",
        data=found,
    )
    st.caption(
        "Are more genes of a set among those a latent moves most than if genes were drawn at "
        "random from **the genes of this run** (not of the genome)? Hypergeometric test, "
        "one-sided, for rising and falling genes by themselves; Benjamini-Hochberg over all. "
        f"Larger: surer; ringed: adjusted p of at most {SURE:.0%}. The test takes genes for "
        "independent, which genes that are regulated together are not: it ranks sets and proves "
        "nothing."
    )
    which = st.segmented_control("Rows", (f"Latent {latent}", ALL), default=f"Latent {latent}",
                                 required=True, key=f"perturbations/set_rows/{latent}",
                                 label_visibility="collapsed")  # fmt: skip
    rows = found[found["overlap"] > 0].drop(columns="source")
    own = rows if which == ALL else rows[rows["latent"] == latent]
    table(own, name="latent_gene_sets", key="perturbations/set_table", columns=columns_of(found),
          formats=FORMATS, height=320)  # fmt: skip
