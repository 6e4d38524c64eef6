"""The views of the page Perturbations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui import view_choice

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

KEY = "perturbations/show"
#: Name in the row -> the views behind it, and the table each needs.
VIEWS: dict[str, dict[str, str | None]] = {
    "Targets": {"Targets": "target_matrix"},
    "Perturbation": {"Perturbation": "perturbations"},
    "Map": {"Map": "similarity_map", "Tree": "similarity"},
    "Cells": {"Cells": "cells"},
    "Ranking": {"Ranking": "perturbations", "Screen": "perturbations"},
    "Prediction": {"Prediction": "prediction_scores"},
    "Held out": {"Held out": None},
    "Quality": {
        "Sparsity": "sparsity_path",
        "Stability": "targets",
        "Truth": "truth",
        "Scores": None,
        "Training": None,
    },
}


def choose_view(run: Run) -> str:
    """Draw the choice of what is shown; the view is in the URL, as ``show``."""
    tables = run.tables
    there = {
        group: [
            name
            for name, table in views.items()
            if (table is None or table in tables)
            and (name != "Training" or not run.metrics().empty)
        ]
        for group, views in VIEWS.items()
    }
    return view_choice.choose_view(there, KEY)
