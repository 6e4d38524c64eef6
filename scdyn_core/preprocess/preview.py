"""What a recipe would do, shown at once on some of the cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.preprocess.apply import apply_recipe
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.preprocess.step import StepRecord
from scdyn_core.preprocess.steps.qc_metrics import QcMetrics
from scdyn_core.reporter import Reporter, SilentReporter

if TYPE_CHECKING:
    from anndata import AnnData

#: obs column of scanpy -> column of the tables.
_CELL_COLUMNS = {
    "total_counts": "counts",
    "n_genes_by_counts": "genes",
    "pct_counts_mt": "mitochondrial_percent",
    "pct_counts_ribo": "ribosomal_percent",
    "doublet_score": "doublet_score",
    "velocity_confidence": "velocity_confidence",
}
#: var column of scanpy, for either flavour of variable genes -> column of the table.
_GENE_COLUMNS = {
    "highly_variable": "highly_variable",
    "means": "mean",
    "dispersions": "dispersion",
    "dispersions_norm": "dispersion_normalised",
    "variances": "variance",
    "variances_norm": "variance_normalised",
    "velocity_genes": "velocity_gene",
}
_MAPS = {"X_pca": "pca", "X_umap": "umap", "velocity_umap": "velocity_umap"}


@dataclass(frozen=True)
class Preview:
    """A recipe applied to some cells.

    Attributes
    ----------
    cells_used, cells_total
        How many cells the preview is drawn from.
    records
        What every step did to these cells.
    before
        One row a cell: ``cell``, roles of obs, QC values from the raw counts, and ``kept``:
        whether the cell is still there afterwards.
    after
        One row a cell (or window): ``cell``, roles of obs, QC values, ``pca_1``, ``pca_2``,
        ``umap_1``, ``umap_2``, ``velocity_umap_1``, ``velocity_umap_2`` where computed.
    genes
        One row a gene that is left: ``gene``, and mean, dispersion or variance and
        ``highly_variable`` where computed.
    """

    cells_used: int
    cells_total: int
    records: tuple[StepRecord, ...]
    before: pd.DataFrame
    after: pd.DataFrame
    genes: pd.DataFrame


def preview(
    dataset: Dataset,
    recipe: Recipe,
    n_cells: int = 1000,
    seed: int = 0,
    reporter: Reporter | None = None,
) -> Preview:
    """Apply ``recipe`` to at most ``n_cells`` random cells of ``dataset``.

    Thresholds on counts over all cells (shared counts, cells of a gene) remove more genes
    here than in full, because there are fewer cells.

    Raises
    ------
    ConfigError
        As ``prepare``.
    """
    recipe.check(dataset.roles)
    total = dataset.adata.n_obs
    chosen = np.random.default_rng(seed).permutation(total)[:n_cells]
    sample = dataset.adata[np.sort(chosen)].copy()
    roles = dataset.roles
    measured = sample
    if roles.counts is not None or roles.spliced is not None:
        measured, _ = QcMetrics().apply(sample.copy(), roles, seed)
    adata, new_roles, records = apply_recipe(sample, roles, recipe, reporter or SilentReporter())
    before = cell_table(measured, roles)
    before["kept"] = measured.obs_names.isin(adata.obs_names)
    return Preview(
        cells_used=sample.n_obs,
        cells_total=total,
        records=records,
        before=before,
        after=cell_table(adata, new_roles),
        genes=gene_table(adata),
    )


def gene_table(adata: AnnData) -> pd.DataFrame:
    """Return one row a gene: ``gene``, mean and variability where computed."""
    return _renamed(adata.var, _GENE_COLUMNS, "gene")


def cell_table(adata: AnnData, roles: Roles) -> pd.DataFrame:
    """Return one row a cell: ``cell``, roles of obs, QC values and maps where computed."""
    table = _renamed(adata.obs, _CELL_COLUMNS, "cell")
    for role in ("cell_type", "batch", "condition", "perturbation", "time", "pseudotime"):
        column = getattr(roles, role)
        if column is not None and column in adata.obs:
            table[role] = adata.obs[column].to_numpy()
    for slot, name in _MAPS.items():
        if slot in adata.obsm:
            table[f"{name}_1"], table[f"{name}_2"] = np.asarray(adata.obsm[slot])[:, :2].T
    return table


def _renamed(table: pd.DataFrame, columns: Mapping[str, str], index: str) -> pd.DataFrame:
    present = {old: new for old, new in columns.items() if old in table}
    chosen = table[list(present)].rename(columns=present)
    chosen.insert(0, index, table.index.astype(str))
    return chosen.reset_index(drop=True)
