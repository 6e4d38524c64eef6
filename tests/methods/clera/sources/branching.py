"""Cells on a stem that forks into two arms, with known motion and no counts."""

import anndata
import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.split import Split

FORK = ("stem>left", "stem>right")
GENES = 30


def fork(cells=600, seed=0, noise=0.05):
    """Return the dataset and the true direction of every cell in expression, unit length."""
    rng = np.random.default_rng(seed)
    time = rng.uniform(0, 1, cells)
    side = rng.choice([-1, 1], cells)
    beyond = np.clip(time - 0.5, 0, None)
    states = np.column_stack([time, 2 * side * beyond])
    directions = np.column_stack([np.ones(cells), 2 * side * (time > 0.5)])
    loading = np.linalg.qr(rng.normal(size=(GENES, 2)))[0].T * 3
    expression = 3 + states @ loading + noise * rng.normal(size=(cells, GENES))
    types = np.where(time < 0.5, "stem", np.where(side > 0, "left", "right"))
    obs = pd.DataFrame(
        {"kind": pd.Categorical(types), "t": time}, index=[f"c{i}" for i in range(cells)]
    )
    adata = anndata.AnnData(expression, obs=obs)
    dataset = Dataset(adata, Roles(cell_type="kind", pseudotime="t"), "fork", "0" * 64)
    moves = directions @ loading
    return dataset, moves / np.linalg.norm(moves, axis=1, keepdims=True)


def drawn(dataset, seed=0):
    """Return a split of the cells."""
    return Split.draw(dataset.adata.n_obs, seed=seed, strata=np.asarray(dataset.adata.obs["kind"]))
