"""Every arm of an experiment beside uniform, pair by pair."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scdyn_core.evaluation.paired_differences import holm, paired_difference, verdict
from scdyn_core.evaluation.representation.rows import ALL, RARE

UNIFORM = "uniform"
#: What the experiment is about: ``(metric, cell_type)``. Verdicts on these are corrected for one
#: another and for the number of arms; all other rows are a family of their own.
HEADLINES = (("recall", RARE), ("reconstruction", RARE))
#: What a gain for rare types may cost.
COSTS = (("reconstruction", ALL), ("kNN accuracy", ALL), ("macro F1", ALL))
COLUMNS = {
    "arm": "way of drawing cells",
    "metric": "what was measured on test cells",
    "cell_type": "of which cells: all, mean over types (macro), over rare types (rare), a type",
    "uniform": "mean of the uniform draws over the same pairs",
    "value": "mean of this arm",
    "difference": "this arm minus uniform, on average over pairs",
    "low": "lower end of its 95 % interval, which knows that pairs share their cells",
    "high": "upper end of its 95 % interval",
    "seeds": "pairs in which both have a value",
    "better": "whether higher or lower is better",
    "verdict": "after correction for the number of questions (Holm, level .05)",
}


def arm_comparison(scores: pd.DataFrame, overlap: float) -> pd.DataFrame:
    """Compare every arm with uniform over the pairs both have.

    Parameters
    ----------
    scores
        ``arm``, ``seed``, ``metric``, ``cell_type``, ``value``, ``better``; uniform among the arms.
    overlap
        Test cells over training cells of a split of the same cells; 0 where every pair has cells
        of its own.

    Returns
    -------
    DataFrame
        ``COLUMNS``; one row an arm other than uniform, metric and type, in the order of ``scores``.
    """
    keys = ["metric", "cell_type", "better"]
    values = scores.pivot_table(index=["arm", *keys], columns="seed", values="value", sort=False)
    found, p = [], []
    for arm, metric, cell_type, better in values.index:
        if arm == UNIFORM or (UNIFORM, metric, cell_type, better) not in values.index:
            continue
        own = values.loc[(arm, metric, cell_type, better)].to_numpy(dtype=np.float64)
        base = values.loc[(UNIFORM, metric, cell_type, better)].to_numpy(dtype=np.float64)
        both = np.isfinite(own) & np.isfinite(base)
        if not both.any():
            continue
        gap = paired_difference(own[both] - base[both], overlap)
        found.append((arm, metric, cell_type, base[both].mean(), own[both].mean(), gap.mean,
                      gap.low, gap.high, gap.pairs, better))  # fmt: skip
        p.append(gap.p)
    frame = pd.DataFrame(found, columns=[name for name in COLUMNS if name != "verdict"])
    return frame.assign(verdict=_verdicts(frame, np.array(p)))


def _verdicts(frame: pd.DataFrame, p: np.ndarray) -> list[str]:
    headline = is_headline(frame).to_numpy()
    corrected = np.empty(len(frame))
    for family in (headline, ~headline):
        corrected[family] = holm(p[family])
    return [
        verdict(difference, each, better)
        for difference, each, better in zip(
            frame["difference"], corrected, frame["better"], strict=True
        )
    ]


def is_headline(frame: pd.DataFrame) -> pd.Series:
    """Return which rows are what the experiment is about."""
    pairs = pd.Series(list(zip(frame["metric"], frame["cell_type"], strict=True)), dtype=object)
    return pairs.isin(HEADLINES).set_axis(frame.index)
