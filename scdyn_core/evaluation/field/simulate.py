"""Paths through a vector field, many at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.field.support import Support
from scdyn_core.evaluation.field.terms import Values

Field = Callable[[Values], Values]

#: Steps of the solver after which a field counts as too stiff to follow.
MOST_STEPS = 3_000
RELATIVE_ERROR = 1e-6


def follow(field: Field, start: Values, times: Values, box: tuple[Values, Values]) -> Values:
    """Follow every start through the field by one adaptive Runge-Kutta solver (scipy's RK45).

    Parameters
    ----------
    field
        From states ``(n, d)`` to their derivatives.
    start
        Shape ``(n, d)``.
    times
        Increasing, shape ``(t,)``, from the time of the starts.
    box
        Lowest and highest latents. Half a range beyond, the field fades; one range beyond,
        paths stand still.

    Returns
    -------
    Shape ``(t, n, d)``; NaN from where the field became too stiff to follow.
    """
    from scipy.integrate import RK45

    faded = _faded(field, box)
    paths = np.full((len(times), *start.shape), np.nan)
    paths[0] = start
    if not start.size or len(times) < 2:
        return paths
    solver = RK45(
        lambda _, z: faded(z.reshape(start.shape)).ravel(),
        times[0], start.ravel(), times[-1], rtol=RELATIVE_ERROR, atol=RELATIVE_ERROR,
    )  # fmt: skip
    reached = 1
    for _ in range(MOST_STEPS):
        if solver.status != "running":
            break
        solver.step()
        if solver.status == "failed":
            break
        within = int(np.searchsorted(times, solver.t, side="right"))
        if within > reached:
            states = solver.dense_output()(times[reached:within])
            paths[reached:within] = states.T.reshape(-1, *start.shape)
            reached = within
    return paths


def _faded(field: Field, box: tuple[Values, Values]) -> Field:
    low, high = box
    centre, half = (low + high) / 2, np.maximum((high - low) / 2, 1e-9)

    def faded(z: Values) -> Values:
        # Polynomials may grow without bound: one runaway cell must not stop all others.
        beyond = np.max(np.abs(z - centre) / half, axis=1) - 1.0
        weight = np.clip(2.0 - beyond, 0.0, 1.0)
        with np.errstate(all="ignore"):
            velocity = field(z) * weight[:, None]
        return np.where(weight[:, None] > 0, np.nan_to_num(velocity), 0.0)

    return faded


@dataclass(frozen=True)
class Paths:
    """Simulated paths and where they leave the cells.

    Attributes
    ----------
    times
        Shape ``(t,)``.
    states
        Shape ``(t, n, d)``; NaN after a path left the cells or became too stiff.
    among
        How many of the times each path is among the cells, shape ``(n,)``.
    """

    times: Values
    states: Values
    among: NDArray[np.int64]

    @property
    def left(self) -> NDArray[np.bool_]:
        """Which paths end before the last time."""
        gone: NDArray[np.bool_] = self.among < len(self.times)
        return gone

    @property
    def leaving_times(self) -> Values:
        """When each path was last among the cells, shape ``(n,)``."""
        return np.asarray(self.times[self.among - 1], dtype=np.float64)

    @property
    def ends(self) -> Values:
        """The last place of each path among the cells, shape ``(n, d)``."""
        return np.asarray(self.states[self.among - 1, np.arange(len(self.among))])


def simulate(field: Field, start: Values, times: Values, support: Support) -> Paths:
    """Follow the field and end every path where it leaves the cells.

    A start that is itself beyond the cells (an outlier, or a latent set by hand) may first come
    back to them: its path ends when it leaves again, or where it never came.
    """
    states = follow(field, start, times, support.box)
    finite = np.isfinite(states).all(axis=2)
    inside = np.zeros(finite.shape, dtype=bool)
    inside[finite] = support.among(states[finite])
    # Up to its first place among the cells a path is given time to arrive.
    arrived = np.logical_or.accumulate(inside, axis=0)
    never = ~arrived.any(axis=0)
    kept = np.logical_and.accumulate(finite & (inside | ~arrived), axis=0)
    kept[:, never] = False
    kept[0] = True
    among = kept.sum(axis=0)
    states[~kept] = np.nan
    return Paths(times, states, among.astype(np.int64))
