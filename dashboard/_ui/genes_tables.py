"""Rows of one clustering joined with what is known of its genes: for tables, maps and CSVs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.run_tables import columns_of, table_of

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.plots.cluster_choice import ClusterChoice
    from scdyn_core.runs.run import Run

#: What a table of genes says of each, after its cluster.
STATISTICS = ("change", "onset_time", "peak_time", "half_life", "level", "se", "part",
              "class_true")  # fmt: skip


def needed(run: Run, name: str) -> pd.DataFrame:
    """Return a table that every run with clusters has (never change it)."""
    frame = table_of(run, name)
    assert frame is not None, f"a run with clusters has the table {name}"
    return frame


def of_choice(run: Run, name: str, choice: ClusterChoice) -> pd.DataFrame:
    """Return the rows of one clustering of a table that has several."""
    return choice.rows(needed(run, name))


def genes_of_choice(run: Run, choice: ClusterChoice) -> pd.DataFrame:
    """Return one row a gene: cluster, membership, stability and the gene's statistics."""
    genes = needed(run, "genes")
    known = [name for name in STATISTICS if name in genes]
    clusters = of_choice(run, "clusters", choice)
    rows = clusters.merge(genes[["gene", *known]], on="gene", how="left", validate="one_to_one")
    rows = rows.sort_values(["cluster", "membership"], ascending=[True, False], ignore_index=True)
    return rows.dropna(axis="columns", how="all")


def meanings(run: Run) -> dict[str, str]:
    """Return what the columns of genes and clusters mean."""
    tables = ("genes", "clusters", "cluster_summary")
    return {
        name: meaning
        for table in tables
        for name, meaning in columns_of(needed(run, table)).items()
    }


def file_name(name: str, choice: ClusterChoice) -> str:
    """Return the name of a download that belongs to one clustering."""
    return f"{name}_{choice.algorithm.replace(' ', '_').lower()}_{choice.k}"
