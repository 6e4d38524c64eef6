"""A map of the cells in two dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from scdyn_core.data.roles import Roles
from scdyn_core.preprocess.quiet import quiet_scanpy
from scdyn_core.preprocess.slots import require
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData


class Umap(Step):
    """UMAP of the neighbour graph (McInnes et al. 2018, through scanpy)."""

    title: ClassVar[str] = "UMAP"
    summary: ClassVar[str] = "Draws the cells on a flat map; for looking at, not for measuring."

    kind: Literal["umap"] = "umap"
    min_dist: float = Field(
        0.5, ge=0, le=2, description="How close points may lie; smaller gives denser clumps."
    )
    spread: float = Field(1.0, gt=0, le=10, description="Scale of the map.")

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Fill ``obsm["X_umap"]``."""
        import scanpy as sc

        require("neighbors" in adata.uns, self.kind, missing="neighbours", before="neighbours")
        with quiet_scanpy():
            sc.tl.umap(adata, min_dist=self.min_dist, spread=self.spread, random_state=seed)
        return adata, Outcome(message=f"Placed {adata.n_obs} cells on the map.")
