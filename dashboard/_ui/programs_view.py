"""Gene programs: which genes, where active, how attributed, and what they are rich in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.programs_activity import show_activity
from dashboard._ui.programs_attributions import show_attributions
from dashboard._ui.programs_enrichment import show_enrichment
from dashboard._ui.programs_genes import show_genes
from dashboard._ui.programs_search import show_gene
from dashboard._ui.run_tables import table_of

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

VIEWS = ("Genes", "Activity", "Attributions", "One gene", "Gene sets")


def show_programs(run: Run, replicate: int) -> None:
    """Draw the gene programs of one replicate."""
    view = st.segmented_control(
        "Gene programs", VIEWS, default=VIEWS[0], required=True, key="programs/view",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    if view == "Genes":
        show_genes(run, replicate)
    elif view == "Activity":
        latent, cells = table_of(run, "latent"), table_of(run, "cells")
        assert latent is not None
        assert cells is not None
        show_activity(latent, cells, replicate)
    elif view == "Attributions":
        show_attributions(run, replicate)
    elif view == "One gene":
        show_gene(run, replicate)
    else:
        show_enrichment(run, replicate)
