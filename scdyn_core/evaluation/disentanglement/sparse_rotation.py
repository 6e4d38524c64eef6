"""The rotation that makes means of groups sparse: each group far from 0 in few latents only.

Latents of a variational autoencoder are found up to a rotation, and an offset, of the space in
which the cells of one group are a standard normal cloud. Where each group differs from the rest
in few latents, the right rotation is the one with the smallest sum of absolute means.

``M`` (K, L) means of groups; ``R`` (L, L) a rotation; ``c`` (L,) an offset: ``M R - c``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

ANGLES, REFINEMENTS = 48, 3
LEAST_GAIN = 1e-4
SWEEPS = 40
#: A direction in which cells of one group differ less is noise of the arithmetic.
SMALLEST_SPREAD = 1e-6


@dataclass(frozen=True)
class Frame:
    """Latents ``z`` become ``z A - c``.

    Attributes
    ----------
    matrix
        ``A``: whitening within groups, then the rotation, shape ``(L, L)``.
    inverse
        Of ``matrix``.
    offset
        ``c``, shape ``(L,)``.
    """

    matrix: Matrix
    inverse: Matrix
    offset: Matrix

    def applied(self, latents: Matrix) -> Matrix:
        """Return latents in this frame, shape ``(n, L)``."""
        return latents @ self.matrix - self.offset


def sparse_frame(
    means: Matrix,
    within: Matrix,
    *,
    seed: int,
    error: Matrix | None = None,
    control: Matrix | None = None,
    restarts: int = 4,
) -> Frame:
    """Return the frame in which cells of a group have unit spread and groups have sparse means.

    Parameters
    ----------
    means
        Mean latents of every group, shape ``(K, L)``.
    within
        Covariance of the latents within groups, shape ``(L, L)``.
    error
        Variance of every mean in units of the spread within groups, one over its cells, shape
        ``(K,)``. Means that are not surely away from the origin then count less: many groups
        without any effect would else decide where few groups with a small one lie.
    control
        Latents of the unperturbed state, shape ``(L,)``: the origin of the new frame. Without
        it the median of the groups is, which presumes that most of them leave a latent alone.
    restarts
        Starts of the search, the first from the latents as they are.
    """
    spread, directions = np.linalg.eigh(np.asarray(within, dtype=np.float64))
    scale = np.sqrt(np.maximum(spread, SMALLEST_SPREAD))
    whitening, unwhitening = directions / scale, (directions * scale).T
    origin = np.median(means, axis=0) if control is None else control
    free = control is None
    points = (np.asarray(means, dtype=np.float64) - origin) @ whitening
    if error is not None:
        points = shrunken(points, error)
        # A group speaks with the voice of its cells.
        points = points * (error.min() / error)[:, None] if not free else points
    rng = np.random.default_rng(seed)
    starts = [np.eye(len(scale))] + [
        np.linalg.qr(rng.normal(size=(len(scale),) * 2))[0] for _ in range(restarts - 1)
    ]
    found = [sparse_rotation(points, start, free_offset=free) for start in starts]
    rotation = min(found, key=lambda each: _cost(points @ each, free_offset=free).sum())
    matrix = whitening @ rotation
    offset = origin @ matrix
    if free:
        offset = offset + np.median(points @ rotation, axis=0)
    return Frame(matrix, rotation.T @ unwhitening, offset)


def shrunken(points: Matrix, error: Matrix) -> Matrix:
    """Return points moved towards 0 by as much as their error says (James & Stein 1961).

    Parameters
    ----------
    points
        Shape ``(K, L)``.
    error
        Variance of the coordinates of each, shape ``(K,)``.
    """
    length = np.square(points).sum(axis=1)
    noise = points.shape[1] * np.asarray(error)
    kept = 1.0 - np.divide(noise, length, out=np.ones_like(length), where=length > noise)
    return np.asarray(points * kept[:, None])


def sparse_rotation(points: Matrix, start: Matrix, *, free_offset: bool) -> Matrix:
    """Return the rotation near ``start`` with the smallest sum of absolute rotated points.

    Turns one pair of axes after another by the angle that is best on a grid, refined (Jacobi's
    scheme): every turn lowers the sum, and no step size is needed. Disjoint pairs turn at once.

    Parameters
    ----------
    points
        Shape ``(K, L)``.
    start
        Rotation to begin from, shape ``(L, L)``.
    free_offset
        Whether distances count from the median of each axis rather than from 0.
    """
    rotation, rotated = start.copy(), points @ start
    rounds = _rounds(len(start))
    last = np.inf
    for _ in range(SWEEPS):
        for first, second in rounds:
            angle = _best_angles(rotated[:, first].T, rotated[:, second].T, free_offset)
            for matrix in (rotated, rotation):
                _turn(matrix, first, second, angle)
        now = float(_cost(rotated, free_offset=free_offset).sum())
        if last - now <= LEAST_GAIN * now:
            break
        last = now
    return rotation


def _turn(matrix: Matrix, first: NDArray[np.int64], second: NDArray[np.int64], by: Matrix) -> None:
    cosine, sine = np.cos(by), np.sin(by)
    one, other = matrix[:, first], matrix[:, second]
    matrix[:, first], matrix[:, second] = cosine * one + sine * other, cosine * other - sine * one


def _best_angles(one: Matrix, other: Matrix, free_offset: bool) -> Matrix:
    """Return the best angle of each pair of axes, for coordinates of shape ``(pairs, K)``."""

    def costs(angles: Matrix) -> Matrix:
        cosine, sine = np.cos(angles)[..., None], np.sin(angles)[..., None]
        turned = (
            cosine * one[:, None] + sine * other[:, None],
            cosine * other[:, None] - sine * one[:, None],
        )
        sums = [_cost(np.moveaxis(each, -1, 0), free_offset=free_offset) for each in turned]
        return np.asarray(sums[0] + sums[1])

    # A quarter turn only exchanges the axes.
    width = 0.5 * np.pi / ANGLES
    grid = np.broadcast_to(np.arange(ANGLES) * width, (len(one), ANGLES))
    best = _smallest(grid, costs)
    for _ in range(REFINEMENTS):
        best = _smallest(best[:, None] + np.linspace(-width, width, 9), costs)
        width /= 4.0
    return best


def _smallest(angles: Matrix, costs: Callable[[Matrix], Matrix]) -> Matrix:
    return np.asarray(angles[np.arange(len(angles)), costs(angles).argmin(axis=1)])


def _cost(points: Matrix, *, free_offset: bool) -> Matrix:
    """Return the sum of absolute values over groups (the first axis), from the median if free."""
    if free_offset:
        points = points - np.median(points, axis=0)
    return np.asarray(np.abs(points).sum(axis=0))


def _rounds(axes: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return rounds of disjoint pairs in which every pair of axes meets once (a tournament)."""
    seats = [*range(axes), *([-1] if axes % 2 else [])]
    rounds = []
    for _ in range(len(seats) - 1):
        half = len(seats) // 2
        pairs = [(a, b) for a, b in zip(seats[:half], seats[::-1][:half], strict=True)]
        pairs = [pair for pair in pairs if min(pair) >= 0]
        if pairs:
            first, second = np.asarray(pairs, dtype=np.int64).T
            rounds.append((first, second))
        seats = [seats[0], seats[-1], *seats[1:-1]]
    return rounds
