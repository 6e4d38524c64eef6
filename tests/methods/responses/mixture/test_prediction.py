"""What the mixture says of true means, against conditioning one Gaussian at a time."""

import numpy as np
import pytest

from scdyn_core.methods.responses.mixture.prediction import predicted
from tests.methods.responses.mixture.by_enumeration import true_mean
from tests.methods.responses.mixture.generated import drawn, mixture

#: Half of a 90 % interval of a normal in standard deviations.
WIDTH = 1.6449


def hide(found, time):
    y, se = found.y.copy(), found.se.copy()
    y[:, time], se[:, time] = 0.0, np.inf
    return y, se


@pytest.mark.parametrize("hidden", [None, 0, 2, 5])
def test_mean_and_sd_are_those_of_all_conditioned_gaussians(hidden):
    source = mixture()
    found = drawn(source, 6, seed=1)
    y, se = (found.y, found.se) if hidden is None else hide(found, hidden)
    mean, sd = predicted(source, y, se)
    for gene in range(len(y)):
        expected, spread = true_mean(source, y[gene], se[gene])
        assert mean[gene] == pytest.approx(expected, abs=2e-4)
        assert sd[gene] == pytest.approx(spread, abs=2e-4)


@pytest.mark.parametrize("hidden", [1, 3, 5])
def test_bands_of_a_hidden_time_hold_what_they_say(hidden):
    source = mixture()
    found = drawn(source, 3000, seed=2)
    mean, sd = predicted(source, *hide(found, hidden))
    error = np.abs(found.mean - mean)[:, hidden] / sd[:, hidden]
    assert (error < WIDTH).mean() == pytest.approx(0.9, abs=0.03)


def test_bands_of_measured_times_hold_what_they_say():
    source = mixture()
    found = drawn(source, 1000, seed=3)
    mean, sd = predicted(source, found.y, found.se)
    assert (np.abs(found.mean - mean) < WIDTH * sd).mean() == pytest.approx(0.9, abs=0.02)


def test_the_mixture_knows_more_than_the_measurement():
    source = mixture(scatter=0.02)
    found = drawn(source, 1000, seed=4, error=0.3)
    mean, _ = predicted(source, found.y, found.se)
    error, noise = (np.sqrt(np.mean((each - found.mean) ** 2)) for each in (mean, found.y))
    assert error < 0.75 * noise


def test_an_exact_measurement_is_believed():
    source = mixture()
    found = drawn(source, 50, seed=5, error=1e-4)
    mean, sd = predicted(source, found.y, found.se)
    assert mean == pytest.approx(found.y, abs=1e-3)
    assert sd.max() < 1e-3


def test_what_stands_at_a_hidden_time_is_not_read():
    source = mixture()
    found = drawn(source, 20, seed=6)
    y, se = hide(found, 3)
    other = y.copy()
    other[:, 3] = 1e9
    for one, two in zip(predicted(source, y, se), predicted(source, other, se), strict=True):
        assert np.array_equal(one, two)
