"""Normalisation of every cell to the same total."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.preprocess.quiet import quiet_scanpy
from scdyn_core.preprocess.slots import counts_name, counts_of, float_copy
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData


class Normalise(Step):
    """Scale the counts of every cell to one total, into ``X`` (scanpy)."""

    title: ClassVar[str] = "Normalise"
    summary: ClassVar[str] = "Scales every cell to the same total, so that depth does not matter."
    needs: ClassVar[tuple[RoleName, ...]] = ("counts",)

    kind: Literal["normalise"] = "normalise"
    target_sum: float | None = Field(
        None, gt=0, le=1e9, description="Total of every cell; empty: the median of the cells."
    )

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Write normalised values to ``X``; raw counts in ``X`` move to the layer ``counts``."""
        import scanpy as sc

        counts = counts_of(adata, roles, self.kind)
        moved: dict[RoleName, str | None] = {}
        if counts_name(roles, self.kind) == "X":
            layer = "counts"
            while layer in adata.layers:
                layer = f"raw_{layer}"
            adata.layers[layer] = counts
            moved = {"counts": layer}
        totals = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
        target = self.target_sum or float(np.median(totals[totals > 0]))
        adata.X = float_copy(counts)
        adata.uns.pop("log1p", None)
        with quiet_scanpy():
            sc.pp.normalize_total(adata, target_sum=target)
        return adata, Outcome(
            message=f"Scaled every cell to {target:.0f} counts.",
            facts={"target used": target, "cells without counts": int((totals == 0).sum())},
            roles=moved,
        )
