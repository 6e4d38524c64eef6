"""Perturbations: which programs each perturbation moves, and whether to believe it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.perturbations_cells import show_cells
from dashboard._ui.perturbations_choice import titled_choice
from dashboard._ui.perturbations_held_out import show_held_out
from dashboard._ui.perturbations_map import show_map, show_tree
from dashboard._ui.perturbations_one import show_perturbation
from dashboard._ui.perturbations_prediction import show_prediction
from dashboard._ui.perturbations_quality import show_sparsity, show_stability, show_truth
from dashboard._ui.perturbations_ranking import show_ranking
from dashboard._ui.perturbations_screen import show_screen
from dashboard._ui.perturbations_targets import show_targets
from dashboard._ui.perturbations_verdict import show_screen_verdict
from dashboard._ui.perturbations_views import choose_view
from dashboard._ui.run_stale import show_stale
from dashboard._ui.run_tables import table_of
from dashboard._ui.run_verdict import show_cautions
from dashboard._ui.runs_detail import show_losses, show_scores

if TYPE_CHECKING:
    from collections.abc import Callable

    from scdyn_core.runs.run import Run

SHOWN: dict[str, Callable[[Run], None]] = {
    "Targets": show_targets,
    "Perturbation": show_perturbation,
    "Map": show_map,
    "Tree": show_tree,
    "Cells": show_cells,
    "Ranking": show_ranking,
    "Screen": show_screen,
    "Prediction": show_prediction,
    "Held out": show_held_out,
    "Sparsity": show_sparsity,
    "Stability": show_stability,
    "Truth": show_truth,
    "Scores": show_scores,
    "Training": show_losses,
}

run = titled_choice("Perturbations")
show_stale(run)
show_screen_verdict(run)
show_cautions(table_of(run, "cautions"))
SHOWN[choose_view(run)](run)
