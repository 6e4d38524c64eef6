"""How well responses of types never seen treated are predicted, beside every baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button, table
from dashboard._ui.rare_answer import ARM, needed
from dashboard._ui.rare_experiment import is_answered, show_answer
from dashboard._ui.rare_unseen_words import (
    HEADLINE,
    predictor_words,
    real_prediction_words,
    single_run_words,
)
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.selection import remember, remembered

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from scdyn_core.runs.run import Run

ALL_GENES, DE_GENES = "All genes", "Differentially expressed genes"
MEANINGS = {
    "Pearson delta": "correlation of predicted and observed change over genes",
    "MSE": "mean squared error of the mean expression over genes",
    "R2 of change": "share of the observed change that is predicted: 1 is perfect, 0 no better "
    "than no change and below 0 worse",
    "E-distance": "how far predicted cells lie from the treated ones",
}


#: Columns of a summary that are read last.
LAST = ["types", "seeds", "better"]


def show_predictors(run: Run) -> None:
    """Draw predictors and baselines, a dot a held-out type."""
    from scdyn_core.plots.rare_unseen import DE, METRICS, predictors_figure

    if run.spec.kind == "experiment" and not is_answered(run):
        return
    scores = table_of(run, "unseen_scores")
    if scores is None or scores.empty:
        genes = table_of(run, "unseen_genes")
        assert genes is not None, "a run with predictions has the table unseen_genes"
        st.info(real_prediction_words(genes), icon=":material/visibility_off:")
        st.caption("What is predicted stands in the view *Genes*.")
        return
    if run.spec.kind == "experiment":
        show_answer(needed(run, "answer"), good=is_better(needed(run, "unseen_summary")))
    else:
        st.markdown(single_run_words(scores))
    part = DE if _choose_genes(scores) == DE_GENES else ""
    there = set(scores["metric"])
    metrics = [f"{name}{part}" for name in METRICS if f"{name}{part}" in there]
    summary = table_of(run, "unseen_summary")
    chart(
        predictors_figure(scores, metrics, summary=summary, palette=palette()),
        name="unseen_predictors",
        key="rare/predictors",
        data=scores[scores["metric"].isin(metrics)],
    )
    told = "; ".join(
        f"**{name}**: {words}" for name, words in MEANINGS.items() if f"{name}{part}" in there
    )
    marks = "Mean over models."
    if scores["held_out"].nunique() > 1:
        marks = "Small dots: held-out types, mean over models; large marks: mean over types."
    bars = " Bars: 95 % interval of the mean." if summary is not None else ""
    st.caption(f"{marks}{bars} Dotted line: the best baseline. {told}.")
    with st.popover("What each predictor does", icon=":material/help:", type="tertiary"):
        st.markdown(predictor_words(scores["predictor"]))
    _table(scores, summary, metrics)
    csv_button(lambda: scores, name="unseen_scores", key="rare/unseen_csv",
               label="Every type and model")  # fmt: skip


def is_better(summary: pd.DataFrame) -> bool:
    """Return whether the best predictor with a model surely beats the best baseline."""
    own = summary[(summary["metric"] == HEADLINE[0]) & (summary["kind"] == "model")]
    own = own.dropna(subset=["value"])
    return len(own) > 0 and str(own.loc[own["value"].idxmax(), "verdict"]) == "better"


def wide_scores(scores: pd.DataFrame) -> pd.DataFrame:
    """Return predictors in rows and metrics in columns: mean over types, models before."""
    from scdyn_core.plots.rare_unseen import predictor_means

    told = predictor_means(scores)
    over = told[told["held_out"] == ""]
    wide = over.pivot_table(index=["predictor", "arm", "kind"], columns="metric", values="value",
                            sort=False, observed=True).reset_index()  # fmt: skip
    wide.columns.name = None
    # A baseline is the same whatever the model drew.
    baseline = wide["kind"] == "baseline"
    return wide[~(baseline & wide.duplicated(["predictor", "kind"]))].reset_index(drop=True)


def _table(scores: pd.DataFrame, summary: pd.DataFrame | None, metrics: list[str]) -> None:
    from scdyn_core.plots.rare_looks import arm_name
    from scdyn_core.plots.rare_unseen import THIS_RUN

    if summary is not None:
        told = summary[summary["metric"].isin(metrics)]
        told = told.iloc[best_first(told, metrics)]
        told = told.assign(arm=told["arm"].map(arm_name)).rename(columns={"arm": ARM})
        if told[ARM].nunique() == 1:
            told = told.drop(columns=ARM)
        last = [name for name in LAST if name in told]
        told = told[[*told.columns.difference(last, sort=False), *last]]
        numbers = told.select_dtypes("number").columns.difference(["types", "seeds"])
        table(told, name="unseen_summary", key="rare/unseen_table", columns=columns_of(summary),
              formats={str(name): "%.4g" for name in numbers})  # fmt: skip
        return
    wide = wide_scores(scores)
    if (wide["arm"] == THIS_RUN).all():
        wide = wide.drop(columns="arm")
    else:
        wide = wide.assign(arm=wide["arm"].map(arm_name)).rename(columns={"arm": ARM})
    table(wide, name="unseen_scores_mean",
          key="rare/unseen_table",
          formats={str(name): "%.4g" for name in wide.select_dtypes("number")})  # fmt: skip


def best_first(summary: pd.DataFrame, metrics: list[str]) -> NDArray[np.intp]:
    """Return the order of rows: metrics as they are drawn, the best value first."""
    import numpy as np

    sign = np.where(summary["better"] == "lower", 1.0, -1.0)
    return np.lexsort((sign * summary["value"], summary["metric"].map(metrics.index)))


def _choose_genes(scores: pd.DataFrame) -> str:
    from scdyn_core.plots.rare_unseen import DE

    if not scores["metric"].str.endswith(DE).any():
        return ALL_GENES
    key, ways = "rare/genes_of", [ALL_GENES, DE_GENES]
    asked = remembered("genes")
    st.session_state[key] = asked if asked in ways else ALL_GENES
    way: str = st.segmented_control(
        "Measured on", ways, required=True, key=key, label_visibility="collapsed",
        on_change=lambda: remember("genes", st.session_state[key]),
    )  # fmt: skip
    remember("genes", way)
    return way
