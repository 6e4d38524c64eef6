"""A fitted curve has a value and a band at every time between its ends."""

import pandas as pd
import pytest

from scdyn_core.evaluation.curve_value import value_at

CURVE = pd.DataFrame({"time": [4.0, 0.0, 2.0], "fitted": [5.0, 1.0, 3.0],
                      "low": [4.0, 0.0, 2.5], "high": [6.0, 2.0, 3.5]})  # fmt: skip


def test_stored_times_are_returned_as_they_are_and_others_interpolated() -> None:
    assert value_at(CURVE, 2.0).fitted == 3.0
    between = value_at(CURVE, 3.0)
    assert (between.fitted, between.low, between.high) == (4.0, 3.25, 4.75)


@pytest.mark.parametrize("time", [-0.1, 4.1])
def test_nothing_is_said_beyond_the_ends(time: float) -> None:
    with pytest.raises(ValueError, match="no curve"):
        value_at(CURVE, time)
