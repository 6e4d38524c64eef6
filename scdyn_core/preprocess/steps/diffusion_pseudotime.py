"""Order of the cells by diffusion distance from a root."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.quiet import quiet_scanpy
from scdyn_core.preprocess.slots import dense, require, role_layer
from scdyn_core.preprocess.step import Outcome, Step
from scdyn_core.preprocess.velocity_root import find_root

if TYPE_CHECKING:
    from anndata import AnnData


class DiffusionPseudotime(Step):
    """Diffusion pseudotime (Haghverdi et al., Nature Methods 2016, through scanpy)."""

    title: ClassVar[str] = "Diffusion pseudotime"
    summary: ClassVar[str] = "Orders the cells by their distance from a starting cell."
    gives: ClassVar[tuple[RoleName, ...]] = ("pseudotime",)

    kind: Literal["diffusion_pseudotime"] = "diffusion_pseudotime"
    root_type: str | None = Field(
        None,
        max_length=200,
        description="Cell type in which time starts; empty: found from velocity, or from the "
        "number of genes that cells express.",
    )
    n_components: int = Field(15, ge=2, le=100, description="Diffusion components to use.")

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Fill ``obs.dpt_pseudotime`` (0 to 1) and the role ``pseudotime``."""
        import scanpy as sc

        require("neighbors" in adata.uns, self.kind, missing="neighbours", before="neighbours")
        n_components = min(self.n_components, adata.n_obs - 2)
        with quiet_scanpy():
            sc.tl.diffmap(adata, n_comps=n_components, random_state=seed)
            root, reason = self._root(adata, roles, seed)
            adata.uns["iroot"] = root
            sc.tl.dpt(adata, n_dcs=n_components)
        time = adata.obs["dpt_pseudotime"].to_numpy(dtype=np.float64)
        unreached = ~np.isfinite(time)
        adata.obs["dpt_pseudotime"] = np.where(unreached, np.nan, time)
        message = f"Ordered the cells from {reason}."
        if unreached.any():
            message += f" {int(unreached.sum())} cells are not connected with it and have no time."
        return adata, Outcome(
            message=message,
            facts={
                "root cell": str(adata.obs_names[root]),
                "root chosen by": reason,
                "cells without time": int(unreached.sum()),
            },
            roles={"pseudotime": "dpt_pseudotime"},
        )

    def _root(self, adata: AnnData, roles: Roles, seed: int) -> tuple[int, str]:
        if self.root_type is not None:
            column = role_layer(roles, "cell_type", self.kind)
            return self._root_of_type(adata, column), "the outermost cell of the chosen type"
        if "velocity_graph" in adata.uns:
            return find_root(adata, seed), "where velocity leaves"
        # Less differentiated cells express more genes (Gulati et al., Science 2020).
        component = adata.obsm["X_diffmap"][:, 1]
        low, high = np.quantile(component, [0.05, 0.95])
        expressed = (dense(adata.X) > 0).sum(axis=1)
        low_end = expressed[component <= low].mean() > expressed[component >= high].mean()
        end = component.argmin() if low_end else component.argmax()
        return int(end), "the end of the map where cells express more genes"

    def _root_of_type(self, adata: AnnData, column: str) -> int:
        """Member of the root type farthest from the other cells, in the distance of the method."""
        of_type: NDArray[np.bool_] = (adata.obs[column].astype(str) == self.root_type).to_numpy()
        if not of_type.any():
            levels = ", ".join(sorted(adata.obs[column].astype(str).unique())[:20])
            raise ConfigError(
                f"recipe step {self.kind}, parameter root_type",
                found=f"no cell of type {self.root_type!r}",
                needed=f"one of {levels}",
                fix="Choose a cell type of this dataset.",
            )
        eigenvalues = np.minimum(adata.uns["diffmap_evals"][1:], 1 - 1e-6)
        space = adata.obsm["X_diffmap"][:, 1:] * eigenvalues / (1 - eigenvalues)
        centre = space[~of_type].mean(axis=0) if not of_type.all() else space.mean(axis=0)
        members = np.flatnonzero(of_type)
        return int(members[np.linalg.norm(space[members] - centre, axis=1).argmax()])
