"""Every figure of a run on a perturbation screen, by file name."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.evaluation.perturbation.false_positives import false_positives
from scdyn_core.plots.palette import LIGHT, Palette
from scdyn_core.plots.perturbation_cells import (
    perturbation_cells_figure,
    perturbation_cells_grid_figure,
)
from scdyn_core.plots.perturbation_edges import (
    MOST_EDGES,
    outgoing_edges,
    outgoing_edges_figure,
)
from scdyn_core.plots.perturbation_held_out import held_out_figure
from scdyn_core.plots.perturbation_latent_genes import latent_genes_figure
from scdyn_core.plots.perturbation_latent_maps import MOST_PANELS, latent_map_figure
from scdyn_core.plots.perturbation_looks import CONTROLS
from scdyn_core.plots.perturbation_map import perturbation_map_figure
from scdyn_core.plots.perturbation_nulls import null_prediction_figure, unseen
from scdyn_core.plots.perturbation_prediction import predicted_change_figure
from scdyn_core.plots.perturbation_ranking import effect_ranking_figure
from scdyn_core.plots.perturbation_score_ranking import score_ranking_figure
from scdyn_core.plots.perturbation_scores import better_of
from scdyn_core.plots.perturbation_screen import screen_quality_figure
from scdyn_core.plots.perturbation_shift import perturbation_shift_figure
from scdyn_core.plots.perturbation_sparsity import sparsity_path_figure
from scdyn_core.plots.perturbation_suite import prediction_suite_figure
from scdyn_core.plots.perturbation_tree import MEASURES, MOST_SHOWN, perturbation_tree_figure
from scdyn_core.plots.target_matrix import target_matrix_figure
from scdyn_core.plots.target_recovery import target_recovery_figure
from scdyn_core.plots.volcano import volcano_figure

#: Perturbations with figures of their own, the strongest; latents with one each.
MOST_PERTURBATIONS, MOST_LATENTS = 6, 12
#: Tables of a run that tells which latents a perturbation shifts.
_OF_LATENTS = {"targets", "target_matrix", "latents"}


def perturbation_figures(
    tables: Mapping[str, pd.DataFrame], *, palette: Palette = LIGHT
) -> dict[str, go.Figure]:
    """Draw what the tables of a run allow; nothing where it is no run on a screen."""
    if "perturbations" not in tables or tables["perturbations"].empty:
        return {}
    own = tables["perturbations"]
    controls = own.loc[own["kind"].isin(CONTROLS), "perturbation"].astype(str).tolist()
    treated = own[~own["kind"].isin(CONTROLS)]
    strongest = treated.nlargest(MOST_PERTURBATIONS, "e_distance")["perturbation"].tolist()
    figures = {
        "screen_quality": screen_quality_figure(own, palette=palette),
        "perturbation_ranking": effect_ranking_figure(own, palette=palette),
    }
    if tables.keys() >= _OF_LATENTS:
        figures |= _targets(tables, strongest, palette)
        figures |= _latents(tables, palette)
    if "network" in tables:
        figures |= _edges(tables["network"], strongest, palette)
    figures |= _similarities(tables, treated, palette)
    figures |= _cells(tables, strongest, controls, palette)
    figures |= _responses(tables, strongest, palette)
    figures |= _predictions(tables, palette)
    if "sparsity_path" in tables and len(tables["sparsity_path"]):
        figures["sparsity_path"] = sparsity_path_figure(
            tables["sparsity_path"], own, palette=palette
        )
    if "held_out" in tables and len(tables["held_out"]):
        figures["held_out"] = held_out_figure(tables["held_out"], palette=palette)
    if "truth" in tables and len(tables["truth"]):
        figures["target_recovery"] = target_recovery_figure(tables["truth"], palette=palette)
    return figures


def _targets(
    tables: Mapping[str, pd.DataFrame], strongest: list[str], palette: Palette
) -> dict[str, go.Figure]:
    figures = {
        "target_matrix": target_matrix_figure(
            tables["target_matrix"], tables["targets"], tables["perturbations"],
            latents=tables["latents"], true_targets=tables.get("true_targets"), palette=palette,
        )
    }  # fmt: skip
    # Numbers, not names, in file names: names came with a file.
    return figures | {
        f"perturbation_shift_{number}": perturbation_shift_figure(
            tables["targets"], name, palette=palette
        )
        for number, name in enumerate(strongest, start=1)
    }


def _edges(network: pd.DataFrame, strongest: list[str], palette: Palette) -> dict[str, go.Figure]:
    figures: dict[str, go.Figure] = {}
    for number, name in enumerate(strongest, start=1):
        edges = outgoing_edges(network[network["source"].isin(name.split("+"))])
        if len(edges):
            figures[f"perturbation_edges_{number}"] = outgoing_edges_figure(
                edges.head(MOST_EDGES), palette=palette
            )
    return figures


def _latents(tables: Mapping[str, pd.DataFrame], palette: Palette) -> dict[str, go.Figure]:
    if "latent_genes" not in tables:
        return {}
    serving = tables["latents"].sort_values("perturbations_on", ascending=False, kind="stable")
    numbers = [int(number) for number in serving["latent"].head(MOST_LATENTS)]
    return {
        f"latent_{number}_genes": latent_genes_figure(
            tables["latent_genes"], number, palette=palette
        )
        for number in numbers
    }


def _similarities(
    tables: Mapping[str, pd.DataFrame], treated: pd.DataFrame, palette: Palette
) -> dict[str, go.Figure]:
    figures = {}
    if "similarity_map" in tables and len(tables["similarity_map"]):
        figures["perturbation_map"] = perturbation_map_figure(
            tables["similarity_map"], tables["perturbations"], palette=palette
        )
    if "similarity" in tables:
        similarity = tables["similarity"]
        for measure in [name for name in MEASURES if name in similarity]:
            known = set(similarity.loc[similarity[measure].notna(), "perturbation_a"])
            shown = treated[treated["perturbation"].isin(known)].nlargest(MOST_SHOWN, "e_distance")
            figures[f"perturbation_tree_{measure}"] = perturbation_tree_figure(
                similarity, measure=measure, shown=shown["perturbation"].tolist(), palette=palette
            )
    return figures


def _cells(
    tables: Mapping[str, pd.DataFrame], strongest: list[str], controls: list[str], palette: Palette
) -> dict[str, go.Figure]:
    cells = tables.get("cells")
    if cells is None or not {"umap_1", "umap_2"} <= set(cells.columns):
        return {}
    figures = {
        f"perturbation_cells_{number}": perturbation_cells_figure(
            cells, name, controls, palette=palette
        )
        for number, name in enumerate(strongest, start=1)
    }
    figures["perturbation_cells"] = perturbation_cells_grid_figure(
        cells, strongest, controls, palette=palette
    )
    if tables.keys() >= {"latent", "latents"}:
        numbers = sorted(int(number) for number in tables["latents"]["latent"])[:MOST_PANELS]
        figures["latent_maps"] = latent_map_figure(
            cells, tables["latent"], numbers, palette=palette
        )  # fmt: skip
    return figures


def _responses(
    tables: Mapping[str, pd.DataFrame], strongest: list[str], palette: Palette
) -> dict[str, go.Figure]:
    if "responses" not in tables:
        return {}
    responses, scores = tables["responses"], tables.get("prediction_scores")
    figures = {}
    for number, name in enumerate(strongest, start=1):
        rows = responses[responses["perturbation"] == name]
        figures[f"volcano_{number}"] = volcano_figure(rows, name, palette=palette)
        figures[f"predicted_change_{number}"] = predicted_change_figure(
            rows, name, scores=scores, palette=palette
        )
    return figures


def _predictions(tables: Mapping[str, pd.DataFrame], palette: Palette) -> dict[str, go.Figure]:
    scores, calibration = tables.get("prediction_scores"), tables.get("calibration")
    if scores is None:
        return {}
    own, figures = tables["perturbations"], {}
    for task in dict.fromkeys(scores["task"].astype(str)):
        name = task.replace(" ", "_")
        figures[f"prediction_suite_{name}"] = prediction_suite_figure(
            scores, calibration, own, task=task, palette=palette
        )
        errors = false_positives(scores, own.loc[unseen(own), "perturbation"].astype(str), task)
        if len(errors):
            figures[f"false_positives_{name}"] = null_prediction_figure(errors, palette=palette)
        for metric in dict.fromkeys(scores.loc[scores["task"] == task, "metric"].astype(str)):
            headline = calibration is None or calibration.loc[
                calibration["metric"] == metric, "headline"
            ].any()  # fmt: skip
            if headline:
                figures[f"prediction_ranking_{name}_{metric.replace(' ', '_')}"] = (
                    score_ranking_figure(
                        scores, metric, task=task, better=better_of(metric, calibration),
                        perturbations=own, palette=palette,
                    )
                )  # fmt: skip
    return figures
