"""Removal of genes seen in too few cells."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.slots import counts_of
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData


class FilterGenes(Step):
    """Remove genes counted in few cells (scanpy)."""

    title: ClassVar[str] = "Filter genes"
    summary: ClassVar[str] = "Removes genes that are counted in too few cells to say anything."
    needs: ClassVar[tuple[RoleName, ...]] = ("counts",)

    kind: Literal["filter_genes"] = "filter_genes"
    min_cells: int | None = Field(
        None,
        ge=0,
        le=10**9,
        description="Fewest cells of a gene; empty: 0.1% of the cells, at least 3.",
    )
    min_counts: int = Field(
        0, ge=0, le=10**9, description="Fewest counts of a gene over all cells."
    )

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Keep the genes within both thresholds."""
        import scanpy as sc

        counts = counts_of(adata, roles, self.kind)
        suggested = max(3, ceil(0.001 * adata.n_obs))
        min_cells = suggested if self.min_cells is None else self.min_cells
        in_cells, _ = sc.pp.filter_genes(counts, min_cells=min_cells, inplace=False)
        in_counts, _ = sc.pp.filter_genes(counts, min_counts=self.min_counts, inplace=False)
        keep = np.asarray(in_cells) & np.asarray(in_counts)
        if not keep.any():
            raise ConfigError(
                f"recipe step {self.kind}",
                found="no gene within the thresholds",
                needed="at least one gene left",
                fix="Loosen the thresholds of this step.",
            )
        return adata[:, keep].copy(), Outcome(
            message=f"Removed {int((~keep).sum())} of {len(keep)} genes.",
            facts={"min cells used": min_cells, "min counts used": self.min_counts},
        )
