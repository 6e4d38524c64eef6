"""The views of the page Gene clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui import view_choice
from dashboard._ui.run_tables import table_of

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

KEY = "genes/show"
#: Name in the row -> the views behind it, and the table each needs.
VIEWS: dict[str, dict[str, str | None]] = {
    "Clusters": {"Clusters": "clusters"},
    "Gene": {"Gene": "fitted"},
    "Map": {"Map": "genes"},
    "Heat map": {"Heat map": "fitted"},
    "Groups": {"Groups": "curves"},
    "Gene sets": {"Gene sets": "clusters"},
    "Prediction": {"Prediction": "predictions"},
    "Quality": {
        "Baselines": "baselines",
        "Number of clusters": "choice_of_k",
        "Scores": None,
        "Training": None,
    },
}


def choose_view(run: Run) -> str:
    """Draw the choice of what is shown; the view is in the URL, as ``show``."""
    there = {
        group: [name for name, table in views.items() if _has(run, name, table)]
        for group, views in VIEWS.items()
    }
    return view_choice.choose_view(there, KEY)


def groups_of(run: Run) -> list[str]:
    """Return the levels of the compared column; empty where all cells were taken as one."""
    from scdyn_core.plots.cluster_groups import group_names

    curves = table_of(run, "curves")
    return [] if curves is None else group_names(curves)


def _has(run: Run, view: str, table: str | None) -> bool:
    if view == "Groups":
        return bool(groups_of(run))
    if view == "Training":
        return not run.metrics().empty
    return table is None or table in run.tables
