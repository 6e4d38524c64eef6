"""One embedding laid over another: turned, mirrored, scaled and moved, never bent.

Symbols: n cells; embeddings X (reference) and Y of the same cells, ``(n, p)`` and ``(n, q)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes

from scdyn_core.errors import InputError

Values = NDArray[np.float64]
#: Fewer cells say nothing of the shape of a cloud.
FEWEST_CELLS = 3
#: Differences of double precision numbers, as shares of them, that mean nothing.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Alignment:
    """An embedding in the frame of a reference.

    Attributes
    ----------
    coordinates
        ``c Y R + t`` in the space of the reference, shape ``(n, p)``. What an embedding of more
        dimensions has beyond those of the reference is left out here, but counts in ``disparity``.
    disparity
        Share of the variance of the reference that the other does not follow, 0..1; NaN where
        one of the two is a single point.
    scale
        The factor c.
    """

    coordinates: Values
    disparity: float
    scale: float


def aligned(reference: NDArray[np.floating], other: NDArray[np.floating]) -> Alignment:
    """Lay ``other`` over ``reference`` by orthogonal Procrustes analysis.

    Both are centred; the one of fewer dimensions is padded with coordinates that are 0. The
    rotation R (mirroring allowed) and the factor c minimise ``||X - (c Y R + t)||²``; the
    disparity is what is left of it, over ``||X - mean||²``, and is the same whichever of the two
    is the reference. Sources: Schönemann, Psychometrika 31 (1966) 1 (R); Gower, Psychometrika 40
    (1975) 33 (scale and disparity), as in ``scipy.spatial.procrustes``.

    Parameters
    ----------
    reference, other
        Coordinates of the same cells in the same order, shapes ``(n, p)`` and ``(n, q)``.

    Raises
    ------
    InputError
        With fewer than three cells, or values that are not finite.
    """
    x, y = checked(reference, other)
    centre, dimensions = x.mean(axis=0), x.shape[1]
    width = max(dimensions, y.shape[1])
    x, y = (_padded(centred(values), width) for values in (x, y))
    size_x, size_y = float(np.square(x).sum()), float(np.square(y).sum())
    if size_x <= 0 or size_y <= 0:
        flat = np.broadcast_to(centre, (len(x), dimensions)).copy()
        return Alignment(flat, float("nan"), 0.0)
    rotation, overlap = orthogonal_procrustes(y, x)
    scale = float(overlap) / size_y
    disparity = 1.0 - float(overlap) ** 2 / (size_x * size_y)
    placed: Values = (scale * (y @ rotation))[:, :dimensions] + centre
    return Alignment(placed, min(max(disparity, 0.0), 1.0), scale)


def checked(first: NDArray[np.floating], second: NDArray[np.floating]) -> tuple[Values, Values]:
    """Return two embeddings as numbers of double precision.

    Raises
    ------
    InputError
        When they are not of the same cells, of too few, or not finite.
    """
    x, y = (np.asarray(values, dtype=np.float64) for values in (first, second))
    if x.ndim != 2 or y.ndim != 2 or len(x) != len(y) or len(x) < FEWEST_CELLS:
        raise InputError(
            "embeddings",
            found=f"shapes {x.shape} and {y.shape}",
            needed=f"two matrices with a row for each of the same cells, {FEWEST_CELLS} at least",
            fix="Choose runs on the same data.",
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise InputError(
            "embeddings",
            found="coordinates that are not finite",
            needed="finite coordinates of every cell",
            fix="Choose another run: the training of this one broke.",
        )
    return x, y


def centred(values: Values) -> Values:
    """Return coordinates around their mean; 0 on axes where rounding alone tells cells apart."""
    found: Values = values - values.mean(axis=0)
    found[:, np.abs(found).max(axis=0) <= _ROUNDING * np.abs(values).max(axis=0)] = 0.0
    return found


def _padded(values: Values, width: int) -> Values:
    return np.pad(values, ((0, 0), (0, width - values.shape[1])))
