"""A model against its baselines: means over perturbations, and where each is predicted best."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.perturbation.duplicate import DUPLICATE, INTERPOLATED
from scdyn_core.evaluation.perturbation.metrics import METRICS
from scdyn_core.evaluation.perturbation.suite import THIS_RUN
from scdyn_core.evaluation.score import Score

#: Not models: cells of the perturbation that was to be predicted.
CEILINGS = (DUPLICATE, INTERPOLATED)
#: Share of draws that an interval holds, draws, and perturbations that one takes.
LEVEL, DRAWS, LEAST_PERTURBATIONS = 0.95, 1000, 4

_DIRECTION = {metric.name: metric.better for metric in METRICS}


def summarise(
    scores: pd.DataFrame, perturbations: Collection[str], *, seed: int, model: str = THIS_RUN
) -> pd.DataFrame:
    """Compare a model with every other, metric by metric, on the perturbations both predict.

    Parameters
    ----------
    scores
        As the suite returns them, of any tasks.
    perturbations
        Those that count: with a visible effect, say.
    seed
        Of the bootstrap over perturbations.
    model
        The model that the others are compared with.

    Returns
    -------
    DataFrame
        ``task``, ``metric``, ``better``, ``model``, ``value`` (mean of that model),
        ``own`` (mean of the compared model on the same perturbations), ``gain`` (how much better
        the compared model is: positive whatever the direction of the metric), ``gain_low``,
        ``gain_high`` (95 % interval of the gain, perturbations drawn with replacement; NaN with
        fewer than four) and ``perturbations`` (how many). The model itself is one of the rows, with
        a gain of 0 over itself.
    """
    kept = scores[scores["perturbation"].isin(list(perturbations))]
    rows = []
    for (task, metric), part in kept.groupby(["task", "metric"], sort=False):
        wide = part.pivot_table(index="perturbation", columns="model", values="value", sort=False)
        if model not in wide:
            continue
        better = _DIRECTION[str(metric)]
        for other in wide.columns:
            both = wide[[other, model]].dropna().to_numpy(dtype=np.float64)
            if not len(both):
                continue
            values, own = both[:, 0], both[:, 1]
            gain = own - values if better == "higher" else values - own
            low, high = _interval(gain, seed)
            rows.append((task, metric, better, other, values.mean(), own.mean(),
                         gain.mean(), low, high, len(both)))  # fmt: skip
    columns = ["task", "metric", "better", "model", "value", "own"]
    columns += ["gain", "gain_low", "gain_high", "perturbations"]
    return pd.DataFrame(rows, columns=columns)


def as_scores(
    summary: pd.DataFrame, metrics: Collection[str], *, task: str, split: str
) -> list[Score]:
    """Return the means of the compared model as scores with their baselines.

    Baselines that do not predict all of the perturbations that the model predicts are left out:
    their means would be of other perturbations. So are the duplicates, which are no baselines.

    Parameters
    ----------
    summary
        Of one model, as ``summarise`` returns it.
    metrics
        Those that become scores: the headlines of the calibration.
    task, split
        Rows that are taken, and what the scores were measured on in words.
    """
    found = []
    for metric in metrics:
        part = summary[(summary["task"] == task) & (summary["metric"] == metric)]
        if part.empty:
            continue
        whole = part[part["perturbations"] == part["perturbations"].max()]
        rivals = whole[~whole["model"].isin([THIS_RUN, *CEILINGS])]
        found.append(
            Score(
                metric=metric,
                value=float(whole["own"].iloc[0]),
                split=split,
                better=whole["better"].iloc[0],
                baselines={row.model: float(row.value) for row in rivals.itertuples()},
            )
        )
    return found


def ranking(
    scores: pd.DataFrame, metric: str, *, task: str = "seen", model: str = THIS_RUN
) -> pd.DataFrame:
    """Order perturbations by how much better they are predicted than by the best baseline.

    The best baseline is that of each perturbation by itself, with hindsight: beating it is hard.

    Returns
    -------
    DataFrame
        ``perturbation``, ``value`` (of the model), ``baseline`` (name of the best one),
        ``baseline_value``, ``gain`` (positive where the model is better, whatever the direction),
        ``ceiling`` (of the technical duplicate, NaN where there is none); largest gain first.
    """
    part = scores[(scores["task"] == task) & (scores["metric"] == metric)]
    wide = part.pivot_table(index="perturbation", columns="model", values="value", sort=False)
    sign = 1.0 if _DIRECTION[metric] == "higher" else -1.0
    rivals = sign * wide.drop(columns=[model, *CEILINGS], errors="ignore")
    columns = ["perturbation", "value", "baseline", "baseline_value", "gain", "ceiling"]
    if model not in wide or rivals.empty or not rivals.columns.size:
        return pd.DataFrame(columns=columns)
    own = wide[model].dropna()
    rivals = rivals.loc[own.index].dropna(how="all")
    own, best = own.loc[rivals.index], rivals.max(axis=1)
    found = pd.DataFrame({
        "perturbation": own.index, "value": own.to_numpy(),
        "baseline": rivals.idxmax(axis=1).to_numpy(), "baseline_value": (sign * best).to_numpy(),
        "gain": (sign * own - best).to_numpy(),
        "ceiling": wide.reindex(columns=[DUPLICATE]).loc[own.index, DUPLICATE].to_numpy(),
    })  # fmt: skip
    return found.sort_values("gain", ascending=False, ignore_index=True)[columns]


def _interval(gain: NDArray[np.float64], seed: int) -> tuple[float, float]:
    """Return the interval of the mean by bootstrap over perturbations."""
    if len(gain) < LEAST_PERTURBATIONS:
        return np.nan, np.nan
    rng = np.random.default_rng(seed)
    means = gain[rng.integers(len(gain), size=(DRAWS, len(gain)))].mean(axis=1)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
