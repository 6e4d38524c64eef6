"""Displacement on the velocity graph: density, the null, and one velocity for all."""

import anndata
import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.neighbors import KNeighborsRegressor

from scdyn_core.evaluation.dynamics import share_explained
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.displacement import (
    common_displacement,
    destroy_directions,
    displacement,
    displacement_at_density,
)
from scdyn_core.methods.clera.sources.smoothing import average_neighbours
from scdyn_core.reporter import SilentReporter

CELLS, GENES = 360, 14
CONFIG = CleraConfig(neighbours=15, graph_rounds=2)


def plane(cells=CELLS, seed=0):
    """Return cells spread over a plane in gene space that all move the same way along it."""
    rng = np.random.default_rng(seed)
    z = rng.uniform(-1, 1, (cells, 2))
    loadings = np.random.default_rng(9).normal(size=(2, GENES))
    spliced = 20 + 3 * z @ loadings + 0.3 * rng.normal(size=(cells, GENES))
    adata = anndata.AnnData(csr_matrix(spliced))
    adata.layers["spliced"] = adata.layers["unspliced"] = csr_matrix(spliced)
    adata.obsm["X_pca"] = z
    adata.var["velocity_genes"] = True
    adata.var["velocity_gamma"] = 1.0
    average_neighbours(adata, {"Ms": "spliced", "Mu": "unspliced"}, CONFIG, "train")
    way = np.array([1.0, 0.0]) @ loadings
    adata.layers["velocity"] = way + 0.2 * rng.normal(size=(cells, GENES))
    return adata, way


def predictable(train, moves, test, target):
    """Return the share of ``target`` that ten nearest cells of ``train`` explain."""
    nearest = KNeighborsRegressor(10).fit(train.obsm["X_pca"], moves)
    return share_explained(target, nearest.predict(test.obsm["X_pca"]))


def test_cells_go_where_the_velocity_points():
    adata, way = plane()
    moves = displacement(adata)
    inner = np.abs(adata.obsm["X_pca"]).max(axis=1) < 0.7
    cosines = moves[inner] @ way / np.linalg.norm(moves[inner], axis=1) / np.linalg.norm(way)
    assert np.mean(cosines) > 0.8
    assert np.square(moves).mean() == pytest.approx(1.0)


@pytest.mark.parametrize(("turns", "least", "most"), [(True, -1.0, 0.1), (False, 0.6, 1.0)])
def test_turned_round_the_null_cannot_be_predicted_though_all_cells_share_a_velocity(
    turns, least, most
):
    """Dealt out alone, velocities all still point the shared way."""
    train, _ = plane(seed=0)
    test, _ = plane(seed=1)
    real = predictable(train, displacement(train), test, displacement(test))
    rng = np.random.default_rng(0)
    for adata in (train, test):
        destroy_directions(adata, rng, turns=turns)
    null = predictable(train, displacement(train), test, displacement(test))
    assert real > 0.8
    assert least < null < most


def test_one_velocity_for_all_explains_what_all_share_and_nothing_of_a_turn():
    adata, _ = plane()
    average = adata.layers["velocity"].mean(axis=0)
    shared = common_displacement(adata, average)
    assert share_explained(displacement(adata), shared) > 0.8
    z = adata.obsm["X_pca"]
    loadings = np.linalg.lstsq(z, adata.layers["Ms"] - adata.layers["Ms"].mean(0), rcond=None)[0]
    adata.layers["velocity"] = np.column_stack([-z[:, 1], z[:, 0]]) @ loadings
    turn = displacement(adata)
    same = common_displacement(adata, adata.layers["velocity"].mean(axis=0))
    assert share_explained(turn, same * (turn * same).sum() / (same**2).sum()) < 0.2


def test_a_dense_part_is_seen_at_the_density_of_a_sparse_one():
    """Displacements of a dense part predict a sparse part better when estimated at its density."""
    dense, _ = plane(cells=3 * CELLS, seed=2)
    sparse, _ = plane(cells=CELLS, seed=3)
    for adata in (dense, sparse):
        z = adata.obsm["X_pca"]
        centred = adata.layers["Ms"] - adata.layers["Ms"].mean(axis=0)
        loadings = np.linalg.lstsq(z, centred, rcond=None)[0]
        turn = np.column_stack([-z[:, 1], z[:, 0]]) @ loadings
        adata.layers["unspliced"] = csr_matrix(adata.layers["spliced"].toarray() + turn)
        adata.layers["velocity"] = turn
    rng = np.random.default_rng(0)
    matched = displacement_at_density(
        dense, CELLS, CONFIG, rng, SilentReporter(), directionless=False
    )
    target = displacement(sparse)
    assert predictable(dense, matched, sparse, target) > predictable(
        dense, displacement(dense), sparse, target
    )
