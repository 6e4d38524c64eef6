"""What a run knows of the genes of its network: expression, doses, and responses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.perturbations_tables import rows_of
from dashboard._ui.run_tables import table_of

if TYPE_CHECKING:
    import pandas as pd

    from dashboard._ui.network_choice import Shown
    from scdyn_core.runs.run import Run

#: Column of the facts -> what it means.
MEANINGS = {
    "node": "was perturbed, so that edges can leave it",
    "measured": "is among the genes measured, so that edges can enter it",
    "dose": "log change of the gene itself in cells in which it was perturbed",
    "dose_known": "whether the dose was measured; it is assumed otherwise",
    "control": "mean log-normalised expression in control cells",
}


def facts_of(shown: Shown) -> pd.DataFrame | None:
    """Return one row a gene, indexed by its name (never change it)."""
    if shown.run is None or "network_genes" not in shown.run.tables:
        return None
    file = shown.run.table_file("network_genes")
    return _facts(shown.run.path, file.stat().st_mtime_ns)


def perturbations_of(shown: Shown) -> list[str]:
    """Return the perturbations whose responses the run knows."""
    if shown.run is None or "responses" not in shown.run.tables:
        return []
    changed = shown.run.table_file("responses").stat().st_mtime_ns
    return _causes(shown.run.path, changed)


def responses_to(shown: Shown, cause: str) -> pd.DataFrame:
    """Return how every gene responds to a perturbation."""
    assert shown.run is not None
    return rows_of(shown.run, "responses", "perturbation", cause)


def responses_of(shown: Shown, gene: str) -> pd.DataFrame:
    """Return how a gene responds to every perturbation."""
    assert shown.run is not None
    return rows_of(shown.run, "responses", "gene", gene)


def has_perturbation_page(run: Run) -> bool:
    """Return whether the page Perturbations shows this run."""
    return not {"target_matrix", "perturbations"}.isdisjoint(run.tables)


@st.cache_resource(max_entries=20, show_spinner=False)
def _facts(path: Path, changed: int) -> pd.DataFrame:
    from scdyn_core.runs.run import Run

    frame = table_of(Run.open(path), "network_genes")
    assert frame is not None
    return frame.drop_duplicates("gene").set_index("gene")


@st.cache_resource(max_entries=20, show_spinner=False)
def _causes(path: Path, changed: int) -> list[str]:
    from pyarrow import parquet

    from scdyn_core.runs.run import Run

    file = Run.open(path).table_file("responses")
    read = parquet.read_table(
        file, columns=["perturbation"], read_dictionary=["perturbation"], partitioning=None
    )
    found = {name for each in read["perturbation"].chunks for name in each.unique().to_pylist()}
    return sorted(map(str, found))
