"""Clusters are alike when links between them are as many as in a well mixed graph."""

from __future__ import annotations

import numpy as np

from scdyn_core.training.resampling.similarity import joining_resolution, ordinariness


def test_clusters_come_together_at_the_links_they_have_of_those_expected():
    # All links: 20. Expected between the two: 10 * 10 / 20 = 5; there are 2.
    links = np.array([[8.0, 2.0], [2.0, 8.0]])
    joined = joining_resolution(links)
    assert joined[0, 1] == joined[1, 0] == 2 / 5
    assert np.isinf(np.diag(joined)).all()


def test_pieces_of_one_crowd_come_together_over_the_pieces_between():
    # A chain: ends have no link, but each is a part of what is linked to the other.
    links = np.array([[4.0, 2.0, 0.0], [2.0, 4.0, 2.0], [0.0, 2.0, 4.0]])
    joined = joining_resolution(links)
    # First and second: 2 * 20 / (6 * 8); then the third: 2 * 20 / (14 * 6).
    np.testing.assert_allclose(joined[0, 1], 40 / 48)
    np.testing.assert_allclose([joined[0, 2], joined[1, 2]], 40 / 84)


def test_islands_never_come_together():
    assert joining_resolution(np.diag([5.0, 3.0]))[0, 1] == 0


def test_an_island_is_as_ordinary_as_its_share():
    np.testing.assert_allclose(ordinariness(np.diag([5.0, 3.0]), np.array([90, 10])), [0.9, 0.1])


def test_how_a_well_mixed_crowd_is_cut_does_not_matter():
    degree = np.array([1.0, 2.0, 7.0])
    np.testing.assert_allclose(ordinariness(np.outer(degree, degree), np.array([10, 20, 70])), 1)
