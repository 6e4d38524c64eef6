"""The views of the page Perturbations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui import view_choice
from dashboard._ui.perturbations_tables import has_map

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

KEY = "perturbations/show"
#: Name in the row -> the views behind it, and the tables of which each needs one.
VIEWS: dict[str, dict[str, tuple[str, ...]]] = {
    "Targets": {"Targets": ("target_matrix",)},
    "Perturbation": {"Perturbation": ("perturbations",)},
    "Map": {"Map": ("similarity_map",), "Tree": ("similarity",)},
    "Cells": {"Cells": ("cells",)},
    "Ranking": {"Ranking": ("perturbations",), "Screen": ("perturbations",)},
    "Prediction": {"Prediction": ("prediction_scores",)},
    # Where latents are found by adapting, the view says how to get it.
    "Held out": {"Held out": ("held_out", "target_matrix")},
    "Quality": {
        "Sparsity": ("sparsity_path",),
        "Stability": ("targets",),
        "Truth": ("truth",),
        "Scores": (),
        "Training": (),
    },
}


def choose_view(run: Run) -> str:
    """Draw the choice of what is shown; the view is in the URL, as ``show``."""
    tables = run.tables
    there = {
        group: [
            name
            for name, needed in views.items()
            if (not needed or not set(needed).isdisjoint(tables))
            and (name != "Training" or not run.metrics().empty)
            and (name != "Cells" or has_map(run))
        ]
        for group, views in VIEWS.items()
    }
    return view_choice.choose_view(there, KEY)
