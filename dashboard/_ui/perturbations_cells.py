"""The cells on a map of the latents: by perturbation, by latent, or by a column of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.perturbations_choice import choose_perturbation
from dashboard._ui.perturbations_tables import (
    has_latents,
    needed,
    on_sets,
    shown_order,
    strength,
)
from dashboard._ui.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

WAYS = ("One perturbation", "Side by side", "Latents", "Columns")
MOST_PANELS = 12
#: Columns that are no property of the cells.
NO_COLOUR = ("cell", "umap_1", "umap_2", "perturbation")


def show_cells(run: Run) -> None:
    """Draw the map of the cells in one of several ways."""
    cells = needed(run, "cells")
    columns = [name for name in cells.columns if name not in NO_COLOUR]
    latents = has_latents(run)
    ways = [*WAYS[:2], *([WAYS[2]] if latents else []), *([WAYS[3]] if columns else [])]
    way = st.segmented_control("Colour by", ways, default=WAYS[0], required=True,
                               key="perturbations/cells_by",
                               label_visibility="collapsed")  # fmt: skip
    if way == WAYS[0]:
        _one(run, cells)
    elif way == WAYS[1]:
        _side_by_side(run, cells)
    elif way == WAYS[2]:
        _latents(run, cells)
    else:
        _columns(cells, columns, latents=latents)
    st.caption(
        ("UMAP of the latents of the first replicate." if latents else "UMAP of the cells.")
        + " For orientation only: distances between far points on a UMAP mean little."
    )


def _controls(run: Run) -> list[str]:
    told = needed(run, "perturbations")
    own = told.loc[told["kind"].isin(["control", "null control"]), "perturbation"]
    return [str(name) for name in own]


def _one(run: Run, cells: pd.DataFrame) -> None:
    from scdyn_core.plots.perturbation_cells import perturbation_cells_figure

    perturbation = choose_perturbation(run)
    chart(
        perturbation_cells_figure(cells, perturbation, _controls(run), palette=palette()),
        name="cells",
        key="perturbations/cells",
        data=cells,
    )


def _side_by_side(run: Run, cells: pd.DataFrame) -> None:
    from scdyn_core.plots.perturbation_cells import perturbation_cells_grid_figure

    names = [name for name in shown_order(run) if name not in _controls(run)]
    told = strength(needed(run, "perturbations").set_index("perturbation"))
    furthest = sorted(names, key=lambda name: -float(told[name]))[:6]
    chosen = st.multiselect("Perturbations", names, key=f"perturbations/cells_of/{run.id}",
                            max_selections=MOST_PANELS,
                            placeholder="the strongest")  # fmt: skip
    chart(
        perturbation_cells_grid_figure(
            cells, chosen or furthest, _controls(run), palette=palette()
        ),
        name="cells_side_by_side",
        key="perturbations/cells_grid",
        data=cells[cells["perturbation"].isin([*(chosen or furthest), *_controls(run)])],
    )


def _latents(run: Run, cells: pd.DataFrame) -> None:
    from scdyn_core.plots.perturbation_latent_maps import latent_map_figure

    latent = needed(run, "latent")
    numbers = [int(number) for number in needed(run, "latents")["latent"]]
    used = {number for own in on_sets(run).values() for number in own}
    chosen = st.multiselect("Latents", numbers, key=f"perturbations/latents_of/{run.id}",
                            max_selections=MOST_PANELS, format_func=lambda n: f"Latent {n}",
                            placeholder="those that a perturbation shifts")  # fmt: skip
    shown = chosen or [number for number in numbers if number in used][:MOST_PANELS] or numbers[:6]
    first = latent[latent["replicate"] == latent["replicate"].min()]
    chart(
        latent_map_figure(
            cells, first, shown, replicate=int(first["replicate"].iloc[0]), palette=palette()
        ),
        name="latent_maps",
        key="perturbations/latent_maps",
        data=first,
    )


def _columns(cells: pd.DataFrame, columns: list[str], *, latents: bool) -> None:
    from scdyn_core.plots.embedding import embedding_figure

    colour = st.selectbox("Column", columns, key="perturbations/column", width=320)
    chart(
        embedding_figure(
            cells,
            x="umap_1",
            y="umap_2",
            axis_titles=("UMAP 1", "UMAP 2"),
            colour=colour,
            measured_axes=False,
            palette=palette(),
        ),
        name="cells_by_column",
        key="perturbations/cells_column",
        data=cells,
    )
    if colour == "part":
        st.caption("**adapt**: cells of held-out perturbations that the model adapted to.")
    elif colour == "total":
        st.caption(
            "Counts of the cell."
            + (" Where a latent follows them, it is one of depth." if latents else "")
        )
    elif not latents:
        st.caption(f"Where the cells of a perturbation differ in {plain(colour)}, its effect may "
                   "be that.")  # fmt: skip
    else:
        st.caption(f"Where a latent follows {plain(colour)}, read its targets with care.")
