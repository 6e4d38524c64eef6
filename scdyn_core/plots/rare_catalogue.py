"""Figures of who was drawn, and of responses never seen gene by gene, by file name."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.rare_never_drawn import never_drawn_by_type, never_drawn_figure
from scdyn_core.plots.rare_response import gene_changes, predicted_genes_figure, response_figure
from scdyn_core.plots.rare_type_mass import type_mass_figure, type_masses
from scdyn_core.plots.rare_weight_map import map_columns, weight_map_figure

#: A largest weight up to this, in times the uniform one, is uniform but for rounding.
EVEN = 1.001
#: Held-out types whose genes are drawn.
MOST_TYPES = 12


def rare_figures(
    tables: Mapping[str, pd.DataFrame], *, palette: Palette = LIGHT
) -> dict[str, go.Figure]:
    """Draw what the tables allow; the weights only where not all are equal."""
    return {**_weights(tables, palette), **_responses(tables, palette)}


def _weights(tables: Mapping[str, pd.DataFrame], palette: Palette) -> dict[str, go.Figure]:
    cells = tables.get("sampling_cells")
    if cells is None or not (cells["weight"] > EVEN).any():
        return {}
    first, figures = cells[cells["replicate"] == cells["replicate"].min()], {}
    if map_columns(first) is not None:
        figures["weights"] = weight_map_figure(first, palette=palette)
    if "sampling_mass" in tables:
        masses = type_masses(tables["sampling_mass"])
        figures["type_mass"] = type_mass_figure(masses, palette=palette)
    if "cell_type" in first and (first["draws"] == 0).any():
        figures["never_drawn"] = never_drawn_figure(never_drawn_by_type(first), palette=palette)
    return figures


def _responses(tables: Mapping[str, pd.DataFrame], palette: Palette) -> dict[str, go.Figure]:
    genes = tables.get("unseen_genes")
    if genes is None or genes.empty:
        return {}
    figures = {}
    arm, predictor = genes["arm"].iloc[0], genes["predictor"].iloc[0]
    own = genes[(genes["arm"] == arm) & (genes["predictor"] == predictor)]
    for number, (_, rows) in enumerate(own.groupby("held_out", sort=False, observed=True), start=1):
        if number > MOST_TYPES:
            break
        changes = gene_changes(rows)
        seen = changes["observed_change"].notna().any()
        draw = response_figure if seen else predicted_genes_figure
        figures[f"unseen_response_{number}"] = draw(changes, palette=palette)
    return figures
