"""Shaping keeps weights within the bounds that were asked for, and changes nothing without need."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scdyn_core.training.resampling.options import SAMPLING, SamplingOptions
from scdyn_core.training.resampling.shaping import clipped, effective_share, shaped

FREE = SamplingOptions(strength=1, most=1e9, floor=0, effective=0)

some_weights = (
    arrays(np.float64, st.integers(2, 40), elements=st.floats(0, 1, allow_subnormal=False))
    .filter(lambda values: values.sum() > 1e-6)
    .map(lambda values: values / values.sum())
)


def test_without_bounds_nothing_changes():
    weights = np.array([0.7, 0.2, 0.1, 0.0])
    np.testing.assert_allclose(shaped(weights, FREE), weights, rtol=1e-15)
    assert SAMPLING["published"].most == FREE.most


def test_the_power_goes_from_uniform_to_the_full_scheme():
    weights = np.array([16.0, 9.0, 0.0]) / 25
    halfway = shaped(weights, FREE.model_copy(update={"strength": 0.5}))
    np.testing.assert_allclose(halfway, np.array([4, 3, 0]) / 7)
    uniform = shaped(weights, FREE.model_copy(update={"strength": 0.0}))
    np.testing.assert_allclose(uniform, 1 / 3)


def test_what_is_cut_off_goes_to_the_others_in_proportion():
    # The bound is 1.6 / 4 = .4; the remaining .6 is shared 2 to 1 to 0, which brings one more up.
    np.testing.assert_allclose(clipped(np.array([0.7, 0.2, 0.1, 0.0]), 1.6), [0.4, 0.4, 0.2, 0.0])


def test_what_no_other_weight_can_take_in_proportion_is_shared_evenly():
    np.testing.assert_allclose(clipped(np.array([1.0, 0, 0, 0]), 2.0), [1 / 2, 1 / 6, 1 / 6, 1 / 6])


@given(some_weights, st.floats(1, 50), st.floats(0, 1), st.floats(0, 1))
def test_every_bound_holds(weights, most, floor, effective):
    options = SamplingOptions(most=most, floor=floor, effective=effective)
    found = shaped(weights, options)
    assert found.sum() == pytest.approx(1)
    assert found.min() * len(found) >= floor - 1e-9
    assert found.max() * len(found) <= most + 1e-6
    assert effective_share(found) >= effective - 1e-9


@given(some_weights)
def test_a_larger_weight_stays_the_larger_one(weights):
    found = shaped(weights, SamplingOptions(most=3))
    assert (np.diff(found[np.argsort(weights)]) >= -1e-12).all()


def test_the_effective_size_is_reached_and_not_passed():
    weights = np.array([0.91] + [0.01] * 9)
    found = shaped(weights, FREE.model_copy(update={"effective": 0.4}))
    assert effective_share(found) == pytest.approx(0.4)


def test_the_effective_share_of_few_with_all_weight_is_their_share():
    assert effective_share(np.array([1.0, 1.0, 0, 0, 0])) == pytest.approx(0.4)
