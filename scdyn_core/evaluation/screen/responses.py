"""How every gene responds to every perturbation, against the control cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.screen.false_discovery import adjust
from scdyn_core.evaluation.screen.moments import Moments, moments
from scdyn_core.evaluation.screen.screen import Screen

Matrix = NDArray[np.float64]
_BLOCK = 200


def responses(screen: Screen, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the response of every gene to perturbations, all cells against all control cells.

    Returns
    -------
    pandas.DataFrame
        One row a perturbation and gene: ``perturbation``, ``gene``, ``control`` (mean
        log-normalised expression of control cells), ``log2_fold_change`` (of mean normalised
        counts) and its standard error ``se``, ``p`` (Welch's t test on log-normalised
        expression), ``p_adjusted`` (over the genes of the perturbation). A perturbation of one
        cell has no ``se`` and ``p``.
    """
    names = screen.names if names is None else tuple(names)
    control = [screen.reference]
    in_logs, in_counts = (
        moments(screen.values, control, logarithmic=kind) for kind in (True, False)
    )
    frames = []
    for start in range(0, len(names), _BLOCK):
        block = names[start : start + _BLOCK]
        groups = [screen.rows[name] for name in block]
        change, se = _fold_change(moments(screen.values, groups, logarithmic=False), in_counts)
        p = welch(moments(screen.values, groups), in_logs)
        frames.append(
            pd.DataFrame(
                {
                    "perturbation": np.repeat(np.array(block, dtype=object), len(screen.genes)),
                    "gene": np.tile(np.array(screen.genes, dtype=object), len(block)),
                    "control": np.tile(in_logs.mean[0], len(block)),
                    "log2_fold_change": change.ravel(),
                    "se": se.ravel(),
                    "p": p.ravel(),
                    "p_adjusted": adjust(p).ravel(),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _fold_change(group: Moments, control: Moments) -> tuple[Matrix, Matrix]:
    """Return log2 fold changes and their standard errors (delta method), ``(K, G)`` each.

    Half a count that the smaller group might have seen keeps both finite, and is the same on
    both sides, so that a gene that nobody expresses has not changed.
    """
    unseen = 0.5 / np.minimum(group.cells, control.cells)
    above, below = group.mean + unseen, control.mean + unseen
    relative = group.squared_error / above**2 + control.squared_error / below**2
    return np.log2(above / below), np.sqrt(relative) / np.log(2.0)


def welch(group: Moments, control: Moments) -> Matrix:
    """Return two-sided p values of Welch's t test, ``(K, G)``; 1 where nothing varies or changes.

    Where neither group varies and yet they differ, no test can be made and p is the smallest
    number there is.
    """
    from scipy.special import stdtr

    a, b = group.squared_error, control.squared_error
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(group.mean - control.mean) / np.sqrt(a + b)
        freedom = (a + b) ** 2 / (a**2 / (group.cells - 1) + b**2 / (control.cells - 1))
        p = 2.0 * stdtr(freedom, -t)
    still = (a + b) == 0
    same = np.isclose(group.mean, control.mean)
    p = np.where(still, np.where(same, 1.0, np.finfo(np.float64).tiny), p)
    return np.where(group.cells > 1, p, np.nan)
