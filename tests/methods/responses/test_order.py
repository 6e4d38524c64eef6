"""Clusters are numbered as they peak."""

import numpy as np

from scdyn_core.methods.responses.order import order_of_clusters

TIMES = np.array([0.0, 1.0, 3.0, 6.0])
#: Late, flat, early, in the middle.
SHAPES = np.array([[0, 0, 0.1, 1], [0, 0.01, 0, 0], [0, 1, 0.1, 0], [0, 0.2, -1, -0.4]])


def ordered(labels, k, se=None):
    y = 3 * SHAPES[labels] + np.linspace(-5, 5, len(labels))[:, None]
    se = np.full(y.shape, 0.1) if se is None else se
    return order_of_clusters(y, se, TIMES, labels, k).tolist()


def test_they_are_numbered_by_their_peaks_and_those_that_hardly_move_last():
    assert ordered(np.repeat(np.arange(4), 5), 4) == [2, 3, 0, 1]


def test_an_empty_cluster_comes_last_of_all():
    assert ordered(np.repeat([0, 1, 2], 5), 4) == [2, 0, 1, 3]


def test_a_time_that_was_not_measured_has_no_say():
    labels = np.repeat(np.arange(4), 5)
    se = np.full((20, 4), 0.1)
    se[labels == 2, 1] = np.inf
    assert sorted(ordered(labels, 4, se)) == [0, 1, 2, 3]


def test_curves_that_never_move_can_be_ordered():
    labels = np.array([0, 1, 1])
    found = order_of_clusters(np.zeros((3, 4)), np.ones((3, 4)), TIMES, labels, 2)
    assert sorted(found.tolist()) == [0, 1]
