"""Who was drawn: weights in times the uniform one, masses of types, a plane to look at."""

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from scipy.sparse import csr_matrix

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.methods.sampling_tables import sampling_tables
from scdyn_core.training.fit import Trained
from scdyn_core.training.population import Population

#: Of six cells the last is not trained on.
SAMPLES = np.arange(5)
POPULATION = Population(np.array([0, 0, 0, 0, 1]), ("all", "mass/rare"))
WEIGHTS = np.array([[0.1, 0.1, 0.1, 0.2, 0.5], [0.2, 0.2, 0.2, 0.2, 0.2]])
COUNTS = np.array([[0, 3, 3, 4, 15], [5, 5, 5, 5, 5]])


def record(epoch, replicate, mass):
    return {
        "phase": "fit", "epoch": 1, "epoch_total": epoch, "part": "sampling",
        "replicate": replicate, "effective_share": 0.6, "most": 2.5,
        "mass/all": 1 - mass, "mass/mass/rare": mass,
    }  # fmt: skip


def dataset(**maps):
    names = [f"c{k}" for k in range(6)]
    adata = AnnData(csr_matrix((6, 2)), pd.DataFrame(index=names))
    adata.obsm.update(maps)
    return Dataset(adata, Roles(), "made", "0")


def tables(log=(), population=POPULATION, **maps):
    found = Trained([], WEIGHTS, COUNTS, list(log))
    told = sampling_tables(found, population, dataset(**maps), SAMPLES)
    for name, table in told.items():
        assert list(table.frame.columns) == list(table.columns), name
    return {name: table.frame for name, table in told.items()}


def test_weights_are_in_times_the_uniform_one():
    cells = tables()["sampling_cells"]
    assert cells["weight"].tolist() == pytest.approx([0.5, 0.5, 0.5, 1.0, 2.5, *[1.0] * 5])
    assert cells["draws"].tolist() == COUNTS.ravel().tolist()
    assert cells["cell"].tolist() == [f"c{k}" for k in range(5)] * 2
    assert cells["cell_type"].tolist() == [*["all"] * 4, "mass/rare"] * 2


def test_masses_are_those_that_were_logged_whatever_types_are_called():
    mass = tables([record(1, 0, 0.2), record(7, 0, 0.5)])["sampling_mass"]
    assert mass["epoch"].tolist() == [1, 1, 7, 7]
    assert mass["mass"].tolist() == pytest.approx([0.8, 0.2, 0.5, 0.5])
    assert mass["share"].tolist() == pytest.approx([0.8, 0.2] * 2)
    assert mass["cells"].tolist() == [4, 1] * 2


def test_draws_that_were_uniform_throughout_have_one_row_a_replicate():
    log = tables()["sampling"]
    assert log["replicate"].tolist() == [0, 1]
    assert (log[["effective_share", "most", "epoch"]] == 1).all().all()


def test_without_types_there_are_no_masses():
    found = tables(population=Population())
    assert "sampling_mass" not in found
    assert "cell_type" not in found["sampling_cells"]


def test_a_map_is_a_plane_of_the_training_cells():
    umap = np.arange(18.0).reshape(6, 3)
    cells = tables(X_umap=umap, X_pca=np.ones((6, 1)))["sampling_cells"]
    assert cells["umap_2"].tolist() == [1.0, 4.0, 7.0, 10.0, 13.0] * 2
    # One component is no plane.
    assert not {"pca_1", "pca_2", "umap_3"} & set(cells)
