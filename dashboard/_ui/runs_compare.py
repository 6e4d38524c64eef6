"""Several runs side by side: scores with baselines, what differs, losses, and the best of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.runs_label import run_label
from dashboard._ui.runs_pareto import show_pareto
from dashboard._ui.runs_scores import RULES, pick_best, score_frame
from dashboard._ui.settings_text import settings_rows, training_settings
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scdyn_core.evaluation.score import Score
    from scdyn_core.runs.run import Run

MOST = 12
#: Settings told in the line of a run; the table below has all.
MOST_TOLD = 3


def show_comparison(runs: Sequence[Run]) -> None:
    """Draw the choice of runs and everything that sets them apart."""
    trained = {run.id: run for run in runs if run.spec.kind == "train"}
    done = [run_id for run_id, run in trained.items() if run.state.status == "done"]
    before = st.session_state.get("compare/runs", done[:4])
    st.session_state["compare/runs"] = [run_id for run_id in before if run_id in trained]
    chosen = st.multiselect(
        "Runs to compare",
        list(trained),
        key="compare/runs",
        format_func=lambda run_id: run_label(trained[run_id]),
        max_selections=MOST,
        persist_state="session",
    )
    if not chosen:
        st.caption("Choose two or more runs, or one with several replicates.")
        return
    names = {run_id: f"{number} · {trained[run_id].spec.dataset.name}"
             for number, run_id in enumerate(chosen, start=1)}  # fmt: skip
    picked = {names[run_id]: trained[run_id] for run_id in chosen}
    differences = _different_settings(picked)
    for run_id in chosen:
        name = names[run_id]
        told = [f"{row['setting']} {row[name]}" for row in differences[:MOST_TOLD]]
        st.caption(
            f"**{plain(name)}**: {plain(run_label(trained[run_id]))}"
            + "".join(f" · {plain(words)}" for words in told)
        )
    show_pareto(picked)
    if len(chosen) < 2:
        st.caption("Choose two or more runs to see what sets them apart.")
        return
    scores = {name: run.scores() for name, run in picked.items()}
    _best(scores)
    _scores(scores)
    _differences(differences)
    _losses(picked)


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


def _scores(scores: dict[str, list[Score]]) -> None:
    from scdyn_core.plots.score_comparison import comparison_figure

    frame = score_frame(scores)
    if frame.empty:
        return
    figure = comparison_figure(scores, palette=palette())
    chart(figure, name="compared_scores", key="compare/scores")
    table(frame, name="compared_scores", key="compare/score_table")


def _different_settings(picked: dict[str, Run]) -> list[dict[str, str]]:
    settings = {
        name: {
            **run.spec.config,
            "training": training_settings(run.spec.options),
            "data": run.spec.dataset.name,
            "recipe": f"{run.spec.recipe.name} {run.spec.recipe.digest()[:6]}",
        }
        for name, run in picked.items()
    }
    return settings_rows(settings, only_differences=True)


def _differences(rows: list[dict[str, str]]) -> None:
    import pandas as pd

    st.markdown("**What differs**")
    if rows:
        table(pd.DataFrame(rows), name="compared_settings", key="compare/settings")
    else:
        st.caption("Nothing: these runs were asked to do the same.")


def _losses(picked: dict[str, Run]) -> None:
    from scdyn_core.plots.loss_comparison import loss_comparison_figure

    metrics = {name: run.metrics() for name, run in picked.items()}
    metrics = {name: frame for name, frame in metrics.items() if not frame.empty}
    if metrics:
        st.markdown("**Validation loss**")
        figure = loss_comparison_figure(metrics, palette=palette())
        chart(figure, name="compared_losses", key="compare/losses")
