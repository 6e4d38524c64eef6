"""Scores of runs beside each other and their baselines: who is ahead, and by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.compare_data import differences_of
from dashboard._ui.compare_words import difference_words, lead_words
from dashboard._ui.downloads import folded_table, table
from dashboard._ui.runs_pareto import show_pareto
from dashboard._ui.runs_scores import RULES, pick_best, score_frame
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from scdyn_core.evaluation.score import Score
    from scdyn_core.runs.run import Run

_LEADS = {
    "metric": "what was measured",
    "on": "on which samples",
    "ahead": "the best run",
    "score": "its score",
    "next": "the next best run",
    "next_score": "its score",
    "spread": "sd of the difference between one replicate of each, √(sd² + sd²)",
    "verdict": "beyond: more than twice the spread; within: less; unknown: a single replicate",
    "beats_its_baselines": "whether the best run is better than every baseline it was scored with",
}


def show_scores(picked: dict[str, Run]) -> None:
    """Draw scores, who is ahead in each, and the best run and replicate by a rule."""
    from scdyn_core.runs.comparison.comparable import rankable

    scores = {name: run.scores() for name, run in picked.items()}
    if len(picked) > 1:
        differences = differences_of(picked)
        for sentence in difference_words(differences, next(iter(picked))):
            st.warning(sentence, icon=":material/warning:")
        alike = rankable(differences, picked)
        if len(alike) > 1:
            _ahead({name: picked[name] for name in alike}, scores)
        _best(scores)
        _all(scores)
    show_pareto(picked)


def _ahead(picked: dict[str, Run], scores: dict[str, list[Score]]) -> None:
    from scdyn_core.evaluation.score_lead import leads
    from scdyn_core.runs.comparison.scores import lead_table

    found = leads({name: scores[name] for name in picked})
    if not found:
        st.info("These runs have no score in common.", icon=":material/info:")
        return
    st.markdown("\n".join(f"- {lead_words(lead)}" for lead in found))
    if any(run.spec.options.replicates == 2 for run in picked.values()):
        st.caption("Two replicates give a rough spread only; three or more say more.")
    folded_table(lead_table(found), "Who is ahead, as a table", name="score_leads",
                 key="compare/leads", columns=_LEADS)  # fmt: skip


def _best(scores: dict[str, list[Score]]) -> None:
    metrics = {score.metric: score.measured_on for several in scores.values() for score in several}
    if not metrics:
        return
    with st.container(border=True):
        left, right = st.columns(2)
        metric = left.selectbox("Pick the best by", list(metrics), key="compare/metric")
        rule = right.selectbox("Rule", list(RULES), format_func=RULES.__getitem__,
                               key="compare/rule")  # fmt: skip
        best = pick_best(scores, metric, rule)
        if best is None:
            st.caption("No run has a baseline in this metric.")
            return
        where = f"in {plain(metric)} on {plain(metrics[metric])} ({best.merit:+.3f})"
        if rule == "lead" and best.merit <= 0:
            st.markdown(
                ":material/balance: No run is ahead of its best baseline; "
                f"**{plain(best.run)}** comes closest {where}."
            )
        else:
            st.markdown(f":material/trophy: **{plain(best.run)}** has the {RULES[rule]} {where}.")
        if metrics[metric].startswith("test"):
            st.caption(
                "A winner picked by its test score looks a little better than it is: "
                "report the score of a new seed."
            )


def _all(scores: dict[str, list[Score]]) -> None:
    from scdyn_core.plots.score_comparison import comparison_figure

    frame = score_frame(scores)
    if frame.empty:
        return
    figure = comparison_figure(scores, palette=palette())
    chart(figure, name="compared_scores", key="compare/scores")
    table(frame, name="compared_scores", key="compare/score_table")
