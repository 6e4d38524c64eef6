"""Every figure of a run's network beside what is known, by file name."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.errors import ConfigError
from scdyn_core.methods.regulation.against_reference import against_reference
from scdyn_core.networks.effects import DIRECT, Effects, effects_of
from scdyn_core.networks.gene_network import gene_networks, true_network
from scdyn_core.networks.propagation import propagate
from scdyn_core.networks.stored import edges_between_genes
from scdyn_core.plots.network_comparison_scores import network_score_figure
from scdyn_core.plots.network_curve import precision_recall_figure
from scdyn_core.plots.network_what_if import moved_genes_figure, predicted_measured_figure
from scdyn_core.plots.palette import LIGHT, Palette

_NEEDED = {"network", "network_genes"}
#: Nodes with figures of their own: those that act most.
MOST_NODES = 6
_LN2 = 0.6931471805599453


def network_comparison_figures(
    tables: Mapping[str, pd.DataFrame], *, palette: Palette = LIGHT
) -> dict[str, go.Figure]:
    """Draw what the tables of a run allow; nothing where it has no network between genes."""
    if not tables.keys() >= _NEEDED or tables["network"].empty:
        return {}
    edges = edges_between_genes(tables["network"])
    return (
        _curves(tables, edges, palette)
        | _scores(tables, palette)
        | _what_if(tables, edges, palette)
    )


def _curves(
    tables: Mapping[str, pd.DataFrame], edges: pd.DataFrame, palette: Palette
) -> dict[str, go.Figure]:
    if "reference_network" not in tables:
        return {}
    truth, genes = tables["reference_network"], tables["network_genes"]
    networks = gene_networks(edges, genes)
    figures = {}
    for kind in ("direct", "total"):
        own = next((name for name in (f"{kind} effect", *networks) if name in networks), None)
        try:
            scored = against_reference(networks, true_network(truth, genes, kind, kind))
        except ConfigError:
            continue  # this truth has no edge between genes of the run
        areas = scored.scores[scored.scores["metric"] == "AUPRC"].set_index("model")["value"]
        figures[f"network_precision_recall_{kind}"] = precision_recall_figure(
            scored.curves, pairs=scored.pairs, edges=scored.edges, stressed=own, areas=areas,
            palette=palette,
        )  # fmt: skip
    return figures


def _scores(tables: Mapping[str, pd.DataFrame], palette: Palette) -> dict[str, go.Figure]:
    if "network_scores" not in tables:
        return {}
    figures = {}
    for reference, rows in tables["network_scores"].groupby("reference", sort=False):
        # Metrics of so many strongest edges have a row of their own.
        for size, own in rows.groupby(rows["metric"].str.partition(", ")[2], sort=False):
            name = re.sub(r"[^a-z0-9]+", "_", f"{reference} {size}".lower()).strip("_")
            figures[f"network_scores_{name}"] = network_score_figure(own, palette=palette)
    return figures


def _what_if(
    tables: Mapping[str, pd.DataFrame], edges: pd.DataFrame, palette: Palette
) -> dict[str, go.Figure]:
    """Draw the nodes that act most, changed as they were in the screen."""
    effects = effects_of(edges, (DIRECT,))
    doses = tables["network_genes"].set_index("gene")["dose"].dropna()
    strength = effects.edges.groupby("source")["effect"].agg(lambda own: own.abs().sum())
    strongest = (strength * doses.abs()).dropna().nlargest(MOST_NODES)
    figures: dict[str, go.Figure] = {}
    # Numbers, not names, in file names: names came with a file.
    for number, gene in enumerate(map(str, strongest.index), start=1):
        figures |= _node(tables, effects, number, {gene: float(doses[gene])}, palette)
    return figures


def _node(
    tables: Mapping[str, pd.DataFrame], effects: Effects, number: int, held: dict[str, float],
    palette: Palette,
) -> dict[str, go.Figure]:  # fmt: skip
    change = propagate(effects.edges, held).change / _LN2
    figures = {f"what_if_{number}_genes": moved_genes_figure(change, held=held, palette=palette)}
    if "responses" in tables:
        responses = tables["responses"]
        own = responses[responses["perturbation"] == next(iter(held))]
        predicted = own["gene"].map(change).astype(float).fillna(0.0)
        if len(own):
            figures[f"what_if_{number}_measured"] = predicted_measured_figure(
                own.assign(x=own["log2_fold_change"], y=predicted), held=held, palette=palette
            )
    for figure in figures.values():
        figure.update_layout(title={"text": _title(held), "font": {"size": 14}}, margin={"t": 56})
    return figures


def _title(held: dict[str, float]) -> str:
    from scdyn_core.plots.text import escaped

    return ", ".join(f"<i>{escaped(gene)}</i> {2 ** (dose / _LN2):.0%}"
                     for gene, dose in held.items())  # fmt: skip
