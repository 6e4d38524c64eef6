"""Sketch weights are what geometric sketching draws in the long run."""

from __future__ import annotations

import numpy as np
import pytest
from geosketch import gs

from scdyn_core.training.resampling.sketch import covering, sketch_weights


@pytest.fixture(autouse=True)
def _random_state():
    """The library seeds numpy's global generator; leave that as it was."""
    state = np.random.get_state()
    yield
    np.random.set_state(state)


@pytest.mark.parametrize(("seed", "dimensions"), [(0, 2), (1, 5), (2, 20)])
def test_the_boxes_are_those_of_the_library(seed, dimensions):
    latent = np.random.default_rng(seed).gamma(1.0, size=(400, dimensions))
    boxes = covering(latent, 0)
    count = len(np.unique(boxes))
    # Drawing as many cells as there are boxes takes one of each, if the boxes are the same.
    for again in range(3):
        chosen = gs(latent, count, replace=True, seed=again)
        assert len(np.unique(boxes[chosen])) == count


def test_weights_are_how_often_the_library_draws():
    latent = np.random.default_rng(3).normal(size=(60, 2))
    drawn = np.bincount(gs(latent, 20_000, replace=True, seed=0), minlength=60) / 20_000
    np.testing.assert_allclose(sketch_weights(latent, 0), drawn, atol=0.01)


def test_space_is_drawn_evenly_however_crowded():
    rng = np.random.default_rng(4)
    latent = np.vstack([rng.uniform(0, 1, (4900, 2)), rng.uniform((1, 0), (2, 1), (100, 2))])
    sparse = sketch_weights(latent, 0)[4900:].sum()
    assert sparse == pytest.approx(0.5, abs=0.1)


def test_the_seed_only_names_the_boxes():
    latent = np.random.default_rng(5).normal(size=(300, 4))
    np.testing.assert_array_equal(sketch_weights(latent, 0), sketch_weights(latent, 9))


def test_cells_in_one_place_are_one_box():
    np.testing.assert_array_equal(sketch_weights(np.ones((7, 2)), 0), 1 / 7)


def test_a_box_shares_its_weight_among_its_cells():
    latent = np.array([[0.0], [0.0], [1.0]])
    np.testing.assert_allclose(sketch_weights(latent, 0), [0.25, 0.25, 0.5])
