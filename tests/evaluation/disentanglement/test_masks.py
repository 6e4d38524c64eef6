"""Masks are compared latent by matched latent."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from scdyn_core.evaluation.disentanglement.masks import largest_shifts, mask_scores, strong_shifts
from scdyn_core.evaluation.disentanglement.matching import match_latents

SEEDS = st.integers(0, 2**32 - 1)


def matched(true, order, seed=0):
    """Return the matching of latents whose found columns are true ones in some order."""
    values = np.random.default_rng(seed).normal(size=(50, true.shape[1]))
    return match_latents(values, -values[:, order])


@given(SEEDS, st.integers(2, 8))
def test_the_same_mask_in_another_order_and_sign_is_perfect(seed, latents):
    rng = np.random.default_rng(seed)
    true = rng.random((20, latents)) < 0.3
    true[0, 0] = True
    order = rng.permutation(latents)
    scores = mask_scores(true, true[:, order], matched(true, order))
    assert (scores.precision, scores.recall, scores.f1) == (1.0, 1.0, 1.0)


@given(SEEDS, st.integers(2, 6))
def test_it_is_what_sklearn_says_of_the_flat_matched_masks(seed, latents):
    rng = np.random.default_rng(seed)
    true, found = rng.random((2, 15, latents)) < 0.4
    true[0], found[0] = True, True
    order = rng.permutation(latents)
    scores = mask_scores(true, found[:, order], matched(true, order))
    expected = precision_recall_fscore_support(true.ravel(), found.ravel(), average="binary")
    assert (scores.precision, scores.recall, scores.f1) == pytest.approx(expected[:3])


@pytest.mark.parametrize("density", [0.1, 0.5])
def test_a_random_mask_is_as_precise_as_the_true_one_is_dense(density):
    rng = np.random.default_rng(0)
    true = rng.random((3000, 10)) < density
    found = rng.random(true.shape) < 0.3
    scores = mask_scores(true, found, matched(true, np.arange(10)))
    assert scores.precision == pytest.approx(density, abs=0.02)
    assert scores.recall == pytest.approx(0.3, abs=0.02)


def test_everything_on_is_found_but_not_precise():
    true = np.eye(8, dtype=bool)
    scores = mask_scores(true, np.ones((8, 8)), matched(true, np.arange(8)))
    assert (scores.precision, scores.recall) == (1 / 8, 1.0)


def test_surplus_latents_are_wrong_and_missed_ones_are_missed():
    values = np.random.default_rng(1).normal(size=(50, 4))
    true = np.ones((5, 3), dtype=bool)
    surplus = mask_scores(true, np.ones((5, 4)), match_latents(values[:, :3], values))
    assert (surplus.precision, surplus.recall) == (3 / 4, 1.0)
    missed = mask_scores(np.ones((5, 4)), true, match_latents(values, values[:, :3]))
    assert (missed.precision, missed.recall) == (1.0, 3 / 4)


def test_only_the_chosen_rows_count():
    true = np.eye(4, dtype=bool)
    found = true.copy()
    found[2:] = True
    matching = matched(true, np.arange(4))
    assert mask_scores(true, found, matching, np.array([0, 1])).f1 == 1.0
    assert mask_scores(true, found, matching, np.array([True, True, False, False])).f1 == 1.0
    assert mask_scores(true, found, matching).f1 < 1.0


def test_empty_masks_have_no_precision():
    matching = matched(np.zeros((3, 2)), np.arange(2))
    nothing, something = np.zeros((3, 2), dtype=bool), np.ones((3, 2), dtype=bool)
    missed = mask_scores(something, nothing, matching)
    assert np.isnan(missed.precision)
    assert (missed.recall, missed.f1) == (0.0, 0.0)
    assert np.isnan(mask_scores(nothing, nothing, matching).f1)


def test_masks_that_do_not_fit_the_matching_are_refused():
    with pytest.raises(ValueError, match="shapes"):
        mask_scores(np.ones((3, 2)), np.ones((3, 3)), matched(np.ones((3, 2)), np.arange(2)))


def test_masks_from_shifts():
    shift = np.array([[3.0, -2.0, 0.5], [0.0, 0.0, 0.0], [-0.9, 1.0, 1.1]])
    assert strong_shifts(shift).tolist() == [[True, True, False], [False] * 3, [False, False, True]]
    assert largest_shifts(shift, 1).argmax(axis=1).tolist() == [0, 0, 2]
    assert largest_shifts(shift, 2).sum(axis=1).tolist() == [2, 2, 2]
    assert largest_shifts(shift, 9).all()
    assert not largest_shifts(shift, 0).any()
