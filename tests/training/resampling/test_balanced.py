"""Balanced weights: every class equally often."""

from __future__ import annotations

import numpy as np

from scdyn_core.training.resampling.balanced import balanced_weights


def test_every_class_has_the_same_mass():
    np.testing.assert_allclose(balanced_weights(np.array([3, 3, 3, 8])), np.array([1, 1, 1, 3]) / 6)


def test_samples_of_no_known_class_keep_their_share():
    found = balanced_weights(np.array([0, 0, 0, 1, -1]))
    np.testing.assert_allclose(found, np.array([2, 2, 2, 6, 3]) / 15)


def test_without_known_classes_all_are_equal():
    np.testing.assert_array_equal(balanced_weights(np.array([-1, -1])), 0.5)
