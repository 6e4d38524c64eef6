"""A small generated dataset and how to run one step on it."""

import pytest

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators import simulate

ROLES = Roles(cell_type="cell_type", spliced="spliced", unspliced="unspliced")


@pytest.fixture(scope="session")
def small_dataset():
    """200 cells × 60 genes that branch; tests must leave it untouched."""
    sample = simulate("bistable", n_cells=200, n_genes=60)
    sample.var_names = [*sample.var_names[:-3], "mt-Nd1", "Rps2", "Rpl3"]
    return Dataset(sample, ROLES, "small", fingerprint="f" * 16)


@pytest.fixture
def adata(small_dataset):
    """A copy of the small sample that a step may change."""
    return small_dataset.adata.copy()


@pytest.fixture
def roles():
    return ROLES
