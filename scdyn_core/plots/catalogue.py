"""Every figure of a finished run, by file name: what ``scdyn export`` writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.evaluation.score import Score
from scdyn_core.plots.coefficient_map import coefficient_figure
from scdyn_core.plots.confusion import confusion_figure
from scdyn_core.plots.derivative_sources import derivative_source_figure
from scdyn_core.plots.embedding import VelocityColumns, embedding_figure
from scdyn_core.plots.gene_programs import program_figure
from scdyn_core.plots.inclusion import inclusion_figure
from scdyn_core.plots.learned_field import LearnedField
from scdyn_core.plots.loss_curves import loss_figure
from scdyn_core.plots.phase_portrait import phase_portrait
from scdyn_core.plots.plane import Plane
from scdyn_core.plots.score_dots import score_figure

#: Columns that colour the cells, the most telling first.
COLOURS = ("cell_type", "time", "pseudotime", "condition", "part")
SOURCES = {"data": "dz", "equations": "dzhat"}


class RunReader(Protocol):
    """What a figure needs of a run."""

    @property
    def tables(self) -> list[str]:
        """Names of the result tables."""

    def table(self, name: str) -> pd.DataFrame:
        """Return one result table."""

    def scores(self) -> list[Score]:
        """Return the scores."""

    def metrics(self) -> pd.DataFrame:
        """Return the training metrics."""


def latent_columns(latent: pd.DataFrame) -> list[str]:
    """Return the columns ``z1 … zd`` of a ``latent`` table, in order."""
    names: Sequence[str] = [f"z{number}" for number in range(1, len(latent.columns) + 1)]
    return [name for name in names if name in latent.columns]


def figures_of_run(run: RunReader) -> dict[str, go.Figure]:
    """Draw what the run's tables allow, for the first replicate where there are several."""
    figures: dict[str, go.Figure] = {}
    if scores := run.scores():
        figures["scores"] = score_figure(scores)
    metrics = run.metrics()
    if len(metrics):
        figures["loss_curves"] = loss_figure(metrics)
    tables = {name: run.table(name) for name in run.tables}
    if "equations" in tables:
        equations = tables["equations"]
        figures["coefficients"] = coefficient_figure(equations, _first(equations))
        if equations["replicate"].nunique() > 1:
            figures["term_stability"] = inclusion_figure(equations)
    if {"latent", "cells"} <= tables.keys():
        figures.update(_maps(tables))
    if {"latent", "equations"} <= tables.keys():
        figures.update(_portraits(tables["latent"], tables["equations"]))
    if "classifier" in tables:
        classifier = tables["classifier"]
        figures["confusion"] = confusion_figure(classifier, _first(classifier), "test")
    if "programs" in tables:
        programs = tables["programs"]
        for number in sorted(programs["latent"].unique()):
            figure = program_figure(programs, _first(programs), int(number))
            figures[f"program_z{number}"] = figure
    if "derivative_sources" in tables:
        figures["derivative_sources"] = derivative_source_figure(tables["derivative_sources"])
    return figures


def _first(table: pd.DataFrame) -> int:
    return int(table["replicate"].min())


def _maps(tables: dict[str, pd.DataFrame]) -> dict[str, go.Figure]:
    cells, latent = tables["cells"], tables["latent"]
    colour = next(name for name in COLOURS if name in cells)
    first = latent[latent["replicate"] == _first(latent)].drop(columns="part")
    frame = first.merge(cells, on="cell", validate="one_to_one")
    figures = {}
    if len(latent_columns(latent)) > 1:
        figures["latent_map"] = embedding_figure(
            frame,
            x="z1",
            y="z2",
            axis_titles=("z<sub>1</sub> (sd)", "z<sub>2</sub> (sd)"),
            colour=colour,
            velocities={
                name: VelocityColumns(f"{prefix}1", f"{prefix}2")
                for name, prefix in SOURCES.items()
            },
        )
    if {"umap_1", "umap_2"} <= set(cells.columns):
        arrows = {"velocity": VelocityColumns("velocity_umap_1", "velocity_umap_2")}
        figures["umap"] = embedding_figure(
            cells,
            x="umap_1",
            y="umap_2",
            axis_titles=("UMAP 1", "UMAP 2"),
            colour=colour,
            velocities=arrows if "velocity_umap_1" in cells else None,
            measured_axes=False,
        )
    return figures


def _portraits(latent: pd.DataFrame, equations: pd.DataFrame) -> dict[str, go.Figure]:
    columns = latent_columns(latent)
    if len(columns) < 2:
        return {}
    first = latent[latent["replicate"] == _first(latent)]
    z = first[columns].to_numpy(dtype=np.float64)
    field = LearnedField.of(equations, _first(equations))
    return {"phase_portrait": phase_portrait(field, z, Plane.most_telling(field, z))}
