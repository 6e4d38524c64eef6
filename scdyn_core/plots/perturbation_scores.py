"""Scores of predictions, put together for figures: baselines, the best of them, intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scdyn_core.plots.perturbation_looks import CONTROLS, DUPLICATE, THIS_RUN

#: A duplicate drawn towards the mean of perturbations as far as suits a metric.
INTERPOLATED = "interpolated duplicate"
#: Half a 95 % interval in standard errors.
NINETY_FIVE = 1.96
#: Metrics whose small values are good, where a run has no table ``calibration``.
LOWER = frozenset({"MSE", "weighted MSE", "E-distance"})


def better_of(metric: str, calibration: pd.DataFrame | None = None) -> str:
    """Return whether ``higher`` or ``lower`` values of a metric are better."""
    if calibration is not None:
        known = calibration.loc[calibration["metric"] == metric, "better"]
        if len(known):
            return str(known.iloc[0])
    return "lower" if metric in LOWER else "higher"


def wide_scores(scores: pd.DataFrame, metric: str, task: str) -> pd.DataFrame:
    """Return one metric of one task, perturbations in rows and models in columns.

    The interpolated duplicate is left out: it calibrates metrics, and is no rival.
    """
    own = scores[(scores["metric"] == metric) & (scores["task"] == task)]
    own = own[own["model"] != INTERPOLATED]
    return own.pivot_table(
        index="perturbation", columns="model", values="value", aggfunc="mean", sort=False
    )


def baselines_of(models: pd.Index) -> list[str]:
    """Return the models that are neither this run nor a second measurement."""
    return [model for model in models if model not in (THIS_RUN, DUPLICATE)]


def best_baseline(wide: pd.DataFrame, better: str) -> pd.DataFrame:
    """Return the best baseline of every perturbation: columns model and value."""
    values = wide[baselines_of(wide.columns)].dropna(how="all")
    picked = values.idxmax(axis=1) if better == "higher" else values.idxmin(axis=1)
    best = values.max(axis=1) if better == "higher" else values.min(axis=1)
    return pd.DataFrame({"model": picked, "value": best}).reindex(wide.index)


def judged(perturbations: pd.DataFrame) -> list[str]:
    """Return the perturbations on which predictions can be judged: those with a visible effect.

    Where none has one, all but the controls: scores of what does nothing are noise, and say so.
    """
    own = perturbations[~perturbations["kind"].isin(CONTROLS)]
    visible = own[own["visible"].astype(bool)]
    return [str(name) for name in (visible if len(visible) else own)["perturbation"]]


def suite_table(
    prediction_scores: pd.DataFrame,
    calibration: pd.DataFrame | None,
    perturbations: pd.DataFrame,
    task: str,
) -> pd.DataFrame:
    """Return the mean of every metric and model, with its paired difference to this run.

    Returns
    -------
    pandas.DataFrame
        metric, better, model, mean, difference (model − this run, over perturbations both have),
        low and high (95 % interval of the difference, normal, over perturbations; NaN with fewer
        than two), perturbations (how many), headline, verdict. Metrics in their order, headlines
        first; models from best to worst.
    """
    rows = prediction_scores[prediction_scores["perturbation"].isin(judged(perturbations))]
    found = []
    for metric in dict.fromkeys(rows.loc[rows["task"] == task, "metric"]):
        wide = wide_scores(rows, metric, task)
        better = better_of(metric, calibration)
        said = _calibrated(calibration, metric)
        for model in wide:
            both = (
                wide[[model]].join(wide[[THIS_RUN]], rsuffix=" own") if THIS_RUN in wide else None
            )
            difference = (
                pd.Series(dtype=float) if both is None else (both.iloc[:, 0] - both.iloc[:, -1])
            ).dropna()
            n = len(difference)
            mean = float(difference.mean()) if n else np.nan
            half = NINETY_FIVE * float(difference.std(ddof=1)) / np.sqrt(n) if n > 1 else np.nan
            found.append(
                {
                    "metric": metric,
                    "better": better,
                    "model": str(model),
                    "mean": float(wide[model].mean()),
                    "difference": mean,
                    "low": mean - half,
                    "high": mean + half,
                    "perturbations": int(wide[model].notna().sum()),
                    "sign": 1.0 if better == "lower" else -1.0,
                    **said,
                }
            )
    columns = ["metric", "better", "model", "mean", "difference", "low", "high", "perturbations",
               "headline", "verdict", "dynamic_range"]  # fmt: skip
    if not found:
        return pd.DataFrame(columns=columns)
    table = pd.DataFrame(found)
    order = {metric: place for place, metric in enumerate(dict.fromkeys(table["metric"]))}
    table = table.assign(
        place=table["metric"].map(order), later=~table["headline"],
        size=table["mean"] * table["sign"],
    )  # fmt: skip
    table = table.sort_values(["later", "place", "size"], kind="stable", ignore_index=True)
    return table[columns]


def _calibrated(calibration: pd.DataFrame | None, metric: str) -> dict[str, object]:
    own = None if calibration is None else calibration[calibration["metric"] == metric]
    if own is None or own.empty:
        return {"headline": True, "verdict": "", "dynamic_range": np.nan}
    first = own.iloc[0]
    return {
        "headline": bool(first["headline"]),
        "verdict": str(first["verdict"]),
        "dynamic_range": float(first["dynamic_range"]),
    }
