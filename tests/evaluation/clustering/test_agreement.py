"""Agreement between clusterings does not depend on how clusters are numbered."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.evaluation.clustering.agreement import (
    adjusted_rand,
    indicator,
    matched,
    matched_labels,
    mean_agreement,
)

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
def test_renumbered_clusters_are_found_again(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(1, 7))
    labels = np.concatenate([np.arange(k), rng.integers(k, size=40)])
    renamed = rng.permutation(k)[labels]
    assert (matched_labels(renamed, labels) == labels).all()
    assert adjusted_rand(renamed, labels) == 1.0
    assert mean_agreement([renamed, labels, labels]) == 1.0


@given(SEEDS)
def test_renumbered_memberships_are_found_again(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 6))
    memberships = rng.dirichlet(np.full(k, 0.1), size=60)
    shuffled = memberships[:, rng.permutation(k)]
    np.testing.assert_array_equal(matched(shuffled, memberships), memberships)


@given(SEEDS)
def test_matching_changes_numbers_and_not_the_partition(seed):
    rng = np.random.default_rng(seed)
    own, reference = rng.integers(6, size=30), rng.integers(4, size=30)
    assert adjusted_rand(matched_labels(own, reference), own) == 1.0


def test_more_clusters_than_the_reference_keep_numbers_of_their_own():
    own = np.array([2, 2, 2, 1, 1, 1, 0])
    reference = np.array([0, 0, 0, 1, 1, 1, 1])
    assert matched_labels(own, reference).tolist() == [0, 0, 0, 1, 1, 1, 2]


def test_the_best_match_is_a_compromise_over_all_clusters():
    """Cluster 0 overlaps most with 0 (3 genes), yet the total is largest when it goes to 1."""
    own = np.array([0] * 5 + [1] * 4)
    reference = np.array([0, 0, 0, 1, 1, 0, 0, 0, 0])
    assert matched_labels(own, reference).tolist() == [1] * 5 + [0] * 4


def test_chance_is_about_zero_and_one_replicate_says_nothing():
    rng = np.random.default_rng(0)
    assert abs(adjusted_rand(rng.integers(5, size=5000), rng.integers(5, size=5000))) < 0.01
    assert np.isnan(mean_agreement([np.array([0, 1, 1])]))


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"0\.\.1"):
        indicator(np.array([0, 2]), 2)
    with pytest.raises(ValueError, match="shapes differ"):
        matched(np.ones((3, 2)), np.ones((3, 3)))
