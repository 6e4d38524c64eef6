"""A small dataset with spliced and unspliced counts for tests of the derivative sources."""

import numpy as np

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators.registry import simulate

ROLES = Roles(cell_type="cell_type", spliced="spliced", unspliced="unspliced", counts="spliced")


def small_cycle(cells=360, genes=60, seed=0):
    """Cells on a limit cycle, with X log-normalised and the true phase as pseudotime."""
    adata = simulate("hopf", seed, n_cells=cells, n_genes=genes)
    totals = adata.layers["spliced"].sum(axis=1).A1
    adata.X = adata.layers["spliced"].multiply(500 / totals[:, None]).tocsr().log1p()
    latent = adata.obsm["latent_true"]
    adata.obs["phase"] = np.arctan2(latent[:, 1], latent[:, 0])
    return Dataset(adata, ROLES, "cycle", "0" * 64)


def with_other_test_cells(dataset, split):
    """Replace the counts of the test cells by those of other cells in random order."""
    rng = np.random.default_rng(1)
    order = np.arange(dataset.adata.n_obs)
    order[split.test] = rng.choice(split.train, len(split.test))
    adata = dataset.adata.copy()
    adata.X = adata.X[order]
    for layer in adata.layers:
        adata.layers[layer] = adata.layers[layer][order]
    for column in adata.obs:
        adata.obs[column] = adata.obs[column].array[order]
    return Dataset(adata, dataset.roles, dataset.name, "1" * 64)
