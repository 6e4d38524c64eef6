"""The views of the page Gene networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui import view_choice

if TYPE_CHECKING:
    from dashboard._ui.network_choice import Shown

KEY = "networks/show"
#: Views that need a run, and the table each reads; ``None`` where every run will do.
OF_RUNS: dict[str, dict[str, str | None]] = {
    "Compare": {"Compare": None},
    "What if": {"What if": None},
    "Quality": {"Scores": None, "Training": None},
}


def choose_view(shown: Shown) -> str:
    """Draw the choice of what is shown; the view is in the URL, as ``show``."""
    there = {"Network": ["Network"], **_of_run(shown), "Edges": ["Edges"], "Genes": ["Genes"]}
    there["Quality"] = there.pop("Quality", [])
    return view_choice.choose_view(there, KEY)


def _of_run(shown: Shown) -> dict[str, list[str]]:
    if shown.run is None:
        return {"What if": ["What if"]}
    run, tables = shown.run, shown.run.tables
    return {
        group: [
            name
            for name, table in views.items()
            if (table is None or table in tables)
            and (name != "Training" or not run.metrics().empty)
        ]
        for group, views in OF_RUNS.items()
    }
