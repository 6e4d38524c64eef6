"""Sliding windows along pseudotime, averaged into new cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field
from scipy.sparse import csr_matrix

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.slots import dense, role_layer
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData

CellType = Annotated[str, Field(min_length=1, max_length=200)]


class Windows(Step):
    """The sliding windows of CLERA: means over cells that follow each other in pseudotime.

    A window that mixes cell types is kept only where its types are one of ``transitions``;
    without known types every window is kept. Windows overlap where ``stride`` is less than
    ``size``, so a random split of windows shares cells between its parts.
    """

    title: ClassVar[str] = "Windows"
    summary: ClassVar[str] = "Averages neighbouring cells along pseudotime into windows."
    needs: ClassVar[tuple[RoleName, ...]] = ("pseudotime",)

    kind: Literal["windows"] = "windows"
    size: int = Field(4, ge=1, le=1000, description="Cells in a window.")
    stride: int = Field(2, ge=1, le=1000, description="Cells from one window to the next.")
    transitions: tuple[tuple[CellType, CellType], ...] = Field(
        (), max_length=200, description="Pairs of cell types that one window may mix."
    )

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Return windows as cells; counts are gone, because means are not counts."""
        from anndata import AnnData

        column = role_layer(roles, "pseudotime", self.kind)
        time = adata.obs[column].to_numpy(dtype=np.float64)
        timed = np.flatnonzero(np.isfinite(time))
        order = timed[np.argsort(time[timed], kind="stable")]
        starts = np.arange(0, len(order) - self.size + 1, self.stride)
        members = order[starts[:, None] + np.arange(self.size)]
        types = _cell_types(adata, roles)
        consistent = np.array([self._consistent(types, cells) for cells in members], dtype=bool)
        if not consistent.any():
            raise ConfigError(
                f"recipe step {self.kind}",
                found=f"no window of {self.size} cells with consistent cell types",
                needed="at least one window",
                fix="Use smaller windows, allow transitions, or clear the role cell_type.",
            )
        members = members[consistent]
        obs = pd.DataFrame(
            {column: time[members].mean(axis=1), "window_start": starts[consistent]},
            index=[f"window{i:05d}" for i in range(len(members))],
        )
        if roles.cell_type is not None:
            dominant = [int(np.bincount(types.codes[cells]).argmax()) for cells in members]
            obs[roles.cell_type] = pd.Categorical.from_codes(dominant, categories=types.categories)
        average = _averaging(members, adata.n_obs)
        windows = AnnData(
            X=average @ dense(adata.X),
            obs=obs,
            var=adata.var.copy(),
            layers={
                name: average @ dense(adata.layers[name])
                for name in _AVERAGED_LAYERS
                if name in adata.layers
            },
            obsm={name: average @ np.asarray(values) for name, values in adata.obsm.items()},
        )
        left_out = len(consistent) - len(members)
        return windows, Outcome(
            message=f"Averaged {len(order)} cells into {len(members)} windows; "
            f"{left_out} windows that mixed cell types were left out.",
            facts={
                "windows": len(members),
                "windows left out": left_out,
                "cells without pseudotime": adata.n_obs - len(order),
            },
            roles=dict.fromkeys(_lost_roles(roles)),
        )

    def _consistent(self, types: pd.Categorical[str], cells: NDArray[np.int64]) -> bool:
        present = {str(types.categories[code]) for code in np.unique(types.codes[cells])}
        return len(present) == 1 or present in [set(pair) for pair in self.transitions]


#: Layers whose mean over cells means something; the mean of counts is not a count.
_AVERAGED_LAYERS = ("Ms", "Mu", "velocity")
#: Roles that windows still play.
_KEPT_ROLES: tuple[RoleName, ...] = ("cell_type", "pseudotime", "velocity")


def _lost_roles(roles: Roles) -> list[RoleName]:
    """Roles of single cells that the mean over several cells cannot play."""
    averaged_velocity = roles.velocity in _AVERAGED_LAYERS
    kept = _KEPT_ROLES if averaged_velocity else _KEPT_ROLES[:2]
    return [role for role in get_args(RoleName) if role in roles.assigned() and role not in kept]


def _cell_types(adata: AnnData, roles: Roles) -> pd.Categorical[str]:
    """Type of every cell; one type for all where none is known."""
    if roles.cell_type is None:
        return pd.Categorical(["cell"] * adata.n_obs)
    return pd.Categorical(adata.obs[roles.cell_type].astype("string").fillna("unknown"))


def _averaging(members: NDArray[np.int64], n_cells: int) -> csr_matrix:
    """Matrix of windows × cells that takes the mean over the members of every window."""
    n_windows, size = members.shape
    weights = np.full(members.size, 1 / size, dtype=np.float32)
    starts = np.arange(0, members.size + 1, size)
    return csr_matrix((weights, members.ravel(), starts), shape=(n_windows, n_cells))
