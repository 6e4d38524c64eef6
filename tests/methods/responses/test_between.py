"""Curves between sampling times, and how wide their bands are there."""

import numpy as np
import pytest

from scdyn_core.methods.responses.between import IN_BETWEEN, between, dense_times

TIMES = np.array([0.0, 1.0, 3.0, 6.0, 12.0, 24.0])


@pytest.mark.parametrize("times", [TIMES, TIMES[:3], np.array([5.0, 5.5, 7.0, 30.0])])
def test_the_grid_is_finer_increases_and_holds_every_sampling_time(times):
    grid, measured = dense_times(times)
    assert (np.diff(grid) > 0).all()
    assert np.array_equal(grid[measured], times)
    assert len(grid) == (len(times) - 1) * (IN_BETWEEN + 1) + 1


@pytest.mark.parametrize("count", [3, 4, 6])
def test_at_sampling_times_curves_and_bands_are_as_given(count):
    rng = np.random.default_rng(0)
    mean, sd = rng.normal(size=(7, count)), rng.uniform(0.1, 1, (7, count))
    grid, measured = dense_times(TIMES[:count])
    fitted, width = between(mean, sd, TIMES[:count], grid)
    assert fitted[:, measured] == pytest.approx(mean)
    assert width[:, measured] == pytest.approx(sd)
    assert np.isfinite(fitted).all()
    assert np.isfinite(width).all()


def test_in_between_less_is_known_the_more_so_in_the_middle_of_a_gap():
    rng = np.random.default_rng(1)
    mean, sd = rng.normal(size=(50, 6)), np.full((50, 6), 0.1)
    grid, measured = dense_times(TIMES)
    _, width = between(mean, sd, TIMES, grid)
    assert (width[:, ~measured] > 0.1).all()
    gap = width[0, :6]
    assert gap.argmax() in (2, 3)


def test_straight_lines_over_log_time_need_no_wider_bands():
    grid, _ = dense_times(TIMES)
    mean = np.outer([1.0, -2.0], np.log1p(TIMES))
    fitted, width = between(mean, np.full((2, 6), 0.2), TIMES, grid)
    assert fitted == pytest.approx(np.outer([1.0, -2.0], np.log1p(grid)))
    assert width == pytest.approx(0.2)


def test_curves_do_not_overshoot():
    mean = np.array([[0.0, 0.0, 5.0, 5.0, 5.0, 1.0]])
    grid, _ = dense_times(TIMES)
    fitted, _ = between(mean, np.zeros((1, 6)), TIMES, grid)
    assert fitted.min() >= 0
    assert fitted.max() <= 5


def test_bands_hold_smooth_curves_that_nobody_saw():
    """Bumps over log time, each sampled six times without error."""
    rng = np.random.default_rng(2)
    centre, size = rng.uniform(0, 3.2, (400, 1)), rng.normal(0, 2, (400, 1))
    grid, measured = dense_times(TIMES)

    def curve(at):
        return size * np.exp(-0.5 * ((np.log1p(at) - centre) / 0.8) ** 2)

    fitted, width = between(curve(TIMES), np.zeros((400, 6)), TIMES, grid)
    inside = np.abs(fitted - curve(grid))[:, ~measured] < 1.645 * width[:, ~measured]
    assert 0.85 < inside.mean() < 0.99
