"""Spliced and unspliced values averaged over neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.preprocess.quiet import quiet_scvelo
from scdyn_core.preprocess.slots import require
from scdyn_core.preprocess.step import Outcome, Step
from scdyn_core.preprocess.velocity_input import velocity_input

if TYPE_CHECKING:
    from anndata import AnnData


class Moments(Step):
    """First moments of normalised spliced and unspliced values (scVelo)."""

    title: ClassVar[str] = "Moments"
    summary: ClassVar[str] = "Averages spliced and unspliced values over neighbouring cells."
    needs: ClassVar[tuple[RoleName, ...]] = ("spliced", "unspliced")

    kind: Literal["moments"] = "moments"

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Fill the layers ``Ms`` and ``Mu``; the counts themselves stay raw."""
        require("neighbors" in adata.uns, self.kind, missing="neighbours", before="neighbours")
        normalised = velocity_input(adata, roles, self.kind)
        with quiet_scvelo() as scv:
            scv.pp.moments(normalised, n_pcs=None, n_neighbors=None)
        for layer in ("Ms", "Mu"):
            adata.layers[layer] = normalised.layers[layer]
        return adata, Outcome(message="Averaged spliced and unspliced values over neighbours.")
