"""Recalibrated intervals hold what they say, whatever the model thought of its errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.evaluation.forecast.intervals import coverage, interval_factor, rmse

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.integers(9, 60), st.floats(0.1, 0.9))
def test_the_factor_covers_at_least_the_level_of_what_it_was_measured_on(seed, genes, level):
    rng = np.random.default_rng(seed)
    errors, sd = rng.standard_t(3, genes), rng.uniform(0.1, 3, genes)
    factor = interval_factor(errors, sd, level)
    assert (np.abs(errors) <= (1 + 1e-12) * factor * sd).mean() >= level
    assert interval_factor(5 * errors, sd, level) == pytest.approx(5 * factor)
    assert interval_factor(rng.permutation(-errors), np.ones(genes), level) <= np.abs(errors).max()


@pytest.mark.parametrize("genes", [9, 20, 100])
@pytest.mark.parametrize("claimed", [0.2, 1.0, 4.0])
def test_new_genes_are_covered_nine_times_in_ten(genes, claimed):
    """Over many draws: between the level and the level + 1 / (n + 1), as the theorem says."""
    rng = np.random.default_rng(genes)
    covered = []
    for _ in range(4000):
        scale = rng.uniform(0.5, 2, genes + 1)
        errors = scale * rng.standard_t(4, genes + 1)
        factor = interval_factor(errors[:-1], claimed * scale[:-1])
        covered.append(abs(errors[-1]) <= factor * claimed * scale[-1])
    assert 0.9 - 0.015 < np.mean(covered) < 0.9 + 1 / (genes + 1) + 0.015


def test_a_right_normal_model_gets_the_textbook_factor():
    errors = np.random.default_rng(0).normal(size=200_000)
    assert interval_factor(errors, np.ones_like(errors)) == pytest.approx(1.645, abs=0.02)


def test_nine_genes_are_just_enough_and_fewer_give_the_largest():
    errors = np.arange(1.0, 10.0)
    assert interval_factor(errors, np.ones(9)) == 9.0
    assert interval_factor(errors[:3], np.ones(3)) == 3.0
    assert interval_factor(np.arange(1.0, 20.0), np.ones(19)) == 18.0


def test_unknown_errors_are_left_out_and_none_is_refused():
    assert interval_factor(np.array([np.nan, 2.0]), np.array([1.0, 2.0])) == 1.0
    with pytest.raises(ValueError, match="no validation error"):
        interval_factor(np.array([np.nan]), np.ones(1))
    with pytest.raises(ValueError, match="level"):
        interval_factor(np.ones(3), np.ones(3), 1.0)


def test_coverage_and_error_count_what_is_known():
    observed = np.array([0.0, 1.0, 2.0, np.nan])
    assert coverage(observed, observed - 1, np.array([1.0, 0.5, 2.0, 9.0])) == pytest.approx(2 / 3)
    assert rmse(observed, np.array([3.0, 1.0, 2.0, 0.0])) == pytest.approx(np.sqrt(3))
    nothing = np.full(4, np.nan)
    assert np.isnan(coverage(observed, nothing, nothing))
    assert np.isnan(rmse(observed, nothing))
