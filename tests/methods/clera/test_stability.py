"""Stability of terms: what replicates agree on, what chance would give, what cells say."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.methods.clera.elimination import eliminate, normal_equations
from scdyn_core.methods.clera.resampling import bootstrap_coefficients, solve_terms
from scdyn_core.methods.clera.stability import stability_table
from scdyn_core.methods.clera.term_agreement import (
    agreement_table,
    agreement_words,
    term_agreement,
)


def equations(coefficients):
    """The table of equations for coefficients of shape (K, p, d)."""
    kept = coefficients != 0
    rows = [
        (k, e + 1, f"t{t}", f"t{t}", coefficients[k, t, e], bool(kept[k, t, e]))
        for k, p, d in [(k, *coefficients.shape[1:]) for k in range(len(coefficients))]
        for e in range(d)
        for t in range(p)
    ]
    names = ["replicate", "equation", "term", "latex", "coefficient", "active"]
    return pd.DataFrame(rows, columns=names)


def test_inclusion_mean_interval_and_sign_are_those_of_the_replicates_that_have_the_term():
    xi = np.zeros((4, 3, 2))
    xi[:, 0, 0] = [1.0, 2.0, 3.0, 4.0]
    xi[:2, 1, 0] = [-1.0, 1.0]
    xi[3, 2, 1] = 0.5
    table = stability_table(equations(xi))
    rows = table.frame.set_index(["equation", "term"])
    assert list(table.frame.columns) == list(table.columns)
    first = rows.loc[(1, "t0")]
    assert (first["inclusion"], first["coefficient"], first["sign_agreement"]) == (1.0, 2.5, 1.0)
    assert (first["low"], first["high"]) == pytest.approx((1.075, 3.925))
    assert rows.loc[(1, "t1"), "inclusion"] == 0.5
    assert rows.loc[(1, "t1"), "sign_agreement"] == 0.5
    assert np.isnan(rows.loc[(2, "t0"), "coefficient"])
    # Six terms kept in four replicates of three offered; one in equation 2.
    np.testing.assert_allclose(rows.loc[1, "chance"], 6 / 12)
    np.testing.assert_allclose(rows.loc[2, "chance"], 1 / 12)


def motion(cells=2000, noise=0.1, seed=0):
    rng = np.random.default_rng(seed)
    theta = rng.normal(size=(cells, 4)) * [1.0, 2.0, 0.5, 1.0]
    truth = np.array([[1.0, 0.0], [-0.5, 0.3], [0.0, 0.8], [0.0, 0.0]])
    return theta, theta @ truth + noise * rng.normal(size=(cells, 2)), truth


def test_the_solution_is_that_of_training():
    theta, dz, truth = motion()
    mask = (truth != 0).astype(float)
    library, derivative = torch.as_tensor(theta), torch.as_tensor(dz)
    equations = normal_equations(library, derivative, derivative, (1.0, 0.0), lambda _: library)
    kept = torch.nonzero(torch.as_tensor(mask).flatten()).flatten()
    _, trained = eliminate(
        equations, kept, ridge=0.01, threshold=0.0, smallest_share=0.0, fewest=len(kept)
    )
    ours = solve_terms(theta, dz, mask, ridge=0.01)
    np.testing.assert_allclose(ours[mask > 0], trained, rtol=1e-9)
    assert (ours[mask == 0] == 0).all()


def test_the_spread_over_drawn_cells_is_the_standard_error():
    theta, dz, truth = motion(noise=0.3)
    mask = (truth != 0).astype(float)
    drawn = bootstrap_coefficients(theta, dz, mask, ridge=0.0, seed=0, resamples=400)
    assert drawn.shape == (400, 4, 2)
    assert (drawn[:, mask == 0] == 0).all()
    expected = 0.3 / (np.sqrt(len(theta)) * theta.std(axis=0))
    for term, equation in np.argwhere(mask):
        assert drawn[:, term, equation].std() == pytest.approx(expected[term], rel=0.15)
    again = bootstrap_coefficients(theta, dz, mask, ridge=0.0, seed=0, resamples=400)
    np.testing.assert_array_equal(drawn, again)


def test_intervals_over_cells_hold_the_truth_about_as_often_as_they_say():
    inside = []
    for seed in range(40):
        theta, dz, truth = motion(cells=400, noise=0.3, seed=seed)
        mask = (truth != 0).astype(float)
        drawn = bootstrap_coefficients(theta, dz, mask, ridge=0.0, seed=seed, resamples=100)
        low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
        inside += list(((low <= truth) & (truth <= high))[mask > 0])
    assert 0.85 <= np.mean(inside) <= 0.99


def test_one_replicate_has_an_interval_over_cells_around_its_own_coefficients():
    theta, dz, truth = motion()
    mask = (truth != 0).astype(float)
    solved = solve_terms(theta, dz, mask, ridge=0.0)
    drawn = bootstrap_coefficients(theta, dz, mask, ridge=0.0, seed=0)
    own = np.where(mask > 0, solved + 0.2, 0.0)
    frame = stability_table(equations(own[None]), drawn - solved).frame
    kept = frame[frame["inclusion"] == 1]
    assert (frame["interval"] == "cells").all()
    assert ((kept["low"] < kept["coefficient"]) & (kept["coefficient"] < kept["high"])).all()
    np.testing.assert_allclose(kept["coefficient"], own.T[mask.T > 0])
    assert (kept["high"] - kept["low"]).max() < 0.05
    alone = stability_table(equations(own[None])).frame
    assert alone["low"].isna().all()
    assert (alone["interval"] == "none").all()


def test_like_replicates_agree_more_than_chance_and_random_ones_do_not():
    rng = np.random.default_rng(0)
    one = rng.random((1, 10, 3)) < 0.4
    same = term_agreement(np.repeat(one, 5, axis=0))
    assert same.jaccard == 1.0
    assert same.p_value < 0.01
    assert agreement_words(agreement_table(same).frame.iloc[0]).startswith("Terms agree more")
    above = [
        term_agreement(rng.random((5, 10, 3)) < 0.4, seed=seed).p_value < 0.05 for seed in range(20)
    ]
    assert np.mean(above) <= 0.2


def test_replicates_that_keep_every_term_say_nothing():
    agreement = term_agreement(np.ones((4, 10, 3)))
    assert agreement.jaccard == agreement.chance == 1.0
    assert "not agree more" in agreement_words(agreement_table(agreement).frame.iloc[0])


def test_the_chance_is_the_hypergeometric_one():
    p, a, b = 12, 5, 7
    masks = np.zeros((2, p, 1))
    masks[0, :a], masks[1, :b] = 1, 1
    from scipy.stats import hypergeom

    both = np.arange(min(a, b) + 1)
    expected = (hypergeom(p, a, b).pmf(both) * both / (a + b - both)).sum()
    assert term_agreement(masks).chance == pytest.approx(expected, abs=0.02)


@settings(deadline=None, max_examples=20)
@given(st.integers(2, 6), st.integers(0, 1000))
def test_agreement_does_not_depend_on_the_order_of_replicates(replicates, seed):
    rng = np.random.default_rng(seed)
    masks = rng.random((replicates, 6, 2)) < 0.5
    assert term_agreement(masks[::-1]).jaccard == pytest.approx(term_agreement(masks).jaccard)


def test_agreement_needs_two_replicates():
    with pytest.raises(ValueError, match="two"):
        term_agreement(np.ones((1, 3, 2)))
