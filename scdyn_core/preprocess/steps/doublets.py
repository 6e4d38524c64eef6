"""Scores of cells that look like two cells in one droplet."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.quiet import quiet_scanpy
from scdyn_core.preprocess.slots import counts_of, float_copy
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData


class Doublets(Step):
    """Doublet score of every cell (Scrublet: Wolock et al., Cell Systems 2019)."""

    title: ClassVar[str] = "Doublet scores"
    summary: ClassVar[str] = "Scores how much each cell looks like two cells measured as one."
    needs: ClassVar[tuple[RoleName, ...]] = ("counts",)

    kind: Literal["doublets"] = "doublets"
    expected_rate: float = Field(
        0.05, gt=0, lt=0.5, description="Share of doublets expected from the experiment."
    )
    threshold: float | None = Field(
        None, ge=0, le=1, description="Score above which a cell is a doublet; empty: found."
    )
    remove: bool = Field(False, description="Remove the cells that count as doublets.")

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Add ``doublet_score`` and ``predicted_doublet`` to ``obs``."""
        import scanpy as sc
        from anndata import AnnData

        counted = AnnData(
            X=float_copy(counts_of(adata, roles, self.kind)), obs=adata.obs[[]], var=adata.var[[]]
        )
        with quiet_scanpy():
            n_components = min(30, _n_variable_genes(counted) - 1, adata.n_obs - 1)
            if n_components < 2:
                raise ConfigError(
                    f"recipe step {self.kind}",
                    found=f"{adata.n_obs} cells with {n_components + 1} variable genes",
                    needed="at least 3 of both",
                    fix="Put this step before the filters, or leave it out.",
                )
            sc.pp.scrublet(
                counted,
                expected_doublet_rate=self.expected_rate,
                threshold=self.threshold,
                n_prin_comps=n_components,
                random_state=seed,
                verbose=False,
            )
        adata.obs["doublet_score"] = counted.obs["doublet_score"].to_numpy(dtype=np.float64)
        # Cells with almost no genes are not scored, and no cell is called without a threshold.
        doublet = counted.obs["predicted_doublet"].eq(True).to_numpy(dtype=bool)
        adata.obs["predicted_doublet"] = doublet
        threshold = counted.uns["scrublet"].get("threshold")
        action = "Removed" if self.remove else "Marked"
        message = f"{action} {int(doublet.sum())} of {len(doublet)} cells as doublets."
        if threshold is None:
            message = "The scores show no threshold between single cells and doublets."
        facts: dict[str, float | int | str] = {
            "doublets": int(doublet.sum()),
            "median score": float(np.nanmedian(adata.obs["doublet_score"])),
            "threshold used": "none found" if threshold is None else float(threshold),
        }
        return (adata[~doublet].copy() if self.remove else adata), Outcome(
            message=message, facts=facts
        )


def _n_variable_genes(counted: AnnData) -> int:
    """Count the genes that Scrublet will choose, which bound its components."""
    import scanpy as sc

    values = counted.copy()
    sc.pp.filter_genes(values, min_cells=3)
    sc.pp.filter_cells(values, min_genes=3)
    if 0 in values.shape:
        return 0
    sc.pp.normalize_total(values)
    sc.pp.log1p(values)
    sc.pp.highly_variable_genes(values)
    return int(values.var["highly_variable"].sum())
