"""Neighbour weights are an inverse density over all axes together."""

from __future__ import annotations

import numpy as np
import pytest

from scdyn_core.training.resampling import nearest as module
from scdyn_core.training.resampling.neighbours import neighbour_weights
from tests.training.resampling.cells import gain


def two_crowds(seed, spread=3.0, n=1000, dimensions=2):
    """As many cells in one crowd as in another, in which they are farther from each other."""
    rng = np.random.default_rng(seed)
    near = rng.uniform(0, 1, (n, dimensions))
    far = 100 + rng.uniform(0, spread, (n, dimensions))
    return np.vstack([near, far]), np.arange(2 * n) >= n


def test_weights_are_the_inverse_of_the_density():
    # The density of the second crowd is 3^2 times lower: weights 9 to 1.
    latent, sparse = two_crowds(0)
    weights = neighbour_weights(latent, 15, 0)
    assert np.median(weights[sparse]) / np.median(weights[~sparse]) == pytest.approx(9, rel=0.1)


def test_axes_that_say_nothing_more_do_not_change_the_dimension():
    latent = two_crowds(1)[0]
    padded = np.column_stack([latent, np.zeros((len(latent), 20))])
    np.testing.assert_allclose(neighbour_weights(padded, 15, 0), neighbour_weights(latent, 15, 0))


def test_in_many_dimensions_the_power_is_bounded():
    latent, sparse = two_crowds(2, spread=2.0, dimensions=30)
    weights = neighbour_weights(latent, 15, 0)
    assert np.median(weights[sparse]) / np.median(weights[~sparse]) == pytest.approx(16, rel=0.1)


def test_a_lonely_outlier_has_the_weight_of_what_is_around_it():
    rng = np.random.default_rng(3)
    latent = np.vstack([rng.normal(size=(2000, 5)), np.full((1, 5), 40.0)])
    weights = neighbour_weights(latent, 15, 0)
    assert weights[-1] < np.quantile(weights, 0.995) * (1 + 1e-9)


def test_a_few_scattered_cells_do_not_take_all_weight():
    rng = np.random.default_rng(3)
    latent = np.vstack([rng.normal(size=(2000, 5)), rng.normal(size=(10, 5)) * 30])
    weights = neighbour_weights(latent, 15, 0)
    assert weights.max() * len(weights) < 10


def test_a_rotation_changes_nothing():
    rng = np.random.default_rng(4)
    latent = rng.gamma(1.0, size=(500, 6))
    turn = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    np.testing.assert_allclose(
        neighbour_weights(latent @ turn, 10, 0), neighbour_weights(latent, 10, 0), rtol=1e-6
    )


def test_what_landmarks_say_holds_for_all(monkeypatch):
    latent, sparse = two_crowds(5, n=3000)
    whole = gain(neighbour_weights(latent, 15, 0), sparse)
    monkeypatch.setattr(module, "LANDMARKS", 1500)
    weights = neighbour_weights(latent, 15, 0)
    assert weights.sum() == pytest.approx(1)
    assert gain(weights, sparse) == pytest.approx(whole, rel=0.05)


def test_cells_in_one_place_are_equal():
    np.testing.assert_array_equal(neighbour_weights(np.ones((8, 3)), 15, 0), 1 / 8)


def test_equal_cells_among_others_do_not_break_the_logarithm():
    latent = np.vstack([np.zeros((40, 2)), np.random.default_rng(0).normal(size=(60, 2))])
    weights = neighbour_weights(latent, 15, 0)
    assert np.isfinite(weights).all()
    assert gain(weights, np.arange(100) < 40) < 0.1
