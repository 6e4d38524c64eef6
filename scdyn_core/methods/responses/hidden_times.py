"""Predicting a time that was hidden, beside what a sceptic would do instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scdyn_core.data.split import Part
from scdyn_core.evaluation.forecast.baselines import baselines_of
from scdyn_core.evaluation.forecast.intervals import interval_factor
from scdyn_core.evaluation.forecast.task import HiddenTime, Prediction
from scdyn_core.methods.method import Table
from scdyn_core.methods.responses.pseudobulk import Curves, Matrix
from scdyn_core.methods.responses.reading import Reading
from scdyn_core.reporter import Reporter, raise_if_cancelled

MODEL = "this run"
#: More inner times say no more and take as long each.
MOST_TIMES = 6
FORECAST, BETWEEN = "forecast", "hidden time"
MEANINGS = {
    "task": "whether the hidden time is between others or the last one",
    "time": "the hidden time",
    "model": "who predicts",
    "gene": "a test gene",
    "observed": "its log2 expression at the hidden time",
    "predicted": "what was predicted from its other times",
    "low": "lower end of the 90 % interval, calibrated on validation genes",
    "high": "upper end of the 90 % interval",
    "se": "standard error of the observed value",
}


@dataclass(frozen=True)
class HiddenTimes:
    """Predictions of test genes, and how wide intervals must be to hold.

    Attributes
    ----------
    table
        One row per task, time, model and test gene.
    factor
        What a standard deviation of the model is multiplied with for half a 90 % interval,
        learned where inner times of validation genes were hidden.
    """

    table: Table
    factor: float


def hidden_times(
    reading: Reading,
    parts: Mapping[Part, Curves],
    names: list[str],
    seed: int,
    reporter: Reporter,
) -> HiddenTimes:
    """Hide inner times and the last one, one at a time, and predict them.

    Parameters
    ----------
    parts
        Curves of the genes of each part, offset included.
    names
        Names of the test genes.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    times = parts["train"].times
    frames, errors, widths = [], [], []
    hidden_ones = [*inner_times(len(times)), len(times) - 1]
    for number, hidden in enumerate(hidden_ones):
        raise_if_cancelled(reporter)
        reporter.progress("prediction", number, len(hidden_ones), f"time {times[hidden]:g}")
        validation = dict(_predictions(reading, parts, "validation", hidden, seed))
        seen = _observed(reading, parts["validation"], hidden)
        test = _predictions(reading, parts, "test", hidden, seed)
        for name, prediction in test:
            known = validation[name]
            # Where a baseline has no idea of its error, neither has its interval.
            sure = np.isfinite(known.sd).all()
            factor = interval_factor(seen - known.mean, known.sd) if sure else np.nan
            frames.append(_rows(reading, parts["test"], hidden, name, names, prediction, factor))
            if name == MODEL and hidden < len(times) - 1:
                errors.append(seen - known.mean)
                widths.append(known.sd)
    reporter.progress("prediction", len(hidden_ones), len(hidden_ones))
    factor = interval_factor(np.concatenate(errors), np.concatenate(widths))
    return HiddenTimes(Table(pd.concat(frames, ignore_index=True), MEANINGS), factor)


def inner_times(count: int) -> list[int]:
    """Return which inner times are hidden: all, or evenly chosen ones where there are many."""
    inner = np.arange(1, count - 1)
    if len(inner) <= MOST_TIMES:
        return [int(t) for t in inner]
    chosen = np.linspace(0, len(inner) - 1, MOST_TIMES).round().astype(int)
    return [int(t) for t in np.unique(inner[chosen])]


def _predictions(
    reading: Reading, parts: Mapping[Part, Curves], part: Part, hidden: int, seed: int
) -> Iterator[tuple[str, Prediction]]:
    """Yield what the run and every baseline predict for the genes of a part."""
    found, train = parts[part], parts["train"]
    mean, sd = reading.predicted(found, hidden)
    # How well the hidden value was measured is hidden with it: as well as the others, on average.
    error = np.sqrt(np.mean(np.delete(found.se, hidden, axis=1) ** 2, axis=1))
    yield MODEL, Prediction(mean[:, hidden], np.hypot(sd[:, hidden], error))
    task = HiddenTime.of(
        found.times,
        hidden,
        (train.mean - reading.offset, train.se),
        (found.mean - reading.offset, found.se),
    )
    for name, baseline in baselines_of(task).items():
        yield name, baseline(task, seed)


def _observed(reading: Reading, found: Curves, hidden: int) -> Matrix:
    observed: Matrix = found.mean[:, hidden] - reading.offset[hidden]
    return observed


def _rows(
    reading: Reading,
    found: Curves,
    hidden: int,
    model: str,
    names: list[str],
    prediction: Prediction,
    factor: float,
) -> pd.DataFrame:
    half = factor * prediction.sd
    return pd.DataFrame(
        {
            "task": FORECAST if hidden == len(found.times) - 1 else BETWEEN,
            "time": found.times[hidden],
            "model": model,
            "gene": names,
            "observed": _observed(reading, found, hidden),
            "predicted": prediction.mean,
            "low": prediction.mean - half,
            "high": prediction.mean + half,
            "se": found.se[:, hidden],
        }
    )
