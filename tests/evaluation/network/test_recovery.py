"""Precision of ranked edges: by hand, as scikit-learn, and by what must not matter."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score
from sklearn.metrics import precision_recall_curve as sklearn_curve

from scdyn_core.evaluation.network.recovery import (
    MOST_POINTS,
    average_precision,
    early_precision,
    expected_average_precision,
    precision_recall_curve,
    signed_early_precision,
)

#: Few distinct strengths, so that many tie.
PAIRS = st.lists(st.tuples(st.integers(0, 6), st.sampled_from([-1, 0, 0, 1])), min_size=1,
                 max_size=40).filter(lambda pairs: any(sign for _, sign in pairs))  # fmt: skip


def arrays(pairs):
    strength = np.array([strength for strength, _ in pairs], dtype=float)
    sign = np.array([sign for _, sign in pairs], dtype=np.int8)
    return strength, sign


@given(PAIRS)
def test_average_precision_is_that_of_scikit_learn(pairs):
    strength, sign = arrays(pairs)
    expected = average_precision_score(sign != 0, strength)
    assert average_precision(strength, sign != 0) == pytest.approx(expected)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(pairs, random):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    for one, other in ((arrays(pairs), arrays(shuffled)),):
        assert average_precision(one[0], one[1] != 0) == pytest.approx(
            average_precision(other[0], other[1] != 0)
        )
        assert early_precision(one[0], one[1] != 0) == pytest.approx(
            early_precision(other[0], other[1] != 0)
        )


@given(PAIRS)
def test_every_sign_turned_around_turns_right_into_wrong(pairs):
    strength, sign = arrays(pairs)
    right = signed_early_precision(strength, sign)
    wrong = signed_early_precision(-strength, sign)
    assert right == pytest.approx(signed_early_precision(-strength, -sign))
    assert right + wrong <= early_precision(strength, sign != 0) + 1e-9


@given(PAIRS)
def test_only_the_order_of_strengths_counts(pairs):
    strength, sign = arrays(pairs)
    for stretched in (strength * 3.0, np.expm1(strength)):
        assert average_precision(stretched, sign != 0) == average_precision(strength, sign != 0)
        assert early_precision(stretched, sign != 0) == early_precision(strength, sign != 0)


def test_pairs_that_tie_count_as_the_mean_over_all_their_orders():
    strength = np.array([5.0, 2.0, 2.0, 2.0, 1.0])
    true = np.array([True, True, False, False, True])
    found = []
    for order in permutations(range(1, 4)):
        top = [0, *order][:3]
        found.append(true[top].mean())
    assert early_precision(strength, true) == pytest.approx(np.mean(found))


def test_by_hand():
    strength = np.array([9.0, 8.0, 7.0, 6.0, 0.0])
    true = np.array([True, False, True, False, True])
    # One of one, two of three, three of five.
    assert average_precision(strength, true) == pytest.approx((1 + 2 / 3 + 3 / 5) / 3)
    assert early_precision(strength, true) == pytest.approx(2 / 3)
    value = np.array([9.0, 8.0, -7.0, 6.0, 0.0])
    assert signed_early_precision(value, np.array([1, 0, 1, 0, 1], dtype=np.int8)) == 1 / 3


def test_a_network_without_edges_is_as_good_as_chance():
    true = np.arange(40) < 10
    assert average_precision(np.zeros(40), true) == 0.25
    assert early_precision(np.zeros(40), true) == 0.25
    assert signed_early_precision(np.zeros(40), true.astype(np.int8)) == 0


def test_without_true_edges_there_is_no_score():
    nothing = np.zeros(5, dtype=bool)
    assert np.isnan(average_precision(np.arange(5.0), nothing))
    assert np.isnan(early_precision(np.arange(5.0), nothing))
    assert np.isnan(expected_average_precision(5, 0))
    assert [len(part) for part in precision_recall_curve(np.arange(5.0), nothing)] == [0, 0, 0]


@pytest.mark.parametrize(("pairs", "edges"), [(5, 1), (5, 2), (6, 5), (4, 4), (1, 1)])
def test_the_expected_average_precision_is_the_mean_over_all_orders(pairs, edges):
    true = np.arange(pairs) < edges
    strength = np.arange(pairs, 0.0, -1.0)
    scores = [
        average_precision(strength, true[list(order)]) for order in permutations(range(pairs))
    ]
    assert expected_average_precision(pairs, edges) == pytest.approx(np.mean(scores))


def test_a_curve_has_the_points_of_scikit_learn():
    rng = np.random.default_rng(0)
    strength, true = rng.integers(0, 50, 300).astype(float), rng.random(300) < 0.2
    precision, recall, threshold = sklearn_curve(true, strength)
    found = precision_recall_curve(strength, true)
    np.testing.assert_allclose(found[0], recall[-2::-1])
    np.testing.assert_allclose(found[1], precision[-2::-1])
    np.testing.assert_allclose(found[2], threshold[::-1])


def test_a_long_curve_is_thinned_but_keeps_its_ends_and_its_shape():
    rng = np.random.default_rng(0)
    true = rng.random(100_000) < 0.01
    strength = rng.normal(size=100_000) + 2.0 * true
    recall, precision, found = precision_recall_curve(strength, true)
    assert 200 < len(recall) <= MOST_POINTS
    assert found[0] == strength.max()
    assert recall[-1] == 1
    assert (np.diff(recall) >= 0).all()
    area = (np.diff(recall, prepend=0) * precision).sum()
    assert area == pytest.approx(average_precision(strength, true), abs=0.02)
