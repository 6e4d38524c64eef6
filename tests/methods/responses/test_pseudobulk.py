"""Means of cells with their standard errors, against numpy on dense data and repeated draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from scdyn_core.errors import ConfigError
from scdyn_core.methods.responses.pseudobulk import CellValues, curves, half_of, joined

TIMES = np.repeat([0.0, 1.0, 5.0], [40, 30, 50])
AT = np.array([0.0, 1.0, 5.0])


def counts(seed=0, genes=6, mean=3.0):
    rng = np.random.default_rng(seed)
    return rng.poisson(mean * rng.gamma(2, 0.5, (len(TIMES), genes))).astype(float)


def values(dense, *, logs=False, one=1.0):
    return CellValues(sparse.csr_matrix(dense), logs, one)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), mean=st.floats(0.01, 50), one=st.floats(0.1, 10))
def test_a_pseudobulk_is_the_log_of_the_mean_and_half_a_count(seed, mean, one):
    dense = counts(seed, mean=mean)
    found = curves(values(dense, one=one), TIMES, AT)
    for column, time in enumerate(AT):
        cells = dense[time == TIMES]
        half = one / (2 * len(cells))
        of_mean = np.maximum(cells.std(axis=0, ddof=1) / np.sqrt(len(cells)), half)
        raised = cells.mean(axis=0) + half
        assert found.mean[:, column] == pytest.approx(np.log2(raised))
        assert found.se[:, column] == pytest.approx(of_mean / raised / np.log(2))
    assert found.cells.tolist() == [40, 30, 50]


def test_a_mean_of_logs_is_just_that():
    dense = np.log2(1 + counts())
    found = curves(values(dense, logs=True, one=0.01), TIMES, AT)
    cells = dense[TIMES == 1.0]
    assert found.mean[:, 1] == pytest.approx(cells.mean(axis=0))
    assert found.se[:, 1] == pytest.approx(cells.std(axis=0, ddof=1) / np.sqrt(30))


def test_the_standard_error_is_the_spread_of_repeated_experiments():
    rng = np.random.default_rng(1)
    mean = np.array([0.5, 2.0, 10.0, 50.0])
    repeats = []
    for _ in range(400):
        dense = rng.poisson(mean * rng.gamma(2, 0.5, (len(TIMES), 4))).astype(float)
        repeats.append(curves(values(dense), TIMES, AT))
    spread = np.std([found.mean for found in repeats], axis=0, ddof=1)
    claimed = np.sqrt(np.mean([found.se**2 for found in repeats], axis=0))
    assert claimed == pytest.approx(spread, rel=0.1)


def test_genes_that_nobody_saw_have_a_finite_mean_and_a_large_error():
    dense = counts()
    dense[:, 2] = 0.0
    found = curves(values(dense), TIMES, AT)
    assert found.mean[2] == pytest.approx(np.log2(0.5 / found.cells))
    assert found.se[2] == pytest.approx(1 / np.log(2))
    assert np.isfinite(found.mean).all()


def test_times_with_too_few_cells_are_known_not_to_be_measured():
    chosen = np.ones(len(TIMES), dtype=bool)
    chosen[np.flatnonzero(TIMES == 1.0)[2:]] = False
    found = curves(values(counts()), TIMES, AT, chosen, fewest_times=2)
    assert found.cells.tolist() == [40, 2, 50]
    assert np.isinf(found.se[:, 1]).all()
    assert np.isfinite(found.mean).all()
    assert np.isfinite(found.se[:, [0, 2]]).all()


def test_too_few_times_are_an_error_that_says_what_to_do():
    with pytest.raises(ConfigError) as caught:
        curves(values(counts()), TIMES, AT, TIMES < 5)
    assert caught.value.place == "cells over time"
    assert "3" in caught.value.found
    assert "6 cells" in caught.value.needed
    assert caught.value.fix


def test_cells_without_a_time_are_not_averaged():
    dense, times = counts(), TIMES.copy()
    times[:10] = np.nan
    found = curves(values(dense), times, AT)
    assert found.cells[0] == 30
    assert found.mean[:, 0] == pytest.approx(np.log2(dense[10:40].mean(axis=0) + 1 / 60))


def test_the_order_of_the_cells_is_of_no_account():
    dense = counts()
    order = np.random.default_rng(2).permutation(len(TIMES))
    one, other = (
        curves(values(dense), TIMES, AT),
        curves(values(dense[order]), TIMES[order], AT),
    )
    assert other.mean == pytest.approx(one.mean, abs=1e-12)
    assert other.se == pytest.approx(one.se, abs=1e-12)


def test_halves_are_disjoint_whole_and_as_large_at_every_time():
    times = np.append(TIMES, [np.nan] * 5)
    first = half_of(times, 0)
    for time in AT:
        share = first[times == time].sum()
        assert abs(2 * share - (times == time).sum()) <= 1
    assert not first[np.isnan(times)].any()
    assert np.array_equal(first, half_of(times, 0))
    assert not np.array_equal(first, half_of(times, 1))


def test_parts_are_put_below_each_other():
    found = curves(values(counts()), TIMES, AT)
    genes = np.arange(6)
    again = joined([found.rows(genes[:2]), found.rows(genes[2:])])
    assert np.array_equal(again.mean, found.mean)
    assert np.array_equal(again.se, found.se)
