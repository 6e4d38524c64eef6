"""The sceptic's baselines: what each of them sees, and what it is blind to."""

import numpy as np
import pytest

from scdyn_core.evaluation.clustering import warping
from scdyn_core.evaluation.clustering.agreement import adjusted_rand
from scdyn_core.evaluation.clustering.baselines import BASELINES, z_scored
from scdyn_core.evaluation.clustering.functional import functional_components
from scdyn_core.evaluation.clustering.number import level_share
from tests.evaluation.clustering.planted import TIMES, planted

K = 4


@pytest.mark.parametrize("name", BASELINES)
def test_labels_are_clusters_and_the_same_for_the_same_seed(name):
    expression, _ = planted(genes=80)
    first, again = (BASELINES[name](expression, TIMES, K, 5) for _ in range(2))
    assert first.shape == (80,)
    assert set(first) <= set(range(K))
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("k-means, z-scored means", 0.7),
        ("DTW k-means", 0.5),
        ("soft-DTW k-means", 0.5),
        ("functional PCA + mixture", 0.7),
    ],
)
def test_scaled_baselines_see_responses_and_not_the_level(name, least):
    expression, truth = planted()
    labels = BASELINES[name](expression, TIMES, K, 0)
    assert adjusted_rand(labels, truth) > least
    assert level_share(expression.mean(axis=1), labels) < 0.2


@pytest.mark.parametrize("name", ["k-means, raw means", "level only"])
def test_unscaled_baselines_sort_by_level(name):
    expression, truth = planted()
    labels = BASELINES[name](expression, TIMES, K, 0)
    assert adjusted_rand(labels, truth) < 0.1
    assert level_share(expression.mean(axis=1), labels) > 0.7


@pytest.mark.parametrize("name", BASELINES)
@pytest.mark.parametrize("times", [2, 3])
def test_few_times_and_constant_genes_are_no_error(name, times):
    expression, _ = planted(genes=30)
    expression[:5] = 1.0
    labels = BASELINES[name](expression[:, :times], TIMES[:times], 3, 0)
    assert set(labels) <= {0, 1, 2}


def test_scaled_genes_have_unit_variance_and_constant_ones_none():
    scaled = z_scored(np.array([[1.0, 2.0, 3.0], [0.1, 0.1, 0.1]]))
    np.testing.assert_allclose(scaled.std(axis=1), [1.0, 0.0])
    np.testing.assert_array_equal(scaled[1], 0.0)


def test_warping_finds_the_same_peak_at_another_time():
    peaks = np.array(
        [[0, 1, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0], [0, -1, 0, 0, 0, 0], [0, 0, -1, 0, 0, 0]]
    )
    curves = z_scored(np.repeat(peaks.astype(float), 10, axis=0))
    truth = np.repeat([0, 0, 1, 1], 10)
    assert adjusted_rand(warping.dtw_k_means(curves, 2, 0), truth) == 1.0


def test_many_genes_are_assigned_to_centres_of_some(monkeypatch):
    monkeypatch.setattr(warping, "MOST_GENES", 60)
    expression, truth = planted(genes=400)
    labels = warping.dtw_k_means(z_scored(expression), K, 0)
    assert labels.shape == (400,)
    assert adjusted_rand(labels, truth) > 0.5


def test_functional_distances_are_those_of_curves_and_do_not_know_the_unit_of_time():
    straight = np.log1p(TIMES) / np.log1p(TIMES[-1])
    scores = functional_components(np.stack([0 * straight, straight, 0 * straight + 1.0]), TIMES)
    distance = np.linalg.norm(scores[0] - scores[1:], axis=1)
    np.testing.assert_allclose(distance, [np.sqrt(1 / 3), 1.0], rtol=0.02)
    expression, _ = planted(genes=40)
    in_hours = functional_components(expression, TIMES)
    np.testing.assert_allclose(functional_components(expression, 60 * TIMES + 5), in_hours)
