"""Maps of the cells of a run: every run whose cells have one shows it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scdyn_core.plots.cell_catalogue import cell_figures

N = 12


def tables(latents: int, **columns: object) -> dict[str, pd.DataFrame]:
    cells = [f"c{n}" for n in range(N)]
    latent = pd.DataFrame({"replicate": 0, "cell": cells, "part": "test"})
    for number in range(1, latents + 1):
        latent[f"z{number}"] = np.linspace(0, number, N)
    return {"latent": latent, "cells": pd.DataFrame({"cell": cells, "part": "test", **columns})}


MAP = {"umap_1": np.arange(N), "umap_2": np.arange(N)[::-1]}


def test_many_latents_are_shown_on_the_map_alone() -> None:
    assert list(cell_figures(tables(10, cell_type="T", **MAP), 0)) == ["umap"]


def test_few_latents_are_shown_themselves() -> None:
    figures = cell_figures(tables(2, cell_type="T"), 0)
    assert list(figures) == ["latent_map"]
    assert len(figures["latent_map"].data) == 1  # no derivative, no arrows


def test_a_condition_colours_a_map_of_its_own() -> None:
    figures = cell_figures(tables(10, cell_type="T", condition=["a", "b"] * 6, **MAP), 0)
    assert list(figures) == ["umap", "umap_condition"]
    assert [trace.name for trace in figures["umap_condition"].data] == ["a", "b"]


def test_what_has_no_cells_has_no_map() -> None:
    assert cell_figures({"latent": tables(2)["latent"].drop(columns="cell")}, 0) == {}
    assert cell_figures({}, 0) == {}
