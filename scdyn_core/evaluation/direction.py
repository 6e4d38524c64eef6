"""Whether cells at the boundary between two types move the known way across it.

Cross-boundary direction correctness (VeloAE, Qiao & Huang 2021, doi:10.1073/pnas.2105859118).
Symbols: x (n, G) positions, v (n, G) velocities, both in one space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

Matrix = NDArray[np.floating]
#: Nearest cells among which those of the next type are sought.
NEIGHBOURS = 30


@dataclass(frozen=True)
class Direction:
    """How the cells before one boundary move.

    Attributes
    ----------
    edge
        The type the cells have, and the type they are known to become.
    cosine
        Mean cosine between a cell's velocity and the way to its neighbours of the next type.
    right
        Share of the cells whose cosine is above 0.
    cells
        Cells with such neighbours; without any the others are not a number.
    """

    edge: tuple[str, str]
    cosine: float
    right: float
    cells: int


def cross_boundary_direction(
    positions: Matrix,
    velocity: Matrix,
    types: NDArray[np.str_],
    edges: Sequence[tuple[str, str]],
    *,
    space: Matrix | None = None,
    neighbours: int = NEIGHBOURS,
) -> list[Direction]:
    """Score a velocity on known transitions between cell types.

    Parameters
    ----------
    positions, velocity
        Shape ``(n, G)``. A cell that does not move has the cosine 0.
    types
        Type of each cell, shape ``(n,)``.
    edges
        Pairs (from, to).
    space
        Where neighbours are sought, shape ``(n, k)``; the positions if not given.
    neighbours
        How many nearest other cells are looked at.

    Returns
    -------
    One score an edge, in the order of the edges.
    """
    places = positions if space is None else space
    search = NearestNeighbors(n_neighbors=min(neighbours, len(places) - 1)).fit(places)
    # Asked without an argument, so that no cell is its own neighbour.
    nearest = search.kneighbors(return_distance=False)
    return [_score(positions, velocity, types, edge, nearest) for edge in edges]


def _score(
    positions: Matrix,
    velocity: Matrix,
    types: NDArray[np.str_],
    edge: tuple[str, str],
    nearest: NDArray[np.int64],
) -> Direction:
    start, end = edge
    ahead = types[nearest] == end
    cells = np.flatnonzero((types == start) & ahead.any(axis=1))
    if len(cells) == 0:
        return Direction(edge, float("nan"), float("nan"), 0)
    ways = np.stack([positions[nearest[cell][ahead[cell]]].mean(axis=0) for cell in cells])
    ways -= positions[cells]
    moves = velocity[cells]
    norms = np.linalg.norm(ways, axis=1) * np.linalg.norm(moves, axis=1)
    along = (ways * moves).sum(axis=1)
    cosines = np.divide(along, norms, out=np.zeros(len(cells)), where=norms > 0)
    return Direction(edge, float(cosines.mean()), float((cosines > 0).mean()), len(cells))
