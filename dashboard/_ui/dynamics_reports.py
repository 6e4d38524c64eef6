"""What else a run found: gene programs, classifier, and how much the data had to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.dynamics_tables import columns_of, latent_name

if TYPE_CHECKING:
    import pandas as pd

MOST_GENES = 30


def show_programs(programs: pd.DataFrame, replicate: int) -> None:
    """Draw the genes that rise and fall along each latent."""
    from scdyn_core.plots.gene_programs import program_figure

    numbers = sorted(int(number) for number in programs["latent"].unique())
    left, right = st.columns([3, 1])
    most = right.slider("Genes each way", 5, MOST_GENES, 12, key="programs/most")
    latent = left.segmented_control("Latent", numbers, default=numbers[0], required=True,
                                    key="programs/latent",
                                    format_func=lambda number: latent_name(number - 1))  # fmt: skip
    chart(
        program_figure(programs, replicate, latent, most=most, palette=palette()),
        name=f"program_z{latent}",
        key="dynamics/program",
    )
    st.caption(
        "How much each gene changes, on average over cells, when the latent rises by one sd "
        "and the others stay. An association within this model, not proof of regulation."
    )
    rows = programs[(programs["replicate"] == replicate) & (programs["latent"] == latent)]
    table(
        rows.sort_values("effect", ascending=False, key=abs)[["gene", "effect"]],
        name=f"program_z{latent}",
        key="dynamics/program_table",
        columns=columns_of(programs),
        height=280,
    )


def show_classifier(classifier: pd.DataFrame, replicate: int) -> None:
    """Draw the confusion matrix of the cell types."""
    from scdyn_core.plots.confusion import confusion_figure

    parts = [part for part in ("test", "validation", "train") if part in set(classifier["part"])]
    part = st.segmented_control("Cells", parts, default=parts[0], required=True,
                                key="classifier/part")  # fmt: skip
    rows = classifier[(classifier["replicate"] == replicate) & (classifier["part"] == part)]
    right = rows.loc[rows["true"].astype(str) == rows["predicted"].astype(str), "cells"].sum()
    st.metric(f"Correct, {part} cells", f"{right / max(rows['cells'].sum(), 1):.1%}")
    chart(
        confusion_figure(classifier, replicate, part, palette=palette()),
        name="confusion",
        key="dynamics/confusion",
        data=rows,
    )


def show_sources(sources: pd.DataFrame) -> None:
    """Draw how predictable the derivative was before any training."""
    from scdyn_core.plots.derivative_sources import derivative_source_figure

    parts = list(dict.fromkeys(sources["part"]))
    part = "test" if "test" in parts else parts[-1]
    chart(
        derivative_source_figure(sources, part=part, palette=palette()),
        name="derivative_sources",
        key="dynamics/sources",
    )
    st.caption(
        "Measured before training. Where even simple methods explain nothing of the derivative, no "
        "model can learn equations of motion from it; where they explain as much after the "
        "directions were shuffled, it is the shape of the data that they explain."
    )
    table(sources, name="derivative_sources", key="dynamics/source_table",
          columns=columns_of(sources))  # fmt: skip
