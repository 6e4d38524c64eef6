"""What speaks for a number of clusters: separation, pairs that stay, and the trap of the level."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import silhouette_score

from scdyn_core.evaluation.clustering import number
from scdyn_core.evaluation.clustering.number import level_share, pairs_kept, silhouette

SEEDS = st.integers(0, 2**32 - 1)


def test_silhouette_is_near_one_for_clumps_and_the_same_for_the_same_seed(monkeypatch):
    rng = np.random.default_rng(0)
    labels = rng.integers(3, size=300)
    points = 20 * np.eye(3)[labels] + rng.normal(size=(300, 3))
    whole = silhouette(points, labels, seed=0)
    assert whole == pytest.approx(silhouette_score(points, labels))
    monkeypatch.setattr(number, "MOST_GENES", 100)
    drawn = silhouette(points, labels, seed=0)
    assert drawn == silhouette(points, labels, seed=0) != silhouette(points, labels, seed=1)
    assert drawn == pytest.approx(whole, abs=0.02)


@pytest.mark.parametrize("labels", [np.zeros(5, dtype=int), np.arange(5)])
def test_silhouette_is_unknown_for_one_cluster_or_only_singles(labels):
    assert np.isnan(silhouette(np.random.default_rng(0).normal(size=(5, 2)), labels, seed=0))


@given(SEEDS)
def test_level_share_is_a_share_and_blind_to_numbers_and_units(seed):
    rng = np.random.default_rng(seed)
    labels, level = rng.integers(4, size=50), rng.normal(size=50)
    share = level_share(level, labels)
    assert -1e-12 <= share <= 1 + 1e-12
    assert level_share(3 * level - 7, rng.permutation(4)[labels]) == pytest.approx(share)
    finer = labels * 2 + rng.integers(2, size=50)
    assert level_share(level, finer) >= share - 1e-12


def test_level_share_is_one_for_bands_of_level_and_none_for_one_cluster():
    assert level_share(np.array([0.0, 0, 5, 5]), np.array([1, 1, 0, 0])) == 1.0
    assert level_share(np.array([0.0, 0, 5, 5]), np.array([0, 0, 0, 0])) == 0.0
    assert np.isnan(level_share(np.ones(4), np.array([0, 1, 0, 1])))


@given(SEEDS)
def test_pairs_kept_counts_pairs(seed):
    rng = np.random.default_rng(seed)
    labels, others = rng.integers(3, size=25), rng.integers(4, size=25)
    kept = pairs_kept(labels, others, 3)
    for cluster in range(3):
        members = np.flatnonzero(labels == cluster)
        pairs = [(a, b) for a in members for b in members if a < b]
        if not pairs:
            assert np.isnan(kept[cluster])
            continue
        together = np.mean([others[a] == others[b] for a, b in pairs])
        assert kept[cluster] == pytest.approx(together)


def test_clusters_of_one_gene_have_no_pairs():
    kept = pairs_kept(np.array([0, 1, 1, 3]), np.array([5, 9, 9, 9]), 4)
    np.testing.assert_array_equal(kept, [np.nan, 1.0, np.nan, np.nan])
