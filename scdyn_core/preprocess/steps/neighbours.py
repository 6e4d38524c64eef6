"""Nearest neighbours of every cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from scdyn_core.data.roles import Roles
from scdyn_core.preprocess.quiet import quiet_scanpy
from scdyn_core.preprocess.slots import require
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData


class Neighbours(Step):
    """Graph of nearest neighbours among the principal components (scanpy)."""

    title: ClassVar[str] = "Neighbours"
    summary: ClassVar[str] = "Connects every cell with the cells most like it."

    kind: Literal["neighbours"] = "neighbours"
    n_neighbours: int = Field(30, ge=2, le=500, description="Neighbours of a cell.")
    n_components: int | None = Field(
        None, ge=1, le=500, description="Principal components to use; empty: all that there are."
    )

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Fill ``obsp["distances"]`` and ``obsp["connectivities"]``."""
        import scanpy as sc

        require("X_pca" in adata.obsm, self.kind, missing="principal components", before="pca")
        available = adata.obsm["X_pca"].shape[1]
        n_neighbours = min(self.n_neighbours, adata.n_obs - 1)
        n_components = min(self.n_components or available, available)
        with quiet_scanpy():
            sc.pp.neighbors(
                adata,
                n_neighbors=n_neighbours,
                n_pcs=n_components,
                use_rep="X_pca",
                random_state=seed,
            )
        return adata, Outcome(
            message=f"Connected every cell with {n_neighbours} neighbours.",
            facts={"neighbours": n_neighbours, "components used": n_components},
        )
