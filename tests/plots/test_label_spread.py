"""Names moved apart."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.plots.label_spread import spread


@given(st.lists(st.floats(-50, 150), min_size=1, max_size=10))
def test_names_are_apart_within_bounds_and_in_order(wanted):
    wanted = np.array(wanted)
    placed = spread(wanted, 8.0, 0.0, 100.0)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(placed[order]) >= 8.0 - 1e-6).all()
    assert placed.min() >= -1e-6
    assert placed.max() <= 100 + 1e-6


def test_names_with_room_stay_and_two_at_one_place_share_the_way():
    np.testing.assert_allclose(spread(np.array([90.0, 10, 50]), 8, 0, 100), [90, 10, 50])
    np.testing.assert_allclose(spread(np.array([50.0, 50]), 8, 0, 100), [46, 54])


def test_too_many_names_share_the_room_evenly():
    np.testing.assert_allclose(spread(np.full(5, 3.0), 50, 0, 100), [0, 25, 50, 75, 100])
    assert len(spread(np.empty(0), 8, 0, 100)) == 0
