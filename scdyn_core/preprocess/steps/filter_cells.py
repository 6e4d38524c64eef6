"""Removal of cells of low quality."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.slots import require
from scdyn_core.preprocess.step import Outcome, Step
from scdyn_core.preprocess.thresholds import lower_mad, upper_mad

if TYPE_CHECKING:
    from anndata import AnnData


class FilterCells(Step):
    """Remove cells with few counts, few genes or a high mitochondrial share.

    A threshold left empty is suggested from the data: ``n_mads`` median absolute deviations
    from the median (Germain et al., Genome Biology 2020).
    """

    title: ClassVar[str] = "Filter cells"
    summary: ClassVar[str] = "Removes cells with few counts or genes, or much mitochondrial RNA."

    kind: Literal["filter_cells"] = "filter_cells"
    n_mads: float = Field(
        5.0, ge=1, le=20, description="Median absolute deviations allowed where not set below."
    )
    min_counts: float | None = Field(
        None, ge=0, le=1e9, description="Fewest counts of a cell; empty: suggested from the data."
    )
    min_genes: float | None = Field(
        None, ge=0, le=1e6, description="Fewest genes of a cell; empty: suggested from the data."
    )
    max_mitochondrial: float | None = Field(
        None, ge=0, le=100, description="Largest mitochondrial %; empty: suggested from the data."
    )

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Keep the cells within all three thresholds."""
        require(
            "pct_counts_mt" in adata.obs, self.kind, missing="quality metrics", before="qc_metrics"
        )
        counts, genes, mito = (
            # An empty cell has no share of anything.
            np.nan_to_num(adata.obs[column].to_numpy(dtype=np.float64))
            for column in ("total_counts", "n_genes_by_counts", "pct_counts_mt")
        )
        used = self.model_copy(
            update={
                "min_counts": lower_mad(counts, self.n_mads)
                if self.min_counts is None
                else self.min_counts,
                "min_genes": lower_mad(genes, self.n_mads)
                if self.min_genes is None
                else self.min_genes,
                "max_mitochondrial": min(upper_mad(mito, self.n_mads), 100.0)
                if self.max_mitochondrial is None
                else self.max_mitochondrial,
            }
        )
        few_counts, few_genes = counts < used.min_counts, genes < used.min_genes
        much_mito = mito > used.max_mitochondrial
        keep = ~(few_counts | few_genes | much_mito)
        if not keep.any():
            raise ConfigError(
                f"recipe step {self.kind}",
                found="no cell within the thresholds",
                needed="at least one cell left",
                fix="Loosen the thresholds of this step.",
            )
        return adata[keep].copy(), Outcome(
            message=f"Removed {int((~keep).sum())} of {len(keep)} cells.",
            facts={
                "min counts used": float(used.min_counts or 0),
                "min genes used": float(used.min_genes or 0),
                "max mitochondrial % used": float(used.max_mitochondrial or 0),
                "too few counts": int(few_counts.sum()),
                "too few genes": int(few_genes.sum()),
                "too much mitochondrial": int(much_mito.sum()),
            },
        )
