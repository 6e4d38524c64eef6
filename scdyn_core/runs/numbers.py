"""What a run found, as named numbers: to tell whether a repeat of it found the same."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from scdyn_core.runs.run import Run

#: Tables of an experiment that hold its answer.
_ANSWERS = ("arm_comparison", "unseen_summary")
_VALUES = ("value", "uniform", "difference", "low", "high")


def numbers_of(run: Run) -> dict[str, float]:
    """Return what a finished run found; without numbers that are not finite.

    Scores of the model and of baselines; of an experiment the rows of its comparison; where there
    is neither, cells and genes after every step of the recipe.
    """
    found = dict(_scores(run))
    for name in _ANSWERS:
        if name in run.tables:
            found |= dict(_rows(run.table(name)))
    if not found and run.prepared is not None:
        for number, record in enumerate(run.prepared.records, start=1):
            found[f"cells after step {number}, {record.title}"] = record.cells_after
            found[f"genes after step {number}, {record.title}"] = record.genes_after
    return found


def largest_difference(recorded: Mapping[str, float], found: Mapping[str, float]) -> float:
    """Return the largest relative difference; infinite where a number is missing."""
    if recorded.keys() != found.keys():
        return float("inf")
    return max((_difference(value, found[name]) for name, value in recorded.items()), default=0.0)


def _difference(one: float, other: float) -> float:
    return 0.0 if one == other else abs(one - other) / max(abs(one), abs(other))


def _scores(run: Run) -> Iterator[tuple[str, float]]:
    for score in run.scores():
        what = f"{score.metric} ({score.split})"
        yield f"{what}: model", score.value
        for name, value in score.baselines.items():
            yield f"{what}: {name}", value


def _rows(table: pd.DataFrame) -> Iterator[tuple[str, float]]:
    keys = [name for name in ("arm", "predictor", "metric", "cell_type") if name in table]
    for row in table.to_dict(orient="records"):
        what = ", ".join(str(row[key]) for key in keys)
        for name in _VALUES:
            if name in row and math.isfinite(row[name]):
                yield f"{what}: {name}", float(row[name])
