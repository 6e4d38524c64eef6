"""Every figure of a finished run, by file name: what ``scdyn export`` writes."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.evaluation.field.fixed_points import find_fixed_points
from scdyn_core.evaluation.field.learned_field import LearnedField
from scdyn_core.evaluation.field.plane import Sheet
from scdyn_core.evaluation.field.support import Support
from scdyn_core.evaluation.score import Score
from scdyn_core.evaluation.selection import chosen_replicate
from scdyn_core.methods.clera.interactions import clera_edges
from scdyn_core.networks.view import NetworkView
from scdyn_core.plots.cell_catalogue import cell_figures, latent_columns
from scdyn_core.plots.coefficient_map import coefficient_figure
from scdyn_core.plots.confusion import confusion_figure
from scdyn_core.plots.derivative_sources import derivative_source_figure
from scdyn_core.plots.direction import direction_figure
from scdyn_core.plots.experiment_catalogue import experiment_figures
from scdyn_core.plots.loss_curves import loss_figure
from scdyn_core.plots.metric_rows import draws_of, losses_of
from scdyn_core.plots.network import network_figure
from scdyn_core.plots.network_catalogue import network_comparison_figures
from scdyn_core.plots.perturbation_catalogue import perturbation_figures
from scdyn_core.plots.phase_portrait import phase_portrait
from scdyn_core.plots.program_catalogue import program_figures
from scdyn_core.plots.rare_catalogue import rare_figures
from scdyn_core.plots.rare_epochs import sampling_epochs_figure
from scdyn_core.plots.response_catalogue import response_figures
from scdyn_core.plots.score_dots import score_figure
from scdyn_core.plots.term_stability import term_stability_figure
from scdyn_core.plots.time_error import time_error_figure

#: A largest weight up to this, in times the uniform one, is uniform but for rounding.
EVEN = 1.001


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


def figures_of_run(run: RunReader) -> dict[str, go.Figure]:
    """Draw what the run's tables allow, for the chosen replicate where there are several."""
    figures: dict[str, go.Figure] = {}
    if scores := run.scores():
        figures["scores"] = score_figure(scores)
    metrics = run.metrics()
    if len(losses_of(metrics)):
        figures["loss_curves"] = loss_figure(metrics)
    draws = draws_of(metrics)
    if len(draws) and (draws["most"] > EVEN).any():
        figures["sampling"] = sampling_epochs_figure(draws)
    tables = {name: run.table(name) for name in run.tables}
    number = chosen_replicate(tables.get("replicates"))
    if "equations" in tables:
        equations = tables["equations"]
        figures["coefficients"] = coefficient_figure(
            equations, number, stability=tables.get("stability")
        )
    if {"stability", "equations"} <= tables.keys():
        figures["term_stability"] = term_stability_figure(tables["stability"], tables["equations"])
    figures.update(cell_figures(tables, number))
    if {"latent", "equations"} <= tables.keys():
        figures.update(_portraits(tables, number))
    if "classifier" in tables:
        classifier = tables["classifier"]
        figures["confusion"] = confusion_figure(classifier, number, "test")
    figures.update(program_figures(tables, number))
    figures.update(response_figures(tables))
    figures.update(perturbation_figures(tables))
    figures.update(rare_figures(tables))
    figures.update(experiment_figures(tables))
    figures.update(network_comparison_figures(tables))
    if {"equations", "latent"} <= tables.keys():
        figures.update(_network(tables, number))
    if "direction" in tables:
        figures["direction"] = direction_figure(tables["direction"])
    if "time_error" in tables and tables["time_error"]["counts"].any():
        figures["time_error"] = time_error_figure(tables["time_error"])
    if "derivative_sources" in tables:
        figures["derivative_sources"] = derivative_source_figure(tables["derivative_sources"])
    return figures


def _network(tables: dict[str, pd.DataFrame], number: int) -> dict[str, go.Figure]:
    edges = clera_edges(tables.get, number)
    if edges is None or edges.empty:
        return {}
    view = NetworkView.of(edges)
    return {"network": network_figure(view.graph, view.communities.membership, view.places)}


def _portraits(tables: dict[str, pd.DataFrame], number: int) -> dict[str, go.Figure]:
    latent, cells = tables["latent"], tables.get("cells")
    columns = latent_columns(latent)
    if len(columns) < 2:
        return {}
    first = latent[latent["replicate"] == number]
    z = first[columns].to_numpy(dtype=np.float64)
    field = LearnedField.of(tables["equations"], number)
    groups = None
    if cells is not None and "cell_type" in cells:
        groups = cells.set_index("cell")["cell_type"].reindex(first["cell"]).astype(str).tolist()
    figure = phase_portrait(
        field,
        z,
        Sheet.most_telling(field, z),
        groups=groups,
        fixed_points=find_fixed_points(field, Support(z)),
    )
    return {"phase_portrait": figure}
