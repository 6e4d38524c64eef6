"""Which perturbation shifts which latent: found masks against the true one.

Symbols: K perturbations; T true and F found latents; masks (K, T) and (K, F), True where the
perturbation shifts the latent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.disentanglement.matching import Matching

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class MaskScores:
    """Precision, recall and F1 over all entries; NaN where there is nothing to count."""

    precision: float
    recall: float
    f1: float


def mask_scores(
    true: Mask, found: Mask, matching: Matching, rows: NDArray[np.generic] | None = None
) -> MaskScores:
    """Compare a found mask with the true one, latent by matched latent.

    Signs do not matter. What a surplus found latent has on is wrong (false positives), what a
    missed true latent has on is missed (false negatives).

    Parameters
    ----------
    true, found
        Shapes ``(K, T)`` and ``(K, F)``.
    matching
        From the values of the latents in cells, never from the masks themselves.
    rows
        Perturbations that count, indices or True/False: those that the model learned from.
        Everything if None.

    Raises
    ------
    ValueError
        If shapes do not fit each other or the matching.
    """
    true, found = np.asarray(true, dtype=bool), np.asarray(found, dtype=bool)
    expected = ((len(true), matching.n_true), (len(true), matching.n_found))
    if (true.shape, found.shape) != expected:
        raise ValueError(f"masks of shapes {expected} are needed: {true.shape}, {found.shape}")
    if rows is not None:
        true, found = true[rows], found[rows]
    hits = int((true[:, matching.true] & found[:, matching.found]).sum())
    positives, claimed = int(true.sum()), int(found.sum())
    return MaskScores(
        precision=_share(hits, claimed),
        recall=_share(hits, positives),
        f1=_share(2 * hits, positives + claimed),
    )


def strong_shifts(shift: NDArray[np.floating], threshold: float = 1.0) -> Mask:
    """Return the mask of a method without one: shifts larger than a threshold.

    Parameters
    ----------
    shift
        Mean latent of a perturbation minus that of what is unshifted, in standard deviations of
        the latent within perturbations, ``(K, F)``.
    threshold
        Standard deviations.
    """
    return np.abs(np.asarray(shift)) > threshold


def largest_shifts(shift: NDArray[np.floating], number: int) -> Mask:
    """Return the mask that has the ``number`` largest shifts of every perturbation on, ``(K, F)``.

    Ties are decided by the order of the latents, so that exactly ``number`` are on.
    """
    size = np.abs(np.asarray(shift, dtype=np.float64))
    order = np.argsort(-size, axis=1, kind="stable")[:, : max(number, 0)]
    mask = np.zeros(size.shape, dtype=bool)
    np.put_along_axis(mask, order, True, axis=1)
    return mask


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
