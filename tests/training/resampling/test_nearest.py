"""What was found among landmarks is carried over to the cells near them."""

from __future__ import annotations

import numpy as np

from scdyn_core.training.resampling import nearest as module
from scdyn_core.training.resampling.nearest import landmarks, nearest, nearest_landmark


def test_a_cell_is_not_its_own_neighbour_even_among_equal_ones():
    latent = np.array([[0.0], [0.0], [0.0], [5.0]])
    distances, positions = nearest(latent, 2)
    assert not (positions == np.arange(4)[:, None]).any()
    np.testing.assert_array_equal(distances[:3], 0)


def test_there_are_no_more_neighbours_than_other_cells():
    assert nearest(np.arange(4.0)[:, None], 15)[1].shape == (4, 3)


def test_few_cells_are_all_landmarks_and_many_are_drawn(monkeypatch):
    np.testing.assert_array_equal(landmarks(50, 0), np.arange(50))
    monkeypatch.setattr(module, "LANDMARKS", 20)
    drawn = landmarks(50, 1)
    assert len(set(drawn.tolist())) == 20
    np.testing.assert_array_equal(drawn, landmarks(50, 1))


def test_nearly_every_cell_finds_the_landmark_that_is_nearest():
    rng = np.random.default_rng(0)
    latent = rng.normal(size=(3000, 8))
    chosen = np.sort(rng.choice(3000, 600, replace=False))
    groups = np.unique((latent[chosen, :3] > 0) @ [1, 2, 4], return_inverse=True)[1]
    found = nearest_landmark(latent, chosen, groups)
    squared = ((latent[:, None] - latent[chosen][None]) ** 2).sum(axis=2)
    assert (found == squared.argmin(axis=1)).mean() > 0.9
    np.testing.assert_array_equal(found[chosen], np.arange(600))
