"""Changes of rates as they are seen in means of log-normalised counts."""

import numpy as np
import pytest
from scipy.stats import nbinom

from scdyn_core.methods.regulation.rate_response import GRID, RateResponse

DEPTH = 500.0
MEANS = np.array([0.1, 1.0, 10.0, 100.0])
DISPERSION = np.array([0.3, 0.01, 0.2, 0.5])


def response(seed=0, cells=500):
    share = MEANS / DEPTH
    return RateResponse.of(share, DISPERSION, np.full(cells, DEPTH), DEPTH, seed)


def expected(change):
    """The mean of log1p of negative binomial counts, summed over all counts."""
    counts = np.arange(20_000)[:, None]
    mean, shape = MEANS * np.exp(change), 1 / DISPERSION
    weights = nbinom.pmf(counts, shape, shape / (shape + mean))
    return (weights * np.log1p(counts)).sum(axis=0)


@pytest.mark.parametrize("change", [-2.5, -0.4, 0.4, 1.25])
def test_responses_are_those_of_negative_binomial_counts(change):
    found = np.mean(
        [response(seed).of_change(np.full((1, 4), change))[0] for seed in range(20)], axis=0
    )
    np.testing.assert_allclose(found, expected(change) - expected(0.0), atol=0.02)


def test_small_changes_are_told_from_none_by_the_cells_they_are_drawn_in():
    """The same counts at every change, and more on top: what is drawn is not in the difference."""
    found = [response(seed).of_change(np.full((1, 4), 0.4))[0] for seed in range(20)]
    alone = np.std([response(seed).expression[list(GRID).index(0.0)] for seed in range(20)], axis=0)
    assert (np.std(found, axis=0) < 0.6 * np.sqrt(2) * alone).all()


def test_more_rate_is_more_expression_and_no_change_is_none():
    grid = response().expression
    assert (np.diff(grid, axis=0) >= 0).all()
    found = response().of_change(np.array([[0.0, 0.0, 0.0, 0.0], [-50.0, 50.0, -5.0, 5.0]]))
    np.testing.assert_array_equal(found[0], 0.0)
    np.testing.assert_allclose(found[1, [0, 2]], grid[0, [0, 2]] - grid[len(GRID) // 2, [0, 2]])
    np.testing.assert_allclose(found[1, [1, 3]], grid[-1, [1, 3]] - grid[len(GRID) // 2, [1, 3]])


def test_between_the_drawn_changes_expression_is_on_a_line():
    whole = response()
    low, high = whole.of_change(np.full((1, 4), 0.4)), whole.of_change(np.full((1, 4), 0.8))
    np.testing.assert_allclose(whole.of_change(np.full((1, 4), 0.6)), (low + high) / 2)


def test_cells_and_genes_without_a_count_stay_as_they_are():
    found = RateResponse.of(
        np.array([0.0, 1.0]), np.array([0.01, 0.01]), np.array([0.0, 0.0, 40.0]), 40.0, 0
    )
    assert np.isfinite(found.expression).all()
    assert not found.expression[:, 0].any()
