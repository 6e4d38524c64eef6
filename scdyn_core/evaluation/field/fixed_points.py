"""Where the learned equations stand still, and what cells nearby would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.field.learned_field import LearnedField
from scdyn_core.evaluation.field.stability import Kind, kind_of
from scdyn_core.evaluation.field.support import Support
from scdyn_core.evaluation.field.terms import Values

#: Searches start from this many cells and about as many points of a grid over their box.
STARTS = 150
#: Points nearer than this (sd) are one; a root may move cells by this share of their speed.
SAME_POINT, STILL = 1e-3, 1e-8
#: A quadratic field of d latents has at most 2^d isolated points; a continuum gives any number.
MOST_POINTS = 24


@dataclass(frozen=True)
class FixedPoint:
    """A state where nothing moves.

    Attributes
    ----------
    position
        Shape ``(d,)``.
    eigenvalues
        Of the Jacobian over the latents that are free to move, largest real part first.
    distance
        To the nearest cells (``Support.distance``), sd.
    among
        Whether it lies among the cells.
    """

    position: Values
    eigenvalues: NDArray[np.complex128]
    distance: float
    among: bool
    kind: Kind = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", kind_of(self.eigenvalues))

    @property
    def growth(self) -> float:
        """Largest rate at which a small displacement grows; below 0 it dies out."""
        return float(self.eigenvalues.real.max())

    @property
    def period(self) -> float | None:
        """Time of one turn of the fastest spiral; ``None`` without one."""
        turning = float(np.abs(self.eigenvalues.imag).max())
        spirals = self.kind.endswith("spiral") or (self.kind == "undecided" and turning > 0)
        return 2 * np.pi / turning if spirals else None


def find_fixed_points(
    learned: LearnedField,
    support: Support,
    *,
    held: Mapping[int, float] | None = None,
    seed: int = 0,
) -> list[FixedPoint]:
    """Find the fixed points inside the box of the cells, those nearest to cells first.

    Roots are sought (scipy, Powell's hybrid method with the analytic Jacobian) from randomly
    drawn cells and from a grid over the box: all that are found, which need not be all there are.

    Parameters
    ----------
    learned
        The equations.
    support
        The cells.
    held
        Latent (counted from 0) -> value it is kept at: its own equation is left out.
    seed
        Draws the cells to start from.
    """
    held = held or {}
    free = [axis for axis in range(learned.dimension) if axis not in held]
    if not free:
        return []
    roots = [
        root
        for start in _starts(support, held, free, seed)
        if (root := _root(learned, start, free)) is not None
    ]
    low, high = support.box
    speed = float(np.median(np.linalg.norm(learned(support.cells)[:, free], axis=1)))
    points: list[FixedPoint] = []
    distances = support.distance(np.array(roots)).tolist() if roots else []
    for position, distance in sorted(zip(roots, distances, strict=True), key=lambda pair: pair[1]):
        if len(points) == MOST_POINTS:
            break
        residual = float(np.linalg.norm(learned(position[None])[0, free]))
        inside = bool(((position >= low) & (position <= high))[free].all())
        known = any(np.linalg.norm(position - other.position) < SAME_POINT for other in points)
        if residual <= STILL * max(speed, 1e-300) and inside and not known:
            points.append(_described(learned, position, free, float(distance), support.limit))
    return points


def _starts(support: Support, held: Mapping[int, float], free: list[int], seed: int) -> Values:
    rng = np.random.default_rng(seed)
    cells = support.cells
    chosen = cells[rng.choice(len(cells), min(STARTS, len(cells)), replace=False)]
    low, high = support.box
    a_side = max(2, int(STARTS ** (1 / len(free))))
    if a_side ** len(free) <= 2 * STARTS:
        axes = [np.linspace(low[axis], high[axis], a_side + 2)[1:-1] for axis in free]
        grid = np.array(list(product(*axes)))
    else:
        grid = rng.uniform(low[free], high[free], (STARTS, len(free)))
    spread = np.zeros((len(grid), len(low)))
    spread[:, free] = grid
    starts: Values = np.concatenate([chosen, spread])
    for axis, value in held.items():
        starts[:, axis] = value
    return starts


def _root(learned: LearnedField, start: Values, free: list[int]) -> Values | None:
    from scipy.optimize import root

    def whole(part: Values) -> Values:
        state = start.copy()
        state[free] = part
        return state[None]

    found = root(
        lambda part: learned(whole(part))[0, free],
        start[free],
        jac=lambda part: learned.jacobian(whole(part))[0][np.ix_(free, free)],
        method="hybr",
        options={"xtol": 1e-12},
    )
    return whole(found.x)[0] if np.isfinite(found.x).all() else None


def _described(
    learned: LearnedField, position: Values, free: list[int], distance: float, limit: float
) -> FixedPoint:
    jacobian = learned.jacobian(position[None])[0][np.ix_(free, free)]
    eigenvalues = np.linalg.eigvals(jacobian).astype(np.complex128)
    order = np.argsort(-eigenvalues.real, kind="stable")
    return FixedPoint(position, eigenvalues[order], distance, distance <= limit)
