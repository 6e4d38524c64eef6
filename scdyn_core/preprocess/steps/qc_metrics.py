"""Quality metrics of every cell and gene."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.preprocess.slots import counts_of
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData


class QcMetrics(Step):
    """Counts, genes, mitochondrial and ribosomal share of every cell (scanpy)."""

    title: ClassVar[str] = "Quality metrics"
    summary: ClassVar[str] = (
        "Counts every cell's molecules and genes, and its mitochondrial and ribosomal share."
    )
    needs: ClassVar[tuple[RoleName, ...]] = ("counts",)

    kind: Literal["qc_metrics"] = "qc_metrics"
    mitochondrial_prefix: str = Field(
        "MT-", min_length=1, max_length=20, description="Start of mitochondrial gene names."
    )
    ribosomal_prefixes: tuple[Annotated[str, Field(min_length=1, max_length=20)], ...] = Field(
        ("RPS", "RPL"), max_length=10, description="Starts of ribosomal gene names."
    )

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Add scanpy's QC columns to ``obs`` and ``var``; no cell or gene is removed."""
        import scanpy as sc
        from anndata import AnnData

        names = adata.var_names.str.upper()
        adata.var["mt"] = names.str.startswith(self.mitochondrial_prefix.upper())
        prefixes = tuple(prefix.upper() for prefix in self.ribosomal_prefixes)
        adata.var["ribo"] = names.str.startswith(prefixes) if prefixes else False
        counted = AnnData(X=counts_of(adata, roles, self.kind), var=adata.var[["mt", "ribo"]])
        per_cell, per_gene = sc.pp.calculate_qc_metrics(
            counted, qc_vars=["mt", "ribo"], percent_top=None, inplace=False
        )
        for column in per_cell:
            adata.obs[column] = per_cell[column].to_numpy()
        for column in per_gene:
            adata.var[column] = per_gene[column].to_numpy()
        median = float(adata.obs["total_counts"].median())
        return adata, Outcome(
            message=f"A median cell has {median:.0f} counts "
            f"in {adata.obs['n_genes_by_counts'].median():.0f} genes.",
            facts={
                "median counts": median,
                "median genes": float(adata.obs["n_genes_by_counts"].median()),
                "mitochondrial genes": int(adata.var["mt"].sum()),
                "ribosomal genes": int(adata.var["ribo"].sum()),
                "median mitochondrial %": float(adata.obs["pct_counts_mt"].median()),
            },
        )
