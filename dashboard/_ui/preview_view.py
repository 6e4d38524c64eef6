"""What a recipe did: what every step removed, quality before and after, genes, maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.greyed import greyed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from scdyn_core.preprocess.preview import Preview
    from scdyn_core.preprocess.step import StepRecord

_MEASURES = {
    "counts": ("Counts per cell", True),
    "genes": ("Detected genes per cell", True),
    "mitochondrial_percent": ("Mitochondrial counts (%)", False),
}
NO_ARROWS = "Arrows need the UMAP and velocities: choose UMAP, or add the step Velocity graph."
_MAPS = {"umap": "UMAP", "pca": "PCA"}
_POSITIONS = ("umap", "pca", "velocity_umap")
_NOT_COLOURS = ("cell", *(f"{name}_{axis}" for name in _POSITIONS for axis in (1, 2)))


@st.fragment
def show_preview(seen: Preview, *, key: str) -> None:
    """Draw a prepared dataset in four tabs, of which only the open one is drawn."""
    maps, quality, genes, steps = st.tabs(
        ["Map", "Quality", "Variable genes", "Steps"], key=f"{key}_tabs", on_change="rerun"
    )
    if maps.open:
        with maps:
            show_map(seen.after, key)
    if quality.open:
        with quality:
            show_quality(seen, key)
    if genes.open:
        with genes:
            show_genes(seen.genes, key)
    if steps.open:
        with steps:
            show_steps(seen.records, key)


def show_map(cells: pd.DataFrame, key: str) -> None:
    """Draw the cells on a map, coloured by a choice, with velocity arrows where known."""
    from scdyn_core.plots.embedding import VelocityColumns, embedding_figure

    maps = [name for name in _MAPS if f"{name}_1" in cells]
    if not maps:
        st.markdown(":gray[This recipe makes no map. Add the steps PCA, Neighbours and UMAP.]")
        return
    colours = [column for column in cells if column not in _NOT_COLOURS]
    left, middle, right = st.columns([2, 3, 2], vertical_alignment="bottom")
    chosen = left.segmented_control(
        "Map", maps, default=maps[0], required=True, format_func=_MAPS.__getitem__, key=f"{key}_map"
    )
    colour = middle.selectbox(
        "Colour",
        colours,
        index=colours.index("cell_type") if "cell_type" in colours else 0,
        format_func=lambda name: name.replace("_", " ").capitalize(),
        key=f"{key}_colour",
    )
    moving = chosen == "umap" and "velocity_umap_1" in cells
    arrows = right.toggle(
        "Velocity", value=True, key=f"{key}_arrows", **greyed(None if moving else NO_ARROWS)
    )
    velocities = {"RNA velocity": VelocityColumns("velocity_umap_1", "velocity_umap_2")}
    title = _MAPS[chosen]
    figure = embedding_figure(
        cells if colour else cells.assign(cells="all"),
        x=f"{chosen}_1",
        y=f"{chosen}_2",
        axis_titles=(f"{title} 1", f"{title} 2"),
        colour=colour or "cells",
        velocities=velocities if moving and arrows else None,
        measured_axes=chosen == "pca",
        palette=palette(),
    )
    chart(figure, name=f"map_{chosen}", key=f"{key}_map_chart", data=cells)


def show_quality(seen: Preview, key: str) -> None:
    """Draw the quality measures of the cells before and after."""
    from scdyn_core.plots.quality import before_after

    kept = seen.before[seen.before["kept"]] if "kept" in seen.before else seen.after
    measures = [name for name in _MEASURES if name in seen.before and seen.before[name].any()]
    if not measures:
        st.markdown(":gray[No raw counts in this dataset to measure quality on.]")
        return
    for column, name in zip(st.columns(len(measures)), measures, strict=True):
        title, log = _MEASURES[name]
        with column:
            figure = before_after(seen.before[name], kept[name], title, palette(), log=log)
            chart(figure, name=f"quality_{name}", key=f"{key}_quality_{name}")
    table(seen.before, name="cell_quality", key=f"{key}_cells", height=220)


def show_genes(genes: pd.DataFrame, key: str) -> None:
    """Draw which genes vary most."""
    from scdyn_core.plots.quality import variable_genes

    variability = next(
        (name for name in ("dispersion_normalised", "variance_normalised") if name in genes), None
    )
    if variability is None:
        st.markdown(":gray[This recipe does not look for variable genes.]")
        return
    frame = genes.rename(columns={variability: "variability", "highly_variable": "chosen"})
    figure = variable_genes(frame.dropna(subset=["mean", "variability"]), palette())
    chart(figure, name="variable_genes", key=f"{key}_genes", data=genes)


def show_steps(records: Sequence[StepRecord], key: str) -> None:
    """List what every step did, with its facts."""
    import pandas as pd

    rows = [
        {
            "step": record.title,
            "cells": record.cells_after,
            "genes": record.genes_after,
            "what happened": record.message,
            "seconds": round(record.seconds, 2),
            "facts": "; ".join(f"{name}: {_short(value)}" for name, value in record.facts.items()),
        }
        for record in records
    ]
    table(pd.DataFrame(rows), name="steps", key=f"{key}_steps", height="content")


def _short(value: float | int | str) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
