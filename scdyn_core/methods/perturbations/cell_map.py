"""The table of cells: part, perturbation, annotations, and a map of their latents."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import COLUMN_ROLES
from scdyn_core.methods.method import Table
from scdyn_core.methods.perturbations.labels import Labelled
from scdyn_core.training.seeding import derive_seed

Matrix = NDArray[np.float64]
#: Cells that the map is made from; others are put where their like are.
MOST_CELLS = 30_000
NEIGHBOURS, DISTANCE = 15, 0.3


def cells_table(
    dataset: Dataset,
    labelled: Labelled,
    part: NDArray[np.str_],
    latent: Matrix | None,
    totals: Matrix,
    seed: int,
) -> Table:
    """One row a cell that takes part.

    Parameters
    ----------
    latent
        What a map of the cells is made from, shape ``(n, L)``; ``None`` for no map.
    totals
        Counts of every cell, shape ``(n,)``.
    """
    obs = dataset.adata.obs.iloc[labelled.cells]
    frame = pd.DataFrame(
        {
            "cell": np.asarray(dataset.adata.obs_names, dtype=object)[labelled.cells],
            "part": part.astype(object),
            "perturbation": labelled.perturbation,
            "total": totals,
        }
    )
    meanings = {
        "cell": "name of the cell",
        "part": "train, validation, test, or adapt: cells of held-out perturbations that the "
        "model adapted to",
        "perturbation": "name of the perturbation, the null control among them",
        "total": "counts of the genes used",
    }
    if latent is not None:
        places = latent_map(latent, seed)
        frame["umap_1"], frame["umap_2"] = places[:, 0], places[:, 1]
        meanings["umap_1"] = "first coordinate of a map of the latents"
        meanings["umap_2"] = "second coordinate of a map of the latents"
    for role in COLUMN_ROLES:
        column = getattr(dataset.roles, role)
        if column is not None and role != "perturbation":
            frame[role] = obs[column].to_numpy()
            meanings[role] = f"{column} of the cell"
    return Table(frame, meanings)


def latent_map(latent: Matrix, seed: int) -> Matrix:
    """Return two coordinates of every cell (UMAP), for looking at only, shape ``(n, 2)``."""
    rng = np.random.default_rng(derive_seed(seed, "map"))
    some = len(latent) > MOST_CELLS
    chosen = np.sort(rng.choice(len(latent), MOST_CELLS, replace=False)) if some else slice(None)
    with warnings.catch_warnings():
        # It says what it lacks when it is imported, and that a fixed seed makes it run on one
        # core every time.
        warnings.simplefilter("ignore")
        import umap

        reducer = umap.UMAP(
            n_neighbors=min(NEIGHBOURS, len(latent) - 1),
            min_dist=DISTANCE,
            random_state=derive_seed(seed, "map") % 2**32,
            init="pca",
        ).fit(latent[chosen])
        return np.asarray(reducer.transform(latent) if some else reducer.embedding_, np.float64)
