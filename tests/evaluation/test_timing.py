"""Onset, peak and half-life of curves whose answers are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.evaluation.timing import timing

SEEDS = st.integers(0, 2**32 - 1)


def test_a_triangle_by_hand():
    found = timing(np.array([3.0, 5.0, 4.5, 3.0]), np.array([0.0, 2.0, 4.0, 10.0]))
    assert (found.change, found.onset, found.peak) == (2.0, 1.0, 2.0)
    assert found.half_life == pytest.approx(4 + 6 / 3 - 2)


def test_falling_curves_are_timed_like_rising_ones():
    times = np.array([0.0, 2.0, 4.0, 10.0])
    up, down = (timing(sign * np.array([0.0, 2.0, 1.0, 0.0]), times) for sign in (1, -1))
    assert down.change == -up.change == -2.0
    assert (down.onset, down.peak, down.half_life) == (up.onset, up.peak, up.half_life)


def test_exponential_decay_has_its_half_life():
    times = np.linspace(0, 24, 4801)
    pulse = np.where(times < 1, times, np.exp(-(times - 1) * np.log(2) / 3.5))
    found = timing(pulse, times)
    assert found.peak == pytest.approx(1.0, abs=0.01)
    assert found.onset == pytest.approx(0.5, abs=0.01)
    assert found.half_life == pytest.approx(3.5, abs=0.01)


def test_a_response_that_lasts_has_no_half_life_and_a_flat_gene_no_times():
    times = np.linspace(0, 10, 101)
    found = timing(np.stack([1 - np.exp(-times), np.full(101, 2.0)]), times)
    assert found.onset[0] == pytest.approx(np.log(2), abs=0.01)
    assert (found.peak[0], found.change[1]) == (10.0, 0.0)
    assert np.isnan(found.half_life).all()
    assert np.isnan([found.onset[1], found.peak[1]]).all()


def test_the_onset_is_of_the_largest_change_not_of_a_smaller_one_the_other_way():
    found = timing(np.array([0.0, -0.8, 0.0, 2.0]), np.arange(4.0))
    assert (found.change, found.peak, found.onset) == (2.0, 3.0, 2.5)


def test_unknown_values_give_unknown_times():
    found = timing(np.array([[0.0, np.nan, 1.0], [0.0, 1.0, 0.0]]), np.arange(3.0))
    assert np.isnan([found.change[0], found.onset[0], found.peak[0], found.half_life[0]]).all()
    assert (found.onset[1], found.peak[1], found.half_life[1]) == (0.5, 1.0, 0.5)


@given(SEEDS)
def test_level_size_and_unit_of_time_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    curves, times = rng.normal(size=(3, 5, 12)).cumsum(axis=-1), np.cumsum(rng.uniform(0.1, 2, 12))
    one, other = timing(curves, times), timing(8 - 2 * curves, 60 * times)
    assert one.onset.shape == (3, 5)
    np.testing.assert_allclose(other.change, -2 * one.change)
    for name in ("onset", "peak", "half_life"):
        np.testing.assert_allclose(getattr(other, name), 60 * getattr(one, name))
    assert (one.onset <= one.peak).all()
    known = ~np.isnan(one.half_life)
    assert (one.half_life[known] > 0).all()
    assert (one.peak[known] + one.half_life[known] <= times[-1] + 1e-9).all()


@pytest.mark.parametrize("times", [[0.0, 1.0], [0.0, 2.0, 1.0], [0.0, np.nan, 2.0]])
def test_times_must_increase_one_a_value(times):
    with pytest.raises(ValueError, match="increase"):
        timing(np.zeros(3), np.array(times))
