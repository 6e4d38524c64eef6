"""Functional principal components: curves are smoothed over real time, then compared as functions.

Source: Ramsay and Silverman, Functional Data Analysis (2005), chapters 5 and 8.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, make_smoothing_spline

from scdyn_core.evaluation.clock import log_clock

Values = NDArray[np.float64]

#: Number of times at which smoothed curves are compared.
_DENSE = 60
#: Penalty on curvature, in units of (range of the clock)³ / T, so that it has no unit.
_PENALTY = 1e-3
#: A smoothing spline needs as many times; fewer are interpolated.
_FEWEST_TIMES = 5


def functional_components(curves: NDArray[np.floating], times: NDArray[np.floating]) -> Values:
    """Return the scores of every gene on the principal functions of all genes, largest first.

    The Euclidean distance between two rows is the root mean square difference of two smoothed
    curves. They are smoothed and compared over the logarithm of real time: over time itself the
    last gap, often the longest, would count for most and the fast responses for nothing.

    Parameters
    ----------
    curves
        Shape ``(G, T)``, T at least 2.
    times
        Increasing, shape ``(T,)``.

    Returns
    -------
    Shape ``(G, d)``, d at most T.
    """
    values: Values = np.asarray(curves, dtype=np.float64)
    functions = values @ _smoother(log_clock(times)) / np.sqrt(_DENSE)
    functions = functions - functions.mean(axis=0)
    _, directions = np.linalg.eigh(functions.T @ functions)
    return np.asarray(functions @ directions[:, ::-1][:, : len(times)])


def _smoother(clock: Values) -> Values:
    """Return the matrix ``(T, _DENSE)`` that takes values to their smoothing spline.

    The spline is linear in the values: its columns are the splines of single ones.
    """
    dense = np.linspace(clock[0], clock[-1], _DENSE)
    unit = np.eye(len(clock))
    if len(clock) < _FEWEST_TIMES:
        return np.asarray(CubicSpline(clock, unit, bc_type="natural")(dense).T)
    penalty = _PENALTY * (clock[-1] - clock[0]) ** 3 / len(clock)
    return np.stack([make_smoothing_spline(clock, one, lam=penalty)(dense) for one in unit])
