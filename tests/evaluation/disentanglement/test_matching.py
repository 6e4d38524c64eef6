"""Latents are matched whatever their order, sign, scale and number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.evaluation.disentanglement.linear_r2 import linear_r2
from scdyn_core.evaluation.disentanglement.matching import cross_correlation, match_latents
from scdyn_core.evaluation.disentanglement.mcc import matched_correlation, mcc

SEEDS = st.integers(0, 2**32 - 1)
KINDS = st.sampled_from(["pearson", "spearman"])


def mixed_up(true, rng):
    """Return the same latents in another order, sign, scale and place, and that order and sign."""
    order = rng.permutation(true.shape[1])
    sign = rng.choice([-1, 1], true.shape[1])
    found = (true * sign)[:, order] * rng.uniform(0.1, 9, true.shape[1]) + rng.normal(0, 5)
    return found, order, sign


@given(SEEDS, st.integers(1, 8), KINDS)
def test_order_sign_and_scale_are_undone(seed, latents, kind):
    rng = np.random.default_rng(seed)
    true = rng.normal(size=(60, latents))
    found, order, sign = mixed_up(true, rng)
    matching = match_latents(true, found, kind)
    np.testing.assert_array_equal(order[matching.found], np.arange(latents))
    np.testing.assert_array_equal(matching.sign, sign)
    assert mcc(true, found, kind) == pytest.approx(1.0)
    for column, value in zip(true.T, matching.aligned(found).T, strict=True):
        assert np.corrcoef(column, value)[0, 1] == pytest.approx(1.0)


@given(SEEDS, st.integers(1, 6), st.integers(1, 6), KINDS)
def test_the_score_is_the_same_however_the_latents_are_written(seed, n_true, n_found, kind):
    rng = np.random.default_rng(seed)
    true, found = rng.normal(size=(40, n_true)), rng.normal(size=(40, n_found))
    again = mixed_up(found, rng)[0]
    assert mcc(true, again, kind) == pytest.approx(mcc(true, found, kind))
    assert 0 <= mcc(true, found, kind) <= min(n_true, n_found) / n_true + 1e-12


@pytest.mark.parametrize(("n_true", "n_found", "expected"), [(4, 6, 1.0), (6, 4, 4 / 6)])
def test_missed_latents_count_as_nothing_and_surplus_ones_cost_nothing(n_true, n_found, expected):
    values = np.random.default_rng(0).normal(size=(50, 6))
    matching = match_latents(values[:, :n_true], values[:, :n_found])
    assert len(matching.true) == 4
    assert matched_correlation(matching) == pytest.approx(expected)
    missed = np.isnan(matching.aligned(values[:, :n_found])).all(axis=0)
    assert missed.sum() == n_true - 4


def test_the_largest_total_wins_over_the_best_single_pair():
    true = np.random.default_rng(1).normal(size=(2000, 2))
    both = true[:, 0] + 0.9 * true[:, 1]
    found = np.column_stack([both, true[:, 0] + 0.3 * true[:, 1]])
    np.testing.assert_array_equal(match_latents(true, found).found, [1, 0])


def test_rank_correlation_does_not_mind_a_bend():
    true = np.random.default_rng(2).normal(size=(200, 2))
    assert mcc(true, np.exp(4 * true), "spearman") == pytest.approx(1.0)
    assert mcc(true, np.exp(4 * true)) < 0.7


def test_a_constant_latent_is_correlated_with_nothing():
    values = np.random.default_rng(3).normal(size=(30, 2))
    constant = np.full((30, 1), 0.1)
    assert cross_correlation(values, constant).tolist() == [[0.0], [0.0]]
    assert mcc(values, np.hstack([values[:, :1], constant])) == pytest.approx(0.5)


@pytest.mark.parametrize(
    "found", [np.zeros((3, 2)), np.zeros(4), np.full((4, 2), np.nan)], ids=["cells", "flat", "nan"]
)
def test_what_does_not_fit_is_refused(found):
    with pytest.raises(ValueError, match="cells"):
        match_latents(np.zeros((4, 2)), found)


def test_r2_sees_through_a_rotation_that_hides_the_latents_from_mcc():
    rng = np.random.default_rng(4)
    true = rng.normal(size=(800, 6))
    rotation = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    found = true @ rotation + 1.0
    assert mcc(true, found) < 0.9
    assert linear_r2(found[:400], true[:400], found[400:], true[400:]) == pytest.approx(1.0)


def test_r2_of_noise_is_not_positive_however_many_latents():
    rng = np.random.default_rng(5)
    true, found = rng.normal(size=(200, 2)), rng.normal(size=(200, 60))
    assert linear_r2(found[:100], true[:100], found[100:], true[100:]) < 0


def test_r2_leaves_out_what_does_not_vary():
    rng = np.random.default_rng(6)
    true = rng.normal(size=(40, 2)) * [1, 0]
    assert linear_r2(true[:20], true[:20], true[20:], true[20:]) == pytest.approx(1.0)
    assert np.isnan(linear_r2(true[:20], 0 * true[:20], true[20:], 0 * true[20:]))
