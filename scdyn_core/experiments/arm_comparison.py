"""Every arm of an experiment beside uniform, pair by pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.paired_differences import holm, paired_difference, verdict
from scdyn_core.evaluation.representation.rows import ALL, RARE

UNIFORM = "uniform"
#: What can be asked of an arm: ``(metric, cell_type)``.
RARE_RECALL, RARE_ERROR = ("recall", RARE), ("reconstruction", RARE)
ERROR, ACCURACY, F1 = ("reconstruction", ALL), ("kNN accuracy", ALL), ("macro F1", ALL)
#: What the experiment is about, and what a gain may cost. Verdicts are corrected for the number of
#: arms and questions of the same kind; all other rows are a third kind. The many rows of single
#: types would otherwise hide a harm.
HEADLINES, COSTS = (RARE_RECALL, RARE_ERROR), (ERROR, ACCURACY, F1)
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


class Row(NamedTuple):
    """One row of the comparison; fields as in ``COLUMNS``."""

    arm: str
    metric: str
    cell_type: str
    uniform: float
    value: float
    difference: float
    low: float
    high: float
    seeds: int
    better: str
    verdict: str


#: Rows of one arm, by question.
Compared = Mapping[tuple[str, str], Row]


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
    keys, values = ["metric", "cell_type", "better"], ["uniform", "value"]
    uniform = (
        scores[scores["arm"] == UNIFORM].drop(columns="arm").rename(columns={"value": "uniform"})
    )
    pairs = (
        scores[scores["arm"] != UNIFORM].merge(uniform, on=["seed", *keys]).dropna(subset=values)
    )
    found, p = [], []
    for (arm, metric, cell_type, better), part in pairs.groupby(["arm", *keys], sort=False):
        gap = paired_difference((part["value"] - part["uniform"]).to_numpy(), overlap)
        found.append((arm, metric, cell_type, part["uniform"].mean(), part["value"].mean(),
                      gap.mean, gap.low, gap.high, gap.pairs, better))  # fmt: skip
        p.append(gap.p)
    frame = pd.DataFrame(found, columns=[name for name in COLUMNS if name != "verdict"])
    corrected = np.empty(len(frame))
    for family in _families([(str(row[1]), str(row[2])) for row in found]):
        corrected[family] = holm(np.array(p)[family])
    rows = zip(frame["difference"], corrected, frame["better"], strict=True)
    return frame.assign(verdict=[verdict(*row) for row in rows])


def _families(questions: Sequence[tuple[str, str]]) -> Iterator[NDArray[np.bool_]]:
    """Yield which rows are corrected for one another: those on headlines, on costs, all others."""
    headline, cost = (
        np.array([question in asked for question in questions], dtype=bool)
        for asked in (HEADLINES, COSTS)
    )
    yield from (headline, cost, ~headline & ~cost)


def by_question(comparison: pd.DataFrame) -> Mapping[str, Compared]:
    """Return the rows of a comparison by arm and question."""
    found: dict[str, dict[tuple[str, str], Row]] = {}
    for values in comparison[list(COLUMNS)].itertuples(index=False):
        row = Row(*values)
        found.setdefault(row.arm, {})[row.metric, row.cell_type] = row
    return found
