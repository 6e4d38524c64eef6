"""Predictions where nothing was seen: how much of an effect each model invents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.perturbations_outcomes import OWN
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

#: Errors over that of no change up to which nothing, or little, is invented.
NOTHING, LITTLE = 1.02, 1.25
#: Measurements, not models.
DUPLICATE = "technical duplicate"


def show_nulls(scores: pd.DataFrame, told: pd.DataFrame, task: str) -> None:
    """Draw the error of every model on perturbations without a visible effect, if there are any."""
    from scdyn_core.evaluation.perturbation.false_positives import false_positives
    from scdyn_core.plots.perturbation_nulls import null_prediction_figure, unseen

    errors = false_positives(scores, set(told.loc[unseen(told), "perturbation"].astype(str)), task)
    if errors.empty:
        return
    st.subheader("Where nothing was seen", anchor=False)
    st.markdown(null_words(errors))
    chart(
        null_prediction_figure(errors, palette=palette()),
        name="false_positives",
        key="perturbations/nulls",
        data=errors,
    )
    st.caption(
        "Mean squared error of the predicted changes over that of predicting none, for "
        "perturbations without a visible effect and the null control; large points are means. "
        "Right of the line a model invents an effect."
    )


def null_words(errors: pd.DataFrame) -> str:
    """Say how much the run invents, and which model invents least (Markdown)."""
    perturbations = errors["perturbation"].nunique()
    mean = errors.groupby("model")["error"].mean()
    words = f"{count(perturbations, 'perturbation')} without a visible effect"
    if OWN not in mean:
        return f"This run predicts nothing of {words}."
    own = float(mean[OWN])
    said = "**invents an effect**"
    if own <= LITTLE:
        said = "**invents little**" if own > NOTHING else "**invents nothing**"
    rivals = mean.drop([OWN, DUPLICATE], errors="ignore")
    beside = ""
    if len(rivals):
        best = str(rivals.idxmin())
        lead = "no other model invents less; the next is" if own <= rivals[best] else "least has"
        beside = f"; {lead} {plain(best)} ({rivals[best]:.2f})"
    return (
        f"For {words}, this run {said}: its error is {own:.2f} times that of predicting no change"
        f"{beside}."
    )
