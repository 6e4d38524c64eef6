"""Maps of the cells of a run, from its tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.embedding import VelocityColumns, embedding_figure

#: Columns that colour the cells, the most telling first.
COLOURS = ("cell_type", "perturbation", "time", "pseudotime", "condition", "part")
#: What else a map is worth being coloured by.
_SECOND = "condition"
SOURCES = {"data": "dz", "equations": "dzhat"}
#: Latents of more dimensions are looked at on the map of the cells, not two at a time.
_MOST_LATENTS = 3


def latent_columns(latent: pd.DataFrame) -> list[str]:
    """Return the columns ``z1 … zd`` of a ``latent`` table, in order."""
    names = [f"z{number}" for number in range(1, len(latent.columns) + 1)]
    return [name for name in names if name in latent.columns]


def cell_figures(tables: Mapping[str, pd.DataFrame], number: int) -> dict[str, go.Figure]:
    """Draw the cells on the map of a run, and on its latents where those are few.

    Parameters
    ----------
    tables
        Of a run; without ``cells`` and ``latent`` there is nothing to draw.
    number
        Whose latents, the replicate.
    """
    if not {"latent", "cells"} <= tables.keys() or "cell" not in tables["latent"]:
        return {}
    cells, latent = tables["cells"], tables["latent"]
    colour = next((name for name in COLOURS if name in cells), None)
    if colour is None:
        return {}
    figures = {}
    own = latent_columns(latent)
    if 1 < len(own) <= _MOST_LATENTS:
        figures["latent_map"] = _latents(cells, latent[latent["replicate"] == number], colour)
    if {"umap_1", "umap_2"} <= set(cells.columns):
        figures["umap"] = _umap(cells, colour)
        if colour != _SECOND and _SECOND in cells:
            figures[f"umap_{_SECOND}"] = _umap(cells, _SECOND)
    return figures


def _latents(cells: pd.DataFrame, latent: pd.DataFrame, colour: str) -> go.Figure:
    columns = ["replicate", "cell", *(name for name in latent if name not in cells)]
    frame = latent[list(dict.fromkeys(columns))].merge(cells, on="cell", validate="one_to_one")
    return embedding_figure(
        frame,
        x="z1",
        y="z2",
        axis_titles=("z<sub>1</sub> (sd)", "z<sub>2</sub> (sd)"),
        colour=colour,
        velocities={
            name: VelocityColumns(f"{prefix}1", f"{prefix}2")
            for name, prefix in SOURCES.items()
            if f"{prefix}1" in frame
        },
    )


def _umap(cells: pd.DataFrame, colour: str) -> go.Figure:
    arrows = {"velocity": VelocityColumns("velocity_umap_1", "velocity_umap_2")}
    return embedding_figure(
        cells,
        x="umap_1",
        y="umap_2",
        axis_titles=("UMAP 1", "UMAP 2"),
        colour=colour,
        velocities=arrows if "velocity_umap_1" in cells else None,
        measured_axes=False,
    )
