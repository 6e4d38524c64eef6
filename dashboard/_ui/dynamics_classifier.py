"""How well the latents tell the cell types apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table

if TYPE_CHECKING:
    import pandas as pd

PARTS = {"test": "Test cells", "validation": "Validation cells", "train": "Training cells"}


def show_classifier(classifier: pd.DataFrame, replicate: int) -> None:
    """Draw the confusion matrix and what it says of every type."""
    from scdyn_core.evaluation.classification import AVERAGE, COLUMNS, class_report
    from scdyn_core.plots.confusion import confusion_figure

    parts = [part for part in PARTS if part in set(classifier["part"])]
    part = st.segmented_control("Cells", parts, default=parts[0], required=True,
                                format_func=PARTS.__getitem__, key="classifier/part",
                                label_visibility="collapsed")  # fmt: skip
    rows = classifier[(classifier["replicate"] == replicate) & (classifier["part"] == part)]
    right = rows.loc[rows["true"].astype(str) == rows["predicted"].astype(str), "cells"].sum()
    report = class_report(rows)
    mean = report[report["type"] == AVERAGE].iloc[0]
    figure, numbers = st.columns([3, 2])
    with figure:
        chart(
            confusion_figure(classifier, replicate, part, palette=palette()),
            name="confusion",
            key="dynamics/confusion",
            data=rows,
        )
    with numbers:
        accuracy, balanced, f1 = st.columns(3)
        accuracy.metric("Correct", f"{right / max(rows['cells'].sum(), 1):.1%}",
                        help="Accuracy: common types count most")  # fmt: skip
        balanced.metric("Mean recall", f"{mean['recall']:.1%}",
                        help="Balanced accuracy: every type counts the same")  # fmt: skip
        f1.metric("Mean F1", f"{mean['f1']:.2f}", help="Every type counts the same")
        table(
            report.round(3),
            name=f"classifier_{part}",
            key=f"dynamics/classifier_table/{part}",
            columns=COLUMNS,
        )
        st.caption(
            "The classifier reads the latents alone. It shows what the latent space keeps apart, "
            "not how well types could be told from all genes; the scores have a logistic "
            "regression on principal components beside it."
        )
