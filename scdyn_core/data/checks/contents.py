"""What a dataset holds as a whole: cells and genes at all, an ``X``, counts or logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scdyn_core.data.checks.values import are_counts, largest, non_zero, smallest
from scdyn_core.data.findings import Finding
from scdyn_core.data.text import listed
from scdyn_core.errors import InputError

if TYPE_CHECKING:
    from anndata import AnnData

#: Layers that can stand in for a missing X, best first.
_STAND_INS = ("spliced", "counts", "raw_counts", "matrix", "Ms")
#: A log of counts per 10,000 reaches ln(10,001) = 9.2; logs of anything stay below this.
_LARGEST_LOG = 30.0


def check_size(adata: AnnData, place: str) -> None:
    """Refuse data without cells or genes."""
    if adata.n_obs == 0 or adata.n_vars == 0:
        raise InputError(
            place,
            found=f"{adata.n_obs} cells × {adata.n_vars} genes",
            needed="at least one cell and one gene",
            fix="Check how the file was exported.",
        )


def fill_x(adata: AnnData, place: str) -> list[Finding]:
    """Fill a missing ``X`` from a layer.

    Raises
    ------
    InputError
        When there is no matrix at all.
    """
    if adata.X is not None:
        return []
    source = next((name for name in _STAND_INS if name in adata.layers), None)
    source = source or next(iter(adata.layers), None)
    if source is None:
        raise InputError(
            f"{place}:X",
            found="neither X nor a layer",
            needed="a matrix of cells × genes",
            fix="Save the file with an expression matrix.",
        )
    adata.X = adata.layers[source].copy()
    return [
        Finding(
            level="warning",
            slot="X",
            found=f"is missing; filled with a copy of layers[{source!r}]",
            fix="Nothing to do, unless another layer should be analysed.",
        )
    ]


def check_counts(adata: AnnData) -> list[Finding]:
    """Say whether raw counts are there, and what ``X`` holds instead where they are not."""
    counts = [name for name in adata.layers if are_counts(adata.layers[name])]
    if are_counts(adata.X):
        return [Finding(level="info", slot="X", found="whole numbers: raw counts")]
    if smallest(adata.X) < 0:
        kind = "scaled values"
    elif largest(adata.X) < _LARGEST_LOG:
        kind = "log values"
    else:
        kind = "normalised values"
    if counts:
        found = f"{kind}; raw counts are in {listed(counts)}"
        return [Finding(level="info", slot="X", found=found)]
    return [
        Finding(
            level="warning",
            slot="X",
            found=f"{kind}, and no layer holds raw counts",
            fix="Methods that need counts cannot be used; load the raw counts if you have them, "
            "and leave normalisation and log out of the recipe.",
        )
    ]


def check_empty(adata: AnnData) -> list[Finding]:
    """Report cells and genes without a single value."""
    findings: list[Finding] = []
    for axis, names, kind in ((1, adata.obs_names, "cells"), (0, adata.var_names, "genes")):
        empty = np.flatnonzero(non_zero(adata.X, axis=axis) == 0)
        if len(empty):
            some = listed([str(name) for name in names[empty[:5]]])
            findings.append(
                Finding(
                    level="warning",
                    slot="obs" if axis else "var",
                    found=f"{len(empty)} {kind} are zero everywhere ({some})",
                    fix=f"A filter in the recipe removes {kind} like these.",
                )
            )
    return findings
