"""What a metric can tell on this data set, asked before anyone reads it.

A repeat of the experiment is the best that can be hoped for; saying that nothing changes, or the
same of all perturbations, is the least. A metric that puts the repeat no higher than these two
says nothing of a model either, whatever its value.

Source: Miller et al., bioRxiv 2025.10.20.683304 (the dynamic range fraction).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from scdyn_core.evaluation.perturbation.baselines import MEAN, NO_CHANGE
from scdyn_core.evaluation.perturbation.duplicate import DUPLICATE, INTERPOLATED
from scdyn_core.evaluation.perturbation.metrics import METRICS, Metric

COLUMNS = (
    "metric",
    "better",
    "no_change",
    "mean_perturbation",
    "duplicate",
    "dynamic_range",
    "share_duplicate_better",
    "verdict",
    "headline",
)
#: A headline covers half of the way to perfect, and ranks the repeat first in two of three.
HEADLINE_RANGE, HEADLINE_SHARE = 0.5, 2 / 3
#: Below this range, or where the repeat wins no more often than it loses, a metric is blind.
BLIND_RANGE, BLIND_SHARE = 0.1, 0.5


def calibrate(scores: pd.DataFrame, perturbations: Collection[str]) -> pd.DataFrame:
    """Judge every metric by the perturbations that have a visible effect.

    Parameters
    ----------
    scores
        Of one task, as the suite returns them; other columns and models are not looked at.
    perturbations
        Those to judge by. Of perturbations without an effect all is noise, and every metric looks
        blind: they are left out.

    Returns
    -------
    DataFrame
        One row a metric. ``no_change``, ``mean_perturbation`` and ``duplicate`` are means over
        perturbations; the duplicate is the raw or the interpolated one, whichever the metric likes
        better. ``dynamic_range`` = (duplicate - negative) / (perfect - negative), at most 1, the
        negative being the better of the other two. ``share_duplicate_better`` is the share of
        perturbations in which the duplicate beats it (ties count a half). ``verdict`` is a
        sentence, and ``headline`` whether the metric may stand where everybody looks. Values are
        NaN where no perturbation has a duplicate.
    """
    kept = scores[scores["perturbation"].isin(list(perturbations))]
    rows = [_judge(metric, kept[kept["metric"] == metric.name]) for metric in METRICS]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _judge(metric: Metric, scores: pd.DataFrame) -> tuple[object, ...]:
    """Return the row of one metric."""
    wide = scores.pivot_table(index="perturbation", columns="model", values="value")
    models = [NO_CHANGE, MEAN, DUPLICATE, INTERPOLATED]
    wide = wide.reindex(columns=models).dropna(subset=models[:3])
    sign = 1.0 if metric.better == "higher" else -1.0
    if wide.empty:
        told = "No perturbation with a visible effect could be repeated: nothing is known of it."
        return (metric.name, metric.better, *[np.nan] * 5, told, False)
    means = wide.mean()
    negative = max(models[:2], key=lambda model: sign * means[model])
    repeats = [model for model in models[2:] if wide[model].notna().all()]
    # An unbiased distance falls below 0 by chance; that is no better than 0.
    positive = max(repeats, key=lambda model: min(sign * means[model], sign * metric.perfect))
    gap = sign * (wide[positive] - wide[negative])
    share = float(((gap > 0) + 0.5 * (gap == 0)).mean())
    room = sign * (metric.perfect - means[negative])
    won = sign * (means[positive] - means[negative])
    covered = float(min(won / room, 1.0)) if room > 0 else np.nan
    headline = covered >= HEADLINE_RANGE and share >= HEADLINE_SHARE
    return (
        metric.name,
        metric.better,
        float(means[NO_CHANGE]),
        float(means[MEAN]),
        float(means[positive]),
        covered,
        share,
        _verdict(covered, share, len(wide), negative),
        bool(headline),
    )


def _verdict(covered: float, share: float, perturbations: int, negative: str) -> str:
    """Return one plain sentence."""
    rival = {NO_CHANGE: "no change at all", MEAN: "the mean of all perturbations"}[negative]
    if not (covered >= BLIND_RANGE and share > BLIND_SHARE):
        return f"Cannot tell {rival} from a repeat of the experiment: do not read it."
    counted = f"in {int(share * perturbations)} of {perturbations} perturbations"
    if covered >= HEADLINE_RANGE and share >= HEADLINE_SHARE:
        return f"Tells a repeat of the experiment from {rival} {counted}: it can be read."
    return (
        f"Puts a repeat of the experiment above {rival} {counted}, but covers only "
        f"{covered:.0%} of the way to perfect: read it next to the technical duplicate."
    )
