"""Every figure of an experiment, by file name; and of a run that predicts an unseen response."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.rare_arms import arm_forest_figure, arm_mass_figure
from scdyn_core.plots.rare_unseen import predictors_figure

#: Panels of unseen responses, those there are.
METRICS = ("Pearson delta", "MSE", "R2 of change")


def experiment_figures(tables: Mapping[str, pd.DataFrame]) -> dict[str, go.Figure]:
    """Draw what the tables of a run allow; nothing where it holds no comparison."""
    figures: dict[str, go.Figure] = {}
    if "arm_comparison" in tables and len(tables["arm_comparison"]):
        figures["arms"] = arm_forest_figure(tables["arm_comparison"])
    if "arm_mass" in tables and len(tables["arm_mass"]):
        figures["arm_mass"] = arm_mass_figure(tables["arm_mass"])
    scores = tables.get("unseen_scores")
    if scores is not None and len(scores):
        there = [metric for metric in METRICS if (scores["metric"] == metric).any()]
        summary = tables.get("unseen_summary")
        figures["unseen_responses"] = predictors_figure(scores, there, summary=summary)
    return figures
