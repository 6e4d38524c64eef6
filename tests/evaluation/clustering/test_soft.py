"""Soft clusters of latents: who belongs where, and how sure that is."""

import numpy as np
import pytest
from scipy.stats import norm

from scdyn_core.evaluation.clustering import soft
from scdyn_core.evaluation.clustering.agreement import adjusted_rand
from scdyn_core.evaluation.clustering.soft import (
    fit_mixture,
    gaussian_mixture,
    k_means,
    k_means_labels,
)


def clumps(genes=300, k=4, distance=8.0, seed=0):
    rng = np.random.default_rng(seed)
    label = rng.integers(k, size=genes)
    return distance * np.eye(k)[label] + rng.normal(size=(genes, k)), label


@pytest.mark.parametrize("method", [k_means, gaussian_mixture])
def test_clumps_are_found_and_memberships_are_shares(method):
    points, truth = clumps()
    memberships = method(points, 4, 0)
    assert memberships.shape == (300, 4)
    np.testing.assert_allclose(memberships.sum(axis=1), 1.0)
    assert adjusted_rand(memberships.argmax(axis=1), truth) > 0.99


@pytest.mark.parametrize("method", [k_means, gaussian_mixture])
def test_the_same_seed_gives_the_same_memberships(method):
    points, _ = clumps(distance=2.0)
    np.testing.assert_array_equal(method(points, 5, 3), method(points, 5, 3))


def test_the_largest_membership_is_the_k_means_cluster():
    points, _ = clumps(distance=2.0)
    np.testing.assert_array_equal(
        k_means(points, 4, 0).argmax(axis=1), k_means_labels(points, 4, 0)
    )


def test_k_means_is_as_sure_as_it_is_right():
    """Two unit Gaussians 3 sd apart: the best possible share right is Φ(1.5), about 93 %."""
    rng = np.random.default_rng(0)
    truth = rng.integers(2, size=4000)
    points = np.zeros((4000, 6))
    points[:, 0] = 3.0 * truth + rng.normal(size=4000)
    memberships = k_means(points, 2, 0)
    right = max(
        (memberships.argmax(axis=1) == truth).mean(), (memberships.argmin(axis=1) == truth).mean()
    )
    assert right == pytest.approx(norm.cdf(1.5), abs=0.02)
    # Empty directions must not make it surer.
    assert memberships.max(axis=1).mean() == pytest.approx(right, abs=0.03)


def test_a_tight_clump_stays_one_cluster_beside_a_wide_one():
    """k-means splits the wide cluster, the mixture tells density from distance."""
    rng = np.random.default_rng(1)
    truth = np.repeat([0, 1, 2], [400, 60, 60])
    centres, sd = np.array([[0.0, 0.0], [6.0, 0.0], [0.0, 6.0]]), np.array([0.5, 1.5, 1.5])
    points = centres[truth] + sd[truth, None] * rng.normal(size=(520, 2))
    found = gaussian_mixture(points, 3, 0).argmax(axis=1)
    assert adjusted_rand(found, truth) > 0.95
    assert adjusted_rand(found, truth) >= adjusted_rand(k_means_labels(points, 3, 0), truth)


def test_the_criterion_is_lowest_at_the_true_number():
    points, _ = clumps(genes=400, k=4)
    criteria = {k: fit_mixture(points, k, 0).bic for k in range(2, 7)}
    assert min(criteria, key=criteria.get) == 4


def test_directions_without_variance_and_rotations_do_not_matter():
    points, truth = clumps()
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(7, 7)))
    wide = np.column_stack([points, np.zeros((300, 3))]) @ turn
    one, other = (gaussian_mixture(each, 4, 0).argmax(axis=1) for each in (points, wide))
    assert adjusted_rand(one, other) > 0.99
    assert adjusted_rand(one, truth) > 0.99


def test_many_genes_are_assigned_to_a_mixture_of_some(monkeypatch):
    monkeypatch.setattr(soft, "_MOST_GENES", 100)
    points, truth = clumps(genes=1000)
    assert adjusted_rand(gaussian_mixture(points, 4, 0).argmax(axis=1), truth) > 0.99


@pytest.mark.parametrize("method", [k_means, gaussian_mixture])
@pytest.mark.parametrize(
    "points",
    [
        np.ones((12, 3)),
        np.repeat(np.eye(2), 6, axis=0),
        np.random.default_rng(0).normal(size=(4, 2)),
    ],
)
def test_fewer_distinct_genes_than_clusters_are_no_error(method, points):
    memberships = method(points, 4, 0)
    assert np.isfinite(memberships).all()
    np.testing.assert_allclose(memberships.sum(axis=1), 1.0)
