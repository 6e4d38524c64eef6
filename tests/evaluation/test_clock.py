"""The clock on which responses are smooth."""

import numpy as np

from scdyn_core.evaluation.clock import log_clock


def test_the_clock_starts_at_the_first_time_and_has_no_unit():
    hours = np.array([2.0, 3.0, 5.0, 26.0])
    np.testing.assert_allclose(log_clock(hours), np.log([1.0, 2.0, 4.0, 25.0]))
    np.testing.assert_allclose(log_clock(60 * hours), log_clock(hours))
