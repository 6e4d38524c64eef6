"""What a run is about, found from what it holds: where its results are, has it losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.method_words import trains_in_epochs

if TYPE_CHECKING:
    from dashboard._ui.navigation import PageName
    from scdyn_core.runs.run import Run

#: A table that only some runs have -> the page that shows it.
PAGES: dict[str, PageName] = {
    "clusters": "genes",
    "target_matrix": "perturbations",
    "equations": "dynamics",
    "network": "networks",
    "unseen_genes": "rare_cells",
    "arm_comparison": "rare_cells",
    # Any method whose cells were not drawn uniformly writes this one: it says least of a run.
    "sampling_cells": "rare_cells",
    # Runs whose cells have latents and nothing else that has a page of its own.
    "latent": "latent",
}


def results_page(run: Run) -> PageName | None:
    """Return the page that shows what a trained run learned, or what an experiment found.

    ``None`` where no page does: its scores and tables are on the page Runs.
    """
    tables = set(run.tables)
    return next((page for table, page in PAGES.items() if table in tables), None)


def has_losses(run: Run) -> bool:
    """Return whether a run has losses to look at, now or once it trains."""
    from scdyn_core.methods.registry import METHODS

    method = next((one for one in METHODS if one.key == run.spec.method), None)
    return trains_in_epochs(method)
