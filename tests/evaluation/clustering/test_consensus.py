"""Consensus over replicates: whatever their numbering, one clustering and how sure it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.evaluation.clustering.agreement import adjusted_rand, indicator
from scdyn_core.evaluation.clustering.consensus import consensus

SEEDS = st.integers(0, 2**32 - 1)


def replicates(rng, truth, k, count, wrong):
    """Return memberships that follow the truth but for a share of genes, one numbering each."""
    found = []
    for _ in range(count):
        labels = np.where(rng.random(len(truth)) < wrong, rng.integers(k, size=len(truth)), truth)
        soft = 0.7 * indicator(labels, k) + 0.3 * rng.dirichlet(np.ones(k), size=len(truth))
        found.append(soft[:, rng.permutation(k)])
    return found


@given(SEEDS)
def test_the_numbering_of_replicates_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    truth = rng.integers(4, size=80)
    first = replicates(rng, truth, 4, 5, wrong=0.2)
    second = [member[:, rng.permutation(4)] for member in first]
    one, other = consensus(first), consensus(second)
    assert adjusted_rand(one.labels, other.labels) == 1.0
    np.testing.assert_array_equal(one.stability, other.stability)
    np.testing.assert_allclose(np.sort(one.memberships, 1), np.sort(other.memberships, 1))


@given(SEEDS)
def test_memberships_are_shares_and_labels_their_largest(seed):
    rng = np.random.default_rng(seed)
    found = consensus([rng.dirichlet(np.ones(3), size=20) for _ in range(int(rng.integers(1, 6)))])
    np.testing.assert_allclose(found.memberships.sum(axis=1), 1.0)
    np.testing.assert_array_equal(found.labels, found.memberships.argmax(axis=1))
    np.testing.assert_allclose(found.memberships, found.replicates.mean(axis=0))


def test_agreeing_replicates_are_fully_stable():
    rng = np.random.default_rng(1)
    truth = rng.integers(3, size=50)
    found = consensus(replicates(rng, truth, 3, 4, wrong=0.0))
    assert adjusted_rand(found.labels, truth) == 1.0
    assert (found.stability == 1.0).all()


def test_stability_is_the_share_of_replicates_that_agree():
    agreed = indicator(np.array([0, 0, 0, 1, 1, 1]), 2)
    one_off = indicator(np.array([0, 0, 1, 1, 1, 1]), 2)[:, ::-1]
    found = consensus([agreed, agreed[:, ::-1], one_off, agreed])
    assert found.stability.tolist() == [1.0, 1.0, 0.75, 1.0, 1.0, 1.0]
    np.testing.assert_allclose(found.memberships[2, found.labels[2]], 0.75)


def test_many_errors_of_single_replicates_average_out_even_when_the_first_is_bad():
    rng = np.random.default_rng(2)
    truth = rng.integers(5, size=300)
    good = replicates(rng, truth, 5, 9, wrong=0.3)
    bad = rng.dirichlet(np.ones(5), size=300)
    found = consensus([bad, *good])
    single = np.mean([adjusted_rand(member.argmax(axis=1), truth) for member in good])
    assert adjusted_rand(found.labels, truth) > 0.95 > single + 0.2


def test_twenty_thousand_genes_fit():
    rng = np.random.default_rng(3)
    truth = rng.integers(8, size=20_000)
    found = consensus(replicates(rng, truth, 8, 3, wrong=0.1))
    assert found.memberships.shape == (20_000, 8)
    assert adjusted_rand(found.labels, truth) > 0.8


def test_one_replicate_has_no_stability_and_none_is_refused():
    alone = np.array([[0.9, 0.1], [0.2, 0.8]])
    found = consensus([alone])
    assert np.isnan(found.stability).all()
    np.testing.assert_array_equal(found.memberships, alone)
    with pytest.raises(ValueError, match="at least one"):
        consensus([])
