"""Losses of runs while they trained, on one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.compare_data import metrics_of

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

_PARTS = {"validation": "validation", "train": "training"}


def show_losses(picked: dict[str, Run]) -> None:
    """Draw one loss of every run that has it."""
    from scdyn_core.plots.loss_comparison import loss_comparison_figure, loss_curves, loss_terms

    metrics = {name: metrics_of(run) for name, run in picked.items()}
    metrics = {name: frame for name, frame in metrics.items() if not frame.empty}
    terms = loss_terms(metrics)
    if not terms:
        st.info("No two of these runs have a loss in common yet.", icon=":material/info:")
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    if st.session_state.get("compare/loss") not in terms:
        st.session_state["compare/loss"] = terms[0]
    term = left.selectbox("Loss", terms, key="compare/loss",
                          format_func=lambda name: name.replace("_", " "))  # fmt: skip
    part = right.segmented_control(
        "Samples", list(_PARTS), default="validation", required=True, key="compare/loss_part",
        format_func=_PARTS.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    curves = loss_curves(metrics, term=term, part=part)
    if curves.empty:
        st.info("This loss was not measured on these samples.", icon=":material/info:")
        return
    figure = loss_comparison_figure(metrics, term=term, part=part, palette=palette())
    chart(figure, name="compared_losses", key="compare/losses", data=curves)
    st.caption("Lines: median over the replicates; bands: their range.")
    st.caption(_caution(picked))


def _caution(picked: dict[str, Run]) -> str:
    methods = {run.spec.method for run in picked.values()}
    if len(methods) > 1:
        return (
            "Losses of different methods are not the same quantity: only the shapes compare, and "
            "the scores say which run is better."
        )
    return (
        "Losses compare between runs with the same weights of their terms, on the same cells; "
        "the scores say which run is better."
    )
