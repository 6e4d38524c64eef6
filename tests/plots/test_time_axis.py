"""Where sampling times stand, and which numbers are written there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.plots.time_axis import TimeAxis

UNEVEN = [0, 1, 3, 6, 12, 24]


@pytest.mark.parametrize(
    ("times", "scale"),
    [
        ([0, 1, 2, 4, 6], "linear"),
        ([5], "linear"),
        ([], "linear"),
        (UNEVEN, "log"),
        ([0, 1, 4, 9, 16, 25], "sqrt"),
        # Late times are the dense ones: stretching the early ones would make it worse.
        ([0, 20, 21, 22], "linear"),
    ],
)
def test_the_axis_bends_only_where_that_moves_times_apart(times, scale):
    assert TimeAxis.of(times).scale == scale


@pytest.mark.parametrize("scale", ["linear", "sqrt", "log"])
@given(
    times=st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12, unique_by=lambda t: round(t, 2))
)
def test_times_keep_their_order_on_every_scale(scale, times):
    axis = TimeAxis.of(times, scale)
    placed = axis.place(sorted(times))
    assert np.isfinite(placed).all()
    assert (np.diff(placed) > 0).all()


def test_a_scale_is_that_of_the_time_since_the_first_in_smallest_steps():
    times = [10, 12, 16, 26]
    np.testing.assert_allclose(TimeAxis.of(times, "sqrt").place(times), np.sqrt([0, 1, 3, 8]))
    np.testing.assert_allclose(TimeAxis.of(times, "log").place(times), np.log([1, 2, 4, 9]))
    np.testing.assert_allclose(TimeAxis.of(times, "linear").place(times), times)


def test_ticks_are_true_times_and_the_title_tells_the_scale():
    settings = TimeAxis.of(UNEVEN).settings("time (h)")
    assert settings["ticktext"] == ["0", "1", "3", "6", "12", "24"]
    np.testing.assert_allclose(settings["tickvals"], np.log1p(UNEVEN))
    assert settings["title_text"] == "time (h), log scale"
    assert TimeAxis.of([0, 1, 2]).settings("day")["title_text"] == "day"


def test_numbers_that_would_lie_on_each_other_are_left_out_but_their_ticks_stay():
    settings = TimeAxis.of(UNEVEN, "linear").settings()
    assert settings["ticktext"] == ["0", "", "3", "6", "12", "24"]
    assert len(settings["tickvals"]) == 6
