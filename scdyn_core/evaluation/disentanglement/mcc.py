"""Mean correlation coefficient (MCC): the true latents, found up to order and sign or not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.disentanglement.matching import Kind, Matching, match_latents


def mcc(true: NDArray[np.floating], found: NDArray[np.floating], kind: Kind = "pearson") -> float:
    """Return the mean absolute correlation of the matched latents, 0..1.

    The mean is over the true latents: one that was missed, because fewer were looked for, counts
    as 0. Surplus latents cost nothing here; the precision of the masks is where they show. A pair
    of random latents does not score 0: the best of several is taken.

    Parameters
    ----------
    true, found
        Values of the same cells, shapes ``(n, T)`` and ``(n, F)``; better cells that nothing was
        fitted on.
    kind
        Correlation of values or of ranks.

    Notes
    -----
    Source: Hyvärinen and Morioka, Neural Information Processing Systems (2016).
    """
    return matched_correlation(match_latents(true, found, kind))


def matched_correlation(matching: Matching) -> float:
    """Return the MCC of a matching that is already there."""
    return float(matching.correlation.sum() / matching.n_true)
