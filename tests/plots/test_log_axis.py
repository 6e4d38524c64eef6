"""Ticks of a logarithmic axis."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.plots.log_axis import MOST, log_axis


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(1, 1000, [1, 10, 100, 1000]), (0.9, 40, [1, 3, 10, 30]), (5, 9, [5, 6, 7, 8, 9])],
)
def test_ticks_are_plain_numbers(low, high, ticks):
    found = log_axis(np.array([low, high], dtype=float))
    assert found["type"] == "log"
    assert found["tickvals"] == ticks


@pytest.mark.parametrize("span", [(1310.0, 1560.0), (2.0, 2.0)])
def test_values_that_are_near_to_each_other_are_on_a_linear_axis(span):
    assert log_axis(np.array(span)) == {"type": "linear"}


@given(st.floats(1e-6, 1e6), st.floats(1.0, 1e9))
def test_an_axis_never_has_a_single_tick(low, ratio):
    found = log_axis(np.array([low, low * ratio]))
    if found["type"] == "log":
        assert 1 <= len(found["tickvals"]) <= MOST + 1
        assert all(low <= tick <= low * ratio for tick in found["tickvals"])
