"""Values the model did not see: a hidden time and the last one, beside simple methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import folded_table, table
from dashboard._ui.genes_search import choose_marked
from dashboard._ui.genes_tables import needed
from dashboard._ui.genes_words import prediction_words
from dashboard._ui.run_tables import columns_of

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run


def show_prediction(run: Run) -> None:
    """Draw the errors of all models on the values that were hidden."""
    from scdyn_core.plots.prediction_errors import prediction_error_figure, prediction_scores

    predictions = needed(run, "predictions")
    for sentence in prediction_words(predictions):
        st.markdown(sentence)
    chart(
        prediction_error_figure(predictions, palette=palette()),
        name="prediction_errors",
        key="genes/prediction",
    )
    st.caption(
        "Root mean squared error, log2, on genes the models were not trained on, against the "
        "measured means. No model can be better than the noise of those means."
    )
    table(prediction_scores(predictions).round(3), name="prediction_scores",
          key="genes/prediction_table", columns=_MEANINGS)  # fmt: skip
    _values(run, predictions)


def _values(run: Run, predictions: pd.DataFrame) -> None:
    from scdyn_core.plots.observed_predicted import observed_predicted_figure

    st.markdown("**Predicted and measured**")
    left, middle, right = st.columns([2, 2, 3], vertical_alignment="bottom")
    tasks = [str(task) for task in predictions["task"].unique()]
    task = left.selectbox("Task", tasks, key="genes/task")
    own = predictions[predictions["task"] == task]
    model = middle.selectbox("Model", [str(name) for name in own["model"].unique()],
                             key="genes/model")  # fmt: skip
    with right:
        marked = choose_marked(run)
    chart(
        observed_predicted_figure(predictions, task, model=model, genes=marked, palette=palette()),
        name="observed_predicted",
        key="genes/observed_predicted",
        data=own[own["model"] == model],
    )
    folded_table(own[own["model"] == model].round(3), "All values as a table", name="predictions",
                 key="genes/predictions", columns=columns_of(predictions))  # fmt: skip


_MEANINGS = {
    "task": "what was hidden: a time in the middle, or the last one",
    "values": "values of test genes that were hidden",
    "rmse": "root mean squared error of the predicted means, log2",
    "rmse_low": "lower end of its 95 % interval over genes",
    "rmse_high": "upper end of its 95 % interval over genes",
    "noise": "standard error of the measured means: no model can be better",
    "coverage": "share of the measured means inside the 90 % bands",
}
