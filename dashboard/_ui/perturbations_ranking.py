"""The perturbations ranked: by their effect, and by how well each is predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.perturbations_choice import open_perturbation
from dashboard._ui.perturbations_outcomes import TASKS
from dashboard._ui.perturbations_tables import meanings, needed, perturbation_rows
from dashboard._ui.run_tables import table_of
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

MOST = 40
_EFFECT = "perturbations/effects"


def show_ranking(run: Run) -> None:
    """Draw both rankings and the table of all perturbations."""
    from scdyn_core.plots.perturbation_ranking import effect_ranking_figure

    told = needed(run, "perturbations")
    st.markdown("**By effect**")
    chart(
        effect_ranking_figure(told, most=MOST, palette=palette()),
        name="effects",
        key=_EFFECT,
        data=told,
        on_select=lambda: _open_clicked(told["perturbation"]),
        selection_mode="points",
    )
    st.caption("Click one to open it. Filled: its effect is visible (adjusted p below 5 %).")
    rows = perturbation_rows(run)
    table(rows.round(3), name="perturbations", key="perturbations/all", columns=meanings(run),
          height=320)  # fmt: skip
    scores, calibration = table_of(run, "prediction_scores"), table_of(run, "calibration")
    if scores is not None and calibration is not None and len(scores):
        _by_prediction(scores, calibration, told)


def _by_prediction(scores: pd.DataFrame, calibration: pd.DataFrame, told: pd.DataFrame) -> None:
    from scdyn_core.plots.perturbation_score_ranking import score_ranking_figure

    st.markdown("**By how well it is predicted**")
    left, right, _ = st.columns([2, 3, 3])
    ranked = calibration.sort_values("headline", ascending=False, kind="stable")
    metric = left.selectbox("Metric", list(ranked["metric"]), key="perturbations/rank_metric")
    tasks = [str(task) for task in scores["task"].unique()]
    task = right.selectbox("Predicted", tasks, key="perturbations/rank_task",
                           format_func=lambda name: TASKS.get(name, name))  # fmt: skip
    row = ranked[ranked["metric"] == metric].iloc[0]
    if not row["headline"]:
        st.warning(plain(row["verdict"], 500), icon=":material/balance:")
    better = "higher" if row["better"] == "higher" else "lower"
    rows = scores[(scores["metric"] == metric) & (scores["task"] == task)]
    chart(
        score_ranking_figure(
            scores, metric, task=task, better=better, perturbations=told, most=MOST,
            palette=palette(),
        ),
        name="prediction_ranking",
        key="perturbations/score_ranking",
        data=rows,
    )  # fmt: skip
    _beaten(rows, metric, task, told)


def _beaten(rows: pd.DataFrame, metric: str, task: str, told: pd.DataFrame) -> None:
    """Table: each perturbation with the run's score and that of the best baseline."""
    from scdyn_core.evaluation.perturbation.summary import ranking

    found = ranking(rows, metric, task=task)
    found = found.merge(told[["perturbation", "visible"]], on="perturbation", how="left")
    seen = found[found["visible"]]
    if len(seen):
        st.markdown(
            f"Of {count(len(seen), 'perturbation')} with a visible effect, the run is ahead of "
            f"every baseline in **{int((seen['gain'] > 0).sum()):,}**; by chance alone, it would "
            "be in some."
        )
    table(found.round(4), name="predicted_perturbations", key="perturbations/predicted_table",
          columns=_MEANINGS, height=300)  # fmt: skip


def _open_clicked(names: pd.Series) -> None:
    points = st.session_state[_EFFECT]["selection"]["points"]
    rows = [int(point["customdata"][0]) for point in points if point.get("customdata")]
    inside = [row for row in rows if 0 <= row < len(names)]
    if inside:
        open_perturbation(str(names.iloc[inside[0]]))


_MEANINGS = {
    "value": "score of this run",
    "baseline": "the best of the baselines for this perturbation, chosen afterwards: a hard rival",
    "baseline_value": "score of that baseline",
    "gain": "how much better this run is than that baseline, whichever way is better",
    "ceiling": "score of a second measurement of the same perturbation",
    "visible": "whether the perturbation has a visible effect; scores of the others are noise",
}
