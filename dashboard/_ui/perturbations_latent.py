"""The genes of one latent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import folded_table
from dashboard._ui.perturbations_tables import needed
from dashboard._ui.run_tables import columns_of

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

EACH = 12


def show_latent(run: Run, latent: int) -> None:
    """Draw the genes that a latent raises and lowers most, and all of them as a table."""
    from scdyn_core.plots.perturbation_latent_genes import latent_genes_figure

    genes = needed(run, "latent_genes")
    own = genes[genes["latent"] == latent].sort_values("rank", kind="stable")
    chart(
        latent_genes_figure(genes, latent, each=EACH, palette=palette()),
        name=f"latent_{latent}_genes",
        key="perturbations/latent_genes",
        data=own,
    )
    spread = "; bars: standard deviation over replicates" if own["effect_sd"].notna().any() else ""
    st.caption(
        "Change of expected expression (log2) when the latent rises by one standard deviation"
        f"{spread}. The sign of a latent is free: only signs against each other mean something."
    )
    folded_table(own.drop(columns="latent").round(4), f"All genes of latent {latent}",
                 name=f"latent_{latent}_genes", key="perturbations/latent_table",
                 columns=columns_of(genes), height=320)  # fmt: skip
