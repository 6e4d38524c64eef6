"""Cluster weights find what is rare only jointly, and leave a crowd as it is."""

from __future__ import annotations

import anndata
import numpy as np
import pytest
from sklearn.decomposition import PCA

from scdyn_core.data.simulators import simulate
from scdyn_core.training.resampling import nearest as module
from scdyn_core.training.resampling.clusters import cluster_weights, shared_neighbours
from scdyn_core.training.resampling.nearest import nearest
from scdyn_core.training.resampling.options import SAMPLING
from scdyn_core.training.resampling.shaping import effective_share
from scdyn_core.training.resampling.weights import sample_weights
from tests.training.resampling.cells import gain, jointly_rare, several_types


def drawn(scheme, latent, seed=0):
    return sample_weights(SAMPLING[scheme], latent=latent, classes=None, seed=seed)


@pytest.mark.parametrize("seed", [11, 12])
def test_what_is_rare_only_jointly_is_drawn_five_times_as_often(seed):
    latent, rare = jointly_rare(seed)
    found = gain(drawn("clusters", latent, seed), rare)
    assert found >= 5
    assert found > 5 * gain(drawn("marginal", latent), rare)
    assert gain(drawn("published", latent), rare) < 0.1


@pytest.mark.parametrize("seed", [21, 22, 23])
def test_rare_types_are_drawn_more_often_and_none_loses_half(seed):
    latent, label = several_types(seed)
    weights = {scheme: drawn(scheme, latent) for scheme in ("clusters", "marginal")}
    gains = {s: [gain(w, label == each) for each in range(6)] for s, w in weights.items()}
    assert min(gains["clusters"][3:]) > 2
    assert np.mean(gains["clusters"][3:]) > 1.5 * np.mean(gains["marginal"][3:])
    assert min(gains["clusters"]) > 0.6


@pytest.mark.parametrize("seed", [31, 32])
def test_a_crowd_is_left_as_it_is_however_it_is_cut(seed):
    latent = np.random.default_rng(seed).normal(size=(3000, 20))
    weights = drawn("clusters", latent)
    assert weights.max() * len(weights) < 1.1
    assert effective_share(weights) > 0.99


def test_a_continuum_without_clusters_is_left_nearly_as_it_is():
    rng = np.random.default_rng(41)
    latent = rng.normal(size=(3000, 10)) * 0.3
    latent[:, 0] += rng.uniform(0, 10, 3000)
    assert effective_share(drawn("clusters", latent)) > 0.97


def test_scattered_outliers_are_no_rare_type():
    rng = np.random.default_rng(51)
    latent = rng.normal(size=(3000, 10))
    latent[:30] *= 4
    assert gain(drawn("clusters", latent), np.arange(3000) < 30) < 2


def test_what_landmarks_say_holds_for_all(monkeypatch):
    latent, rare = jointly_rare(13, common=5850, rare=150, dimensions=20)
    monkeypatch.setattr(module, "LANDMARKS", 2000)
    weights = drawn("clusters", latent)
    assert len(weights) == 6000
    assert gain(weights, rare) >= 5


def test_the_same_seed_gives_the_same_weights():
    latent, _ = several_types(24, sizes=(600, 200, 30))
    np.testing.assert_array_equal(cluster_weights(latent, 15, 3), cluster_weights(latent, 15, 3))


@pytest.mark.parametrize("latent", [np.ones((50, 2)), np.arange(16.0)[:, None]])
def test_where_nothing_can_be_told_apart_all_are_equal(latent):
    np.testing.assert_array_equal(cluster_weights(latent, 15, 0), 1 / len(latent))


def test_links_are_weighted_by_the_neighbours_that_are_shared():
    # On a line, two neighbours each: of cell 0 they are 1 and 2, of cell 1 they are 0 and 2.
    latent = np.array([[0.0], [1.0], [1.9], [10.0], [11.0], [12.5]])
    graph = shared_neighbours(nearest(latent, 2)[1]).toarray()
    np.testing.assert_array_equal(graph, graph.T)
    assert graph[0, 1] == graph[1, 2] == 1
    assert graph[:3, 3:].sum() == 0
    assert np.diag(graph).sum() == 0


@pytest.mark.parametrize("seed", [5, 6])
def test_a_type_that_combines_the_programs_of_others_is_drawn_more_often(seed):
    sample = simulate("rare", seed)
    counts = sample.X.toarray()
    rate = counts / counts.sum(axis=1, keepdims=True) * 1e3
    latent = PCA(20, random_state=0).fit_transform(np.log1p(rate))
    joint = (sample.obs["cell_type"] == "rare, joint").to_numpy()
    found = gain(drawn("clusters", latent), joint)
    assert found > 2
    assert found > 1.2 * gain(drawn("marginal", latent), joint)


def test_real_types_of_like_size_are_left_nearly_as_they_are(shared_data):
    cells = anndata.read_h5ad(shared_data / "ctrl_stim" / "kang_1556x1267.h5ad")
    counts = cells.X.toarray().astype(float)
    rate = counts / counts.sum(axis=1, keepdims=True) * 1e4
    latent = PCA(50, random_state=0).fit_transform(np.log1p(rate))
    weights = drawn("clusters", latent)
    gains = [
        gain(weights, (cells.obs["cell_type"] == t).to_numpy()) for t in set(cells.obs["cell_type"])
    ]
    assert 0.7 < min(gains) < max(gains) < 1.5
    assert effective_share(weights) > 0.9
