"""Weights from one axis of the latents at a time: adaptive resampling as published (sc-AR).

Symbols: ``h`` density of a bin, ``alpha`` the smoothing, ``p`` a cell's share along one axis. Of
cell ``i`` along axis ``d``, ``p_id`` is proportional to ``1 / (h + alpha)`` of its bin and sums to
1 over the cells; its weight is the largest ``p_id`` of all axes, brought to sum 1. ``alpha`` has
the unit of a density, so the scale of the latents decides what it does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.training.resampling.finite import not_finite

Values = NDArray[np.float64]
Column = NDArray[np.floating]
#: Axes copied together: what a cache line holds of a row in double precision.
_TOGETHER = 8
#: How much wider than rounding the zone around an edge is in which values are compared with it.
_SAFETY = 16


def marginal_weights(latent: NDArray[np.floating], bins: int, smoothing: float) -> Values:
    """Return weights by the rarest axis of every cell.

    Parameters
    ----------
    latent
        Shape ``(N, D)``. Bins are found in its own precision: what is published in float32 is
        repeated in float32.
    bins
        Bins of equal width from the smallest to the largest value of an axis.
    smoothing
        ``alpha``; with 0 every bin with cells in it has the same mass along its axis.

    Returns
    -------
    Shape ``(N,)``, sum 1. An axis on which all cells agree, to rounding, favours none.

    Raises
    ------
    ConfigError
        If a value is not finite, or there is no cell or no axis.
    """
    values = latent if latent.dtype in (np.float32, np.float64) else latent.astype(np.float64)
    if values.size == 0:
        raise ConfigError(
            "latents",
            found=f"{latent.shape[0]} cells in {latent.shape[1]} dimensions",
            needed="at least one of each",
            fix="Use an embedding with values.",
        )
    low, high = values.min(axis=0), values.max(axis=0)
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        raise not_finite(values)
    rarest = np.zeros(len(values))
    for start in range(0, values.shape[1], _TOGETHER):
        block = np.ascontiguousarray(values[:, start : start + _TOGETHER].T)
        for column, bottom, top in zip(block, low[start:], high[start:], strict=False):
            np.maximum(rarest, _along(column, bottom, top, bins, smoothing), out=rarest)
    weights: Values = rarest / rarest.sum()
    return weights


def _along(column: Column, low: np.floating, high: np.floating, bins: int, alpha: float) -> Values:
    """Return the share ``p`` of every cell along one axis, shape ``(N,)``, sum 1."""
    try:
        edges = np.histogram_bin_edges(np.array([low, high]), bins)
    except ValueError:
        # More bins than there are numbers between the smallest and the largest.
        return np.full(len(column), 1 / len(column))
    if low == high:
        return np.full(len(column), 1 / len(column))
    member = _bins(column, edges)
    cells = np.bincount(member, minlength=bins)
    density = cells / np.diff(edges).astype(np.float64) / len(column) + alpha
    share = np.divide(1.0, density, out=np.zeros(bins), where=cells > 0)
    share /= (cells * share).sum()
    return share[member]


def _bins(column: Column, edges: Column) -> NDArray[np.intp]:
    """Return the bin of every value: half-open, the last one closed.

    One multiplication finds the bin but for values so near an edge that rounding may have moved
    them over it; these few are compared with the edges themselves.
    """
    bins, precision = len(edges) - 1, np.finfo(edges.dtype)
    low, high = float(edges[0]), float(edges[-1])
    scale = bins / (high - low)
    rounding = _SAFETY * float(precision.eps) * (bins + max(abs(low), abs(high)) * scale)
    if rounding >= 0.5 or scale > float(precision.max):
        return np.asarray(np.searchsorted(edges[1:-1], column, side="right"), dtype=np.intp)
    place = column - edges[0]
    place *= edges.dtype.type(scale)
    member = place.astype(np.intp)
    place -= member
    place -= 0.5
    np.abs(place, out=place)
    near = np.flatnonzero(place >= 0.5 - rounding)
    member[near] = np.searchsorted(edges[1:-1], column[near], side="right")
    return np.asarray(member)
