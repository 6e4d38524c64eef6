"""What the run predicts, beside its baselines, and which metrics can be read on these data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button, folded_table
from dashboard._ui.perturbations_nulls import show_nulls
from dashboard._ui.perturbations_outcomes import TASKS, headline_metrics, run_outcomes
from dashboard._ui.perturbations_tables import needed
from dashboard._ui.perturbations_words import named, outcome_words
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.selection import remember, remembered
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

LONGEST = 500
CALIBRATION_WORDS = (
    "A metric can be read where a second measurement of the same perturbation (**technical "
    "duplicate**) scores clearly better than guessing the mean of all perturbations or no change. "
    "The dynamic range is how much of the way from that guess to a perfect prediction the "
    "duplicate goes: near 0 or below, the metric cannot tell truth from the mean."
)


def show_prediction(run: Run) -> None:
    """Draw the suite for one task, then the calibration of its metrics."""
    scores, calibration = needed(run, "prediction_scores"), table_of(run, "calibration")
    told = needed(run, "perturbations")
    if scores.empty or calibration is None:
        st.info("Too few test cells to score a prediction.", icon=":material/hourglass_empty:")
        return
    task = _choose_task(scores)
    own = [one for one in run_outcomes(run) if one.task == task]
    for sentence in outcome_words(own):
        st.markdown(sentence)
    _suite(scores, calibration, told, task)
    show_nulls(scores, told, task)
    _calibration(calibration)
    csv_button(lambda: scores, name="prediction_scores", key="perturbations/scores_csv",
               label="Every score")  # fmt: skip


def _choose_task(scores: pd.DataFrame) -> str:
    tasks = [str(task) for task in scores["task"].unique()]
    tasks.sort(key=lambda task: list(TASKS).index(task) if task in TASKS else len(TASKS))
    if len(tasks) == 1:
        return tasks[0]
    asked = remembered("task")
    st.session_state["perturbations/task"] = asked if asked in tasks else tasks[0]
    task: str = st.segmented_control(
        "Task",
        tasks,
        required=True,
        key="perturbations/task",
        format_func=lambda name: plain(name).capitalize(),
        label_visibility="collapsed",
        on_change=lambda: remember("task", st.session_state["perturbations/task"]),
    )
    remember("task", task)
    return task


def _suite(scores: pd.DataFrame, calibration: pd.DataFrame, told: pd.DataFrame, task: str) -> None:
    from scdyn_core.plots.perturbation_suite import prediction_suite_figure, suite_table

    chart(
        prediction_suite_figure(scores, calibration, told, task=task, palette=palette()),
        name="prediction_suite",
        key="perturbations/suite",
    )
    there = set(scores.loc[scores["task"] == task, "perturbation"])
    left_out = told[told["perturbation"].isin(there) & ~told["visible"]]
    without = (
        f" {count(len(left_out), 'perturbation')} without a visible effect left out: their scores "
        "are noise, and stand by themselves below."
        if len(left_out)
        else ""
    )
    st.caption(f"Mean over perturbations, intervals of 95 %.{without}")
    rows = suite_table(scores, calibration, told, task)
    folded_table(rows.round(4), "The numbers", name="prediction_suite",
                 key="perturbations/suite_table", columns=columns_of(rows))  # fmt: skip


def _calibration(calibration: pd.DataFrame) -> None:
    st.subheader("Which metrics can be read here", anchor=False)
    st.caption(CALIBRATION_WORDS)
    metrics = headline_metrics(calibration)
    if metrics:
        st.markdown(f":material/check_circle: To be read: {named(metrics)}.")
    else:
        st.warning("No metric tells a second measurement from the mean: no prediction can be "
                   "judged on these data.", icon=":material/warning:")  # fmt: skip
    for row in calibration[~calibration["headline"]].itertuples():
        st.caption(f":material/block: **{plain(row.metric)}**: {plain(row.verdict, LONGEST)}")
    folded_table(calibration.round(4), "The numbers of the calibration", name="calibration",
                 key="perturbations/calibration", columns=columns_of(calibration))  # fmt: skip
