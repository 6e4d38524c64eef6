"""How much of the true latents is a linear function of the found ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.linear_map import LinearMap


def linear_r2(
    found: NDArray[np.floating],
    true: NDArray[np.floating],
    found_scored: NDArray[np.floating],
    true_scored: NDArray[np.floating],
) -> float:
    """Return the mean R² of the true latents, regressed on all found ones with an offset.

    The regression is fitted on some cells and scored on others, so that more latents do not score
    better for being more. 1 is perfect; at most 0 is no better than the mean. Blind to rotation:
    a high R² with a low MCC means that the latents are there, but mixed. True latents that are
    constant among the scored cells are left out.

    Parameters
    ----------
    found, true
        Values of the cells to fit on, shapes ``(n, F)`` and ``(n, T)``.
    found_scored, true_scored
        Values of other cells, shapes ``(m, F)`` and ``(m, T)``.
    """
    fitted = LinearMap.between(np.asarray(found), np.asarray(true))
    r2 = fitted.r2(np.asarray(found_scored), np.asarray(true_scored))
    known = r2[np.isfinite(r2)]
    return float(known.mean()) if len(known) else np.nan
