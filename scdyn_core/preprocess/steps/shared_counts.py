"""Removal of genes with too few counts in cells that have both forms of their transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.quiet import quiet_scvelo
from scdyn_core.preprocess.slots import role_layer
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData


class SharedCounts(Step):
    """Keep genes with enough counts where spliced and unspliced are both seen (scVelo)."""

    title: ClassVar[str] = "Shared counts"
    summary: ClassVar[str] = "Removes genes whose unspliced and spliced forms are rarely seen."
    needs: ClassVar[tuple[RoleName, ...]] = ("spliced", "unspliced")

    kind: Literal["shared_counts"] = "shared_counts"
    min_shared_counts: int = Field(
        20,
        ge=0,
        le=10**9,
        description="Fewest counts of a gene in cells where both forms are counted.",
    )

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Keep the genes with enough shared counts."""
        from anndata import AnnData

        counted = AnnData(
            X=adata.layers[role_layer(roles, "spliced", self.kind)],
            var=adata.var[[]],
            layers={role: adata.layers[role_layer(roles, role, self.kind)] for role in self.needs},
        )
        with quiet_scvelo() as scv:
            scv.pp.filter_genes(counted, min_shared_counts=self.min_shared_counts)
        if counted.n_vars == 0:
            raise ConfigError(
                f"recipe step {self.kind}",
                found=f"no gene with {self.min_shared_counts} shared counts",
                needed="at least one gene left",
                fix="Lower min_shared_counts.",
            )
        removed = adata.n_vars - counted.n_vars
        return adata[:, counted.var_names].copy(), Outcome(
            message=f"Removed {removed} of {adata.n_vars} genes.",
            facts={"min shared counts used": self.min_shared_counts},
        )
