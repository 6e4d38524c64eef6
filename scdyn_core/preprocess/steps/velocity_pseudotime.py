"""Order of the cells along the velocity graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.preprocess.quiet import quiet_scvelo
from scdyn_core.preprocess.slots import require
from scdyn_core.preprocess.step import Outcome, Step
from scdyn_core.preprocess.velocity_root import find_root, kept_generator

if TYPE_CHECKING:
    from anndata import AnnData


class VelocityPseudotime(Step):
    """Pseudotime by random walks on the velocity graph; the root follows from it (scVelo).

    Repeats to about 1e-6: scVelo's eigensolver starts from a vector that no seed controls.
    """

    title: ClassVar[str] = "Velocity pseudotime"
    summary: ClassVar[str] = "Orders the cells from where velocity leaves to where it arrives."
    needs: ClassVar[tuple[RoleName, ...]] = ("spliced", "unspliced")
    gives: ClassVar[tuple[RoleName, ...]] = ("pseudotime",)

    kind: Literal["velocity_pseudotime"] = "velocity_pseudotime"

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Fill ``obs.velocity_pseudotime`` (0 to 1) and the role ``pseudotime``."""
        require(
            "velocity_graph" in adata.uns,
            self.kind,
            missing="velocity graph",
            before="velocity_graph",
        )
        find_root(adata, seed)
        with kept_generator(), quiet_scvelo() as scv:
            scv.tl.velocity_pseudotime(adata, root_key="root_cells", end_key="end_points")
        time = adata.obs["velocity_pseudotime"].to_numpy(dtype=np.float64)
        adata.obs["velocity_pseudotime"] = time
        return adata, Outcome(
            message="Ordered the cells along the velocity graph.",
            facts={"root cell": str(adata.obs_names[int(np.nanargmin(time))])},
            roles={"pseudotime": "velocity_pseudotime"},
        )
