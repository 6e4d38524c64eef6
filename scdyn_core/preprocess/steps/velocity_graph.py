"""Where every cell is heading among its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.preprocess.quiet import quiet_scvelo
from scdyn_core.preprocess.slots import require
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData


class VelocityGraph(Step):
    """Agreement of velocity with the way to each neighbour, drawn on the maps (scVelo)."""

    title: ClassVar[str] = "Velocity graph"
    summary: ClassVar[str] = "Points every cell towards the neighbours its velocity agrees with."
    needs: ClassVar[tuple[RoleName, ...]] = ("spliced", "unspliced")

    kind: Literal["velocity_graph"] = "velocity_graph"

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Fill ``uns["velocity_graph"]``, ``obsm["velocity_<map>"]`` and the confidence."""
        require(
            "velocity_params" in adata.uns and "velocity" in adata.layers,
            self.kind,
            missing="velocity",
            before="velocity",
        )
        maps = [name for name in ("umap", "pca") if f"X_{name}" in adata.obsm]
        with quiet_scvelo() as scv:
            scv.tl.velocity_graph(adata, n_jobs=1, show_progress_bar=False)
            for name in maps:
                scv.tl.velocity_embedding(adata, basis=name)
            scv.tl.velocity_confidence(adata)
        confidence = float(adata.obs["velocity_confidence"].median())
        return adata, Outcome(
            message=f"Velocities of neighbouring cells agree with a median of {confidence:.2f}.",
            facts={"median confidence": confidence, "maps": ", ".join(maps)},
        )
