"""The views of the Dynamics page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui import view_choice

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

#: Name in the row -> the views behind it, and the table each needs.
VIEWS: dict[str, dict[str, str | None]] = {
    "Equations": {"Equations": "equations"},
    "Vector field": {"Vector field": "latent"},
    "Trajectories": {"Trajectories": "latent"},
    "What if": {"What if": "latent"},
    "Cell maps": {"Latent map": "latent", "UMAP": "cells"},
    "Gene programs": {"Gene programs": "programs"},
    "Network": {"Network": "equations"},
    "Quality": {"Scores": None, "Cell types": "classifier", "Training": None},
}


def choose_view(run: Run) -> str:
    """Draw the choice of what is shown; the view is in the URL, as ``show``."""
    there = {
        group: [name for name, table in views.items() if table is None or table in run.tables]
        for group, views in VIEWS.items()
    }
    return view_choice.choose_view(there, "show")
