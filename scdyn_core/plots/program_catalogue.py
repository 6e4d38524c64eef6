"""Every figure of the gene programs of one replicate, by file name."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.evaluation.gene_units import EXPRESSION, GENE_SD, in_gene_sds, known_sds
from scdyn_core.plots.enrichment_dots import enrichment_figure
from scdyn_core.plots.gene_dots import gene_dots_figure
from scdyn_core.plots.gene_programs import program_figure, programs_figure
from scdyn_core.plots.gene_weights import gene_weights_figure
from scdyn_core.plots.type_profile import type_profile_figure

#: More panels than this leave no room for the names of genes.
MOST_PANELS = 4
DOT_GENES = 20


def program_figures(tables: Mapping[str, pd.DataFrame], replicate: int) -> dict[str, go.Figure]:
    """Draw what the tables of a run allow."""
    own = {
        name: frame[frame["replicate"] == replicate]
        for name, frame in tables.items()
        if name.startswith(("shap_", "program", "enrichment")) and "replicate" in frame
    }
    own = {name: frame for name, frame in own.items() if not frame.empty}
    figures = _genes(own, replicate, known_sds(tables.get("genes")))
    if "program_activity" in own:
        figures["program_activity"] = type_profile_figure(
            own["program_activity"], mean="mean", sd="sd", title="activity (sd)"
        )
    if "shap_classifier" in own:
        figures["shap_classifier"] = type_profile_figure(
            own["shap_classifier"], mean="mean_abs", sd="sd_abs", title="|attribution| (logit)"
        )
    if "shap_encoder" in own:
        figures["shap_encoder"] = gene_weights_figure(own["shap_encoder"], output="latent")
    if "shap_gene_type" in own:
        figures["shap_gene_type"] = gene_weights_figure(own["shap_gene_type"], output="cell_type")
    if "enrichment" in own:
        figures["enrichment"] = enrichment_figure(own["enrichment"])
    return figures


def _genes(
    own: Mapping[str, pd.DataFrame], replicate: int, sds: pd.Series | None
) -> dict[str, go.Figure]:
    """Draw what latents do to genes: by attributions where there are some, else by slopes."""
    source, value = ("shap_decoder", "slope") if "shap_decoder" in own else ("programs", "effect")
    if source not in own:
        return {}
    unit = EXPRESSION if sds is None else GENE_SD
    rows = own[source] if sds is None else in_gene_sds(own[source], sds)
    latents = sorted(int(number) for number in rows["latent"].unique())
    figures = {
        f"program_z{latent}": program_figure(rows, replicate, latent, value=value, unit=unit)
        for latent in latents
    }
    if 1 < len(latents) <= MOST_PANELS:
        figures["programs"] = programs_figure(rows, replicate, value=value, unit=unit)
    if "shap_decoder_types" in own and value == "slope":
        typed = own["shap_decoder_types"]
        typed = typed if sds is None else in_gene_sds(typed, sds)
        for latent in latents:
            genes = typed_genes(rows, typed, latent, DOT_GENES)
            shown = typed[typed["latent"] == latent]
            figures[f"shap_z{latent}_by_type"] = gene_dots_figure(shown, genes, unit=unit)
    return figures


def typed_genes(rows: pd.DataFrame, typed: pd.DataFrame, latent: int, most: int) -> list[str]:
    """Return the genes a latent moves most, of those known type by type, rising ones first."""
    known = rows[(rows["latent"] == latent) & rows["gene"].isin(typed["gene"])]
    strongest = known.nlargest(most, "mean_abs").sort_values("slope", ascending=False)
    return [str(gene) for gene in strongest["gene"]]
