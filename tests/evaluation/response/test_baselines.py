"""Baselines of a response, by hand."""

import numpy as np

from scdyn_core.evaluation.response.baselines import baseline_shifts
from scdyn_core.evaluation.response.seen_types import SeenTypes

SEEN = SeenTypes(
    names=("a", "b", "c"),
    control=np.array([[0.0, 0.0], [2.0, 0.0], [10.0, 0.0]]),
    shift=np.array([[1.0, 0.0], [0.0, 1.0], [4.0, 4.0]]),
    cells=np.array([10, 30, 60]),
)


def test_every_baseline_is_what_its_name_says() -> None:
    said = baseline_shifts(SEEN, np.array([1.5, 0.0]), width=0.2)
    np.testing.assert_allclose(said["no change"], [0.0, 0.0])
    np.testing.assert_allclose(said["mean shift"], [5 / 3, 5 / 3])
    np.testing.assert_allclose(said["cell-weighted mean shift"], [0.1 + 2.4, 0.3 + 2.4])
    np.testing.assert_allclose(said["nearest type's shift"], [0.0, 1.0])
    # Distances 1.5, 0.5 and 8.5 with mean 3.5: weights exp(-d / 0.7).
    weights = np.exp(-np.array([1.5, 0.5, 8.5]) / 0.7)
    weights /= weights.sum()
    by_hand = [weights[0] + 4 * weights[2], weights[1] + 4 * weights[2]]
    np.testing.assert_allclose(said["similar types' shift"], by_hand)


def test_a_narrow_width_leaves_the_nearest_type_alone() -> None:
    said = baseline_shifts(SEEN, np.array([1.5, 0.0]), width=1e-3)
    alike, nearest = said["similar types' shift"], said["nearest type's shift"]
    np.testing.assert_allclose(alike, nearest, atol=1e-12)
