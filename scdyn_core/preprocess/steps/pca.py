"""Principal components."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData


class Pca(Step):
    """Principal components of ``X`` over the highly variable genes where marked (scanpy)."""

    title: ClassVar[str] = "Principal components"
    summary: ClassVar[str] = "Summarises the cells by the directions in which they vary most."

    kind: Literal["pca"] = "pca"
    n_components: int = Field(30, ge=2, le=500, description="How many components to keep.")

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Fill ``obsm["X_pca"]``."""
        import scanpy as sc

        marked = "highly_variable" in adata.var
        n_genes = int(adata.var["highly_variable"].sum()) if marked else adata.n_vars
        n_components = min(self.n_components, n_genes - 1, adata.n_obs - 1)
        if n_components < 1:
            raise ConfigError(
                f"recipe step {self.kind}",
                found=f"{adata.n_obs} cells and {n_genes} genes",
                needed="at least two of both",
                fix="Loosen the filters before this step.",
            )
        sc.pp.pca(
            adata,
            n_comps=n_components,
            mask_var="highly_variable" if marked else None,
            random_state=seed,
        )
        explained = float(adata.uns["pca"]["variance_ratio"].sum())
        return adata, Outcome(
            message=f"{n_components} components hold {explained:.0%} of the variance "
            f"of {n_genes} genes.",
            facts={"components": n_components, "variance explained": explained},
        )
