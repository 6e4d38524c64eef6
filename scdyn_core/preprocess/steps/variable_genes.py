"""The genes that vary more between cells than genes of their abundance do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from scdyn_core.data.roles import Roles
from scdyn_core.preprocess.quiet import quiet_scanpy
from scdyn_core.preprocess.slots import counts_of
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData


class VariableGenes(Step):
    """Mark highly variable genes (scanpy)."""

    title: ClassVar[str] = "Variable genes"
    summary: ClassVar[str] = "Marks the genes that vary most between cells."

    kind: Literal["variable_genes"] = "variable_genes"
    flavour: Literal["seurat", "seurat_v3"] = Field(
        "seurat",
        description="How variation is measured: seurat by the dispersion of log values, seurat_v3 "
        "by the variance of raw counts.",
    )
    n_top: int = Field(2000, ge=1, le=50_000, description="How many genes to mark.")
    subset: bool = Field(False, description="Remove the genes that are not marked.")

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Fill ``var.highly_variable`` and the statistics it rests on."""
        import scanpy as sc
        from anndata import AnnData

        from_counts = self.flavour == "seurat_v3"
        values = AnnData(
            X=counts_of(adata, roles, self.kind) if from_counts else adata.X,
            var=adata.var[[]],
            uns={} if from_counts else {"log1p": adata.uns.get("log1p", {"base": None})},
        )
        n_top = min(self.n_top, adata.n_vars)
        with quiet_scanpy():
            sc.pp.highly_variable_genes(values, n_top_genes=n_top, flavor=self.flavour)
        for column in values.var:
            adata.var[column] = values.var[column]
        marked = adata.var["highly_variable"].to_numpy(dtype=bool)
        action = "Kept" if self.subset else "Marked"
        return (adata[:, marked].copy() if self.subset else adata), Outcome(
            message=f"{action} {int(marked.sum())} of {len(marked)} genes as highly variable.",
            facts={"highly variable genes": int(marked.sum())},
        )
