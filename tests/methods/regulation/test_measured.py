"""Measured changes: what they are of, how far they are off, and which errors genes share."""

import numpy as np
import pytest
from scipy import sparse

from scdyn_core.methods.regulation.measured import measured_changes
from scdyn_core.methods.regulation.noise import SharedNoise

GENES = 40


def counted(rng, log_rate, cells, depth=2000.0, dispersion=0.2, shared=None):
    """Negative binomial counts of cells whose depths differ; ``shared`` moves genes together."""
    share = np.exp(log_rate) / np.exp(log_rate).sum()
    rate = depth * np.exp(rng.normal(0, 0.3, (cells, 1))) * share
    rate = rate * rng.gamma(1 / dispersion, dispersion, (cells, len(share)))
    if shared is not None:
        rate = rate * np.exp(rng.normal(size=(cells, 1)) * shared)
    return rng.poisson(rate)


def a_screen(rng, change, cells, controls, **kwargs):
    """Counts and groups of a control (-1) and of as many labels as ``change`` has rows."""
    base = rng.normal(0, 0.7, GENES)
    parts = [counted(rng, base, controls, **kwargs)]
    parts += [counted(rng, base + own, cells, **kwargs) for own in change]
    group = np.repeat(np.arange(-1, len(change)), [controls] + [cells] * len(change))
    return sparse.csr_matrix(np.concatenate(parts), dtype=np.float64), group


def measured(counts, group):
    labels = int(group.max()) + 1
    genes = [f"g{number}" for number in range(counts.shape[1])]
    return measured_changes(counts, group, [np.array([own]) for own in range(labels)], genes)


@pytest.fixture(scope="module")
def planted():
    change = np.zeros((3, GENES))
    change[0, :3] = [-1.5, 1.0, -0.7]
    change[1, 5] = 2.0
    return change


def test_changes_are_those_of_the_rates_whatever_the_others_take(planted):
    """A gene that takes a larger share leaves less for all: the median gene did not change."""
    counts, group = a_screen(np.random.default_rng(1), planted, cells=2000, controls=4000)
    found = measured(counts, group)
    np.testing.assert_allclose(found.values, planted, atol=0.12)
    assert np.abs(np.median(found.values, axis=1)).max() < 1e-12


def test_errors_are_the_spread_of_changes_measured_again(planted):
    """Own cells and control cells apart, with few cells of each."""
    rng = np.random.default_rng(2)
    base = rng.normal(0, 0.7, GENES)
    group = np.repeat([-1, 0], [60, 30])
    values, own, control = [], [], []
    for _ in range(150):
        parts = [counted(rng, base, 60), counted(rng, base, 30)]
        found = measured(sparse.csr_matrix(np.concatenate(parts), dtype=np.float64), group)
        values.append(found.values[0])
        own.append(found.error[0])
        control.append(found.control_error)
    expected = np.sqrt(np.mean(np.square(own), axis=0) + np.mean(np.square(control), axis=0))
    ratio = np.std(values, axis=0) / expected
    assert 0.9 < np.median(ratio) < 1.1
    assert (ratio > 0.7).all()
    assert (ratio < 1.3).all()


def test_cells_of_no_group_say_nothing(planted):
    counts, group = a_screen(np.random.default_rng(3), planted, cells=50, controls=100)
    found = measured(counts, group)
    more = sparse.vstack([counts, 7 * counts[:40]], format="csr")
    other = measured(more, np.concatenate([group, np.full(40, -2)]))
    np.testing.assert_array_equal(found.values, other.values)
    np.testing.assert_array_equal(found.error, other.error)
    np.testing.assert_array_equal(found.noise.loadings, other.noise.loadings)


def test_genes_without_a_count_do_not_change_and_say_little(planted):
    counts, group = a_screen(np.random.default_rng(4), planted, cells=50, controls=100)
    wide = sparse.hstack([counts, sparse.csr_matrix((counts.shape[0], 2))], format="csr")
    found = measured(wide, group)
    np.testing.assert_allclose(found.values[:, -2:], found.values[:, -2:].mean(1)[:, None] + [0, 0])
    assert np.abs(found.values[:, -2:]).max() < 0.2
    assert (found.error[:, -2:].min(axis=1) > found.error[:, :-2].max(axis=1)).all()
    assert np.isfinite(found.values).all()
    assert np.isfinite(found.control_error).all()
    np.testing.assert_array_equal(found.noise.own[-2:], 1.0)


@pytest.mark.parametrize("cells", [2, 3])
def test_two_cells_of_a_label_and_no_more_genes_than_that(planted, cells):
    """More genes than cells, labels of two cells: finite, and said with much error."""
    counts, group = a_screen(np.random.default_rng(5), planted, cells=cells, controls=5)
    found = measured(counts, group)
    for values in (found.values, found.error, found.control_error, found.noise.precision):
        assert np.isfinite(values).all()
    assert (found.noise.own > 0).all()
    assert np.median(found.error) > 0.2


def test_without_control_cells_changes_are_against_all_cells_and_noise_within_labels():
    """What perturbations change is no noise that cells of one label have in common."""
    rng = np.random.default_rng(6)
    change = np.where(rng.random((6, GENES)) < 0.4, rng.normal(0, 2.0, (6, GENES)), 0.0)
    counts, group = a_screen(rng, change, cells=60, controls=300)
    with_control = measured(counts, group)
    rows = group >= 0
    alone = measured(counts[rows], group[rows])
    assert np.square(alone.noise.loadings).sum() < 0.1 * GENES
    np.testing.assert_allclose(alone.error, with_control.error, rtol=0.25)
    means = np.stack([np.asarray(counts[group == own].mean(axis=0)).ravel() for own in range(6)])
    by_hand = np.log((means + 0.01) / (means.mean(axis=0) + 0.01))
    spread = alone.values - by_hand
    assert np.std(spread - np.median(spread, axis=1, keepdims=True), axis=1).max() < 0.25


def test_shared_states_are_found_and_chance_is_not():
    rng = np.random.default_rng(7)
    shared = np.where(np.arange(GENES) < 15, 0.8, 0.0)
    none = np.zeros((4, GENES))
    counts, group = a_screen(rng, none, cells=100, controls=400, shared=shared)
    found = measured(counts, group).noise
    assert found.loadings.shape[1] >= 1
    # What takes more leaves less for the others.
    first = found.loadings[:, 0] * np.sign(found.loadings[0, 0])
    assert first[:15].min() > 0.5
    assert first[15:].max() < 0.0
    counts, group = a_screen(rng, none, cells=100, controls=400)
    # Logarithms of the counts of shallow cells are lower together, by a little.
    assert np.square(measured(counts, group).noise.loadings).sum() < 0.1 * GENES


def test_chance_makes_no_factor_where_labels_have_a_handful_of_cells():
    """Residuals around as many means as there are half as many cells know half as much."""
    rng = np.random.default_rng(8)
    counts = sparse.csr_matrix(rng.poisson(20.0, (300, GENES)), dtype=np.float64)
    groups = [np.arange(start, start + 2) for start in range(0, 300, 2)]
    assert SharedNoise.of(counts, groups).loadings.shape[1] == 0


def test_precision_is_the_diagonal_of_the_inverse_and_variances_are_one():
    rng = np.random.default_rng(9)
    shared = rng.normal(0, 0.7, GENES)
    counts, group = a_screen(rng, np.zeros((2, GENES)), cells=100, controls=300, shared=shared)
    noise = measured(counts, group).noise
    covariance = noise.loadings @ noise.loadings.T + np.diag(noise.own)
    np.testing.assert_allclose(np.diag(covariance), 1.0)
    np.testing.assert_allclose(noise.precision, np.diag(np.linalg.inv(covariance)))


def test_factors_have_the_size_of_the_states_and_not_that_of_the_sample():
    """A known covariance, with more genes than half of the cells."""
    rng = np.random.default_rng(10)
    loadings = np.sqrt(0.5) * np.ones(200)
    n = 250
    log_rate = 4.0 + 0.5 * (
        rng.normal(size=(n, 1)) * loadings + np.sqrt(0.5) * rng.normal(size=(n, 200))
    )
    counts = sparse.csr_matrix(np.exp(log_rate))
    found = SharedNoise.of(counts, [np.arange(n)])
    assert found.loadings.shape[1] == 1
    assert np.square(found.loadings).sum() == pytest.approx(100.0, rel=0.15)
