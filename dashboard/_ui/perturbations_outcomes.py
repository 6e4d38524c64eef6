"""How a run predicts beside its baselines, on the metrics that can be read on these data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import streamlit as st

from dashboard._ui.perturbations_tables import needed
from dashboard._ui.run_tables import table_of

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

OWN = "this run"
#: Task -> what it is called in a sentence.
TASKS = {
    "seen": "test cells of perturbations it trained on",
    "held out": "perturbations it only adapted to",
    "combination": "combinations it never saw",
}


#: With fewer perturbations an interval tells nothing from chance.
FEWEST = 6


@dataclass(frozen=True)
class Outcome:
    """How a run did in one task by one metric, and the best of the baselines in it.

    ``result`` is ``unclear`` where too few ``perturbations`` were scored to tell.
    """

    task: str
    metric: str
    result: Literal["won", "tied", "lost", "unclear"]
    rival: str
    perturbations: int = FEWEST


def run_outcomes(run: Run) -> list[Outcome]:
    """Return how a run did in each task and metric, judged once."""
    if "prediction_scores" not in run.tables:
        return []
    return _judged(run.path, run.table_file("prediction_scores").stat().st_mtime_ns)


@st.cache_resource(max_entries=40, show_spinner=False)
def _judged(path: Path, changed: int) -> list[Outcome]:
    from scdyn_core.runs.run import Run

    run = Run.open(path)
    scores, calibration = table_of(run, "prediction_scores"), table_of(run, "calibration")
    return outcomes_of(scores, calibration, needed(run, "perturbations"))


def headline_metrics(calibration: pd.DataFrame | None) -> list[str]:
    """Return the metrics that tell a real prediction from a guess on these data."""
    if calibration is None:
        return []
    return [str(metric) for metric in calibration.loc[calibration["headline"], "metric"]]


def compared(
    scores: pd.DataFrame | None, calibration: pd.DataFrame | None, told: pd.DataFrame
) -> pd.DataFrame:
    """Return every baseline beside the run, on the headline metrics (as ``summarise`` does).

    Only perturbations with a visible effect count: scores of the others are noise.
    """
    import pandas as pd

    from scdyn_core.evaluation.perturbation.summary import CEILINGS, summarise

    metrics = headline_metrics(calibration)
    if scores is None or not metrics:
        return pd.DataFrame(columns=["task", "metric"])
    rivals = scores[scores["metric"].isin(metrics) & ~scores["model"].isin(CEILINGS)]
    visible = told.loc[told["visible"], "perturbation"]
    found = summarise(rivals, set(visible), seed=0, model=OWN)
    return found[found["model"] != OWN]


def outcomes_of(
    scores: pd.DataFrame | None, calibration: pd.DataFrame | None, told: pd.DataFrame
) -> list[Outcome]:
    """Return how the run did in each task and metric, told apart by 95 % intervals."""
    outcomes = [
        _outcome(str(task), str(metric), rows)
        for (task, metric), rows in compared(scores, calibration, told).groupby(
            ["task", "metric"], sort=False
        )
    ]
    order = list(TASKS)
    return sorted(
        outcomes, key=lambda one: order.index(one.task) if one.task in order else len(order)
    )


def _outcome(task: str, metric: str, rows: pd.DataFrame) -> Outcome:
    """Judge one task and metric by the baseline that the run leads least."""
    scored = int(rows["perturbations"].max())
    lost, tied = rows[rows["gain_high"] < 0], rows[rows["gain_low"] <= 0]
    result: Literal["won", "tied", "lost", "unclear"] = "won"
    if scored < FEWEST:
        result = "unclear"
    elif len(lost):
        result = "lost"
    elif len(tied):
        result = "tied"
    rivals = {"lost": lost, "tied": tied}.get(result, rows)
    rival = str(rivals.loc[rivals["gain"].idxmin(), "model"])
    return Outcome(task, metric, result, rival, scored)
