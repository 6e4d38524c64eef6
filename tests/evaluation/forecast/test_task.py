"""Hiding a time: nothing of it is passed on."""

import numpy as np
import pytest

from scdyn_core.evaluation.forecast.task import HiddenTime

TIMES = np.array([0.0, 1.0, 3.0, 6.0])
CURVES = np.arange(12.0).reshape(3, 4)
PART = (CURVES, 0.1 + 0 * CURVES)


def test_the_hidden_time_of_held_out_genes_is_dropped():
    task = HiddenTime.of(TIMES, 2, PART, PART)
    np.testing.assert_array_equal(task.others, CURVES[:, [0, 1, 3]])
    np.testing.assert_array_equal(task.train, CURVES)
    np.testing.assert_array_equal(task.other_times, [0.0, 1.0, 6.0])
    assert not task.is_forecast


@pytest.mark.parametrize("last", [3, -1])
def test_the_last_time_makes_it_a_forecast(last):
    task = HiddenTime.of(TIMES, last, PART, PART)
    assert (task.hidden, task.is_forecast) == (3, True)


@pytest.mark.parametrize(
    ("times", "hidden", "part", "message"),
    [
        (TIMES[:2], 0, PART, "three increasing"),
        (TIMES[::-1], 0, PART, "three increasing"),
        (TIMES, 4, PART, "number 4"),
        (TIMES, 0, (CURVES, CURVES[:, :2]), "genes, times"),
        (TIMES, 0, (CURVES[:, :3], CURVES[:, :3]), "genes, times"),
    ],
)
def test_what_does_not_fit_is_refused(times, hidden, part, message):
    with pytest.raises(ValueError, match=message):
        HiddenTime.of(times, hidden, PART, part)
