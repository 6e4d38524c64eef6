"""Normalised spliced and unspliced values under the names scVelo reads, beside the raw ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scdyn_core.data.roles import Roles
from scdyn_core.preprocess.quiet import quiet_scvelo
from scdyn_core.preprocess.slots import float_copy, role_layer

if TYPE_CHECKING:
    from anndata import AnnData


def velocity_input(adata: AnnData, roles: Roles, step: str) -> AnnData:
    """Return a new AnnData with size-normalised ``spliced`` and ``unspliced`` layers.

    It shares the neighbour graph and, where they are there, the moments of ``adata``.
    """
    from anndata import AnnData

    spliced = role_layer(roles, "spliced", step)
    unspliced = role_layer(roles, "unspliced", step)
    normalised = AnnData(
        X=float_copy(adata.layers[spliced]),
        obs=adata.obs[[]].copy(),
        var=adata.var[[]].copy(),
        uns={"neighbors": adata.uns["neighbors"]},
        obsp={key: adata.obsp[key] for key in ("distances", "connectivities")},
        layers={
            "spliced": float_copy(adata.layers[spliced]),
            "unspliced": float_copy(adata.layers[unspliced]),
        }
        | {name: adata.layers[name] for name in ("Ms", "Mu") if name in adata.layers},
    )
    with quiet_scvelo() as scv:
        scv.pp.normalize_per_cell(normalised)
    return normalised
