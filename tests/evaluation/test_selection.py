"""Choosing the best candidate: the rule, its weights and the front."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scdyn_core.evaluation.selection import (
    SelectionRule,
    best_candidate,
    merits,
    pareto_front,
)

RULE = SelectionRule()


def candidates(*rows):
    columns = ["validation_derivative_share", "active_terms", "field_stability", "term_stability"]
    return pd.DataFrame(rows, columns=columns)


MANY = st.lists(
    st.tuples(
        st.floats(-2, 0.99), st.integers(0, 60), st.floats(-1, 1), st.floats(0, 1)
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def test_half_the_terms_are_worth_nine_percent_of_error_by_default():
    even = candidates((0.5, 20, 0.8, 0.8), (1 - 0.5 * 2**0.125, 10, 0.8, 0.8))
    first, second = merits(even, RULE)
    assert first == pytest.approx(second)
    worse = candidates((0.5, 20, 0.8, 0.8), (1 - 0.5 * 1.10, 10, 0.8, 0.8))
    assert best_candidate(worse, RULE) == 0


@pytest.mark.parametrize(
    ("rule", "best"),
    [
        ({"error": 1, "terms": 0, "stability": 0}, 0),
        ({"error": 0, "terms": 1, "stability": 0}, 1),
        ({"error": 0, "terms": 0, "stability": 1}, 2),
        ({"error": 0, "terms": 0, "stability": 1, "stability_of": "terms"}, 0),
    ],
)
def test_each_weight_alone_picks_the_best_of_its_kind(rule, best):
    three = candidates((0.6, 20, 0.5, 0.9), (0.3, 5, 0.6, 0.5), (0.4, 12, 0.9, 0.4))
    assert best_candidate(three, SelectionRule(**rule)) == best


def test_unknown_stability_is_no_advantage():
    mixed = candidates((0.5, 10, np.nan, np.nan), (0.5, 10, 0.6, 0.6), (0.5, 10, 0.9, 0.9))
    first, second, third = merits(mixed, RULE)
    assert first == second < third == 1.0
    alone = candidates((0.5, 10, np.nan, np.nan), (0.4, 10, np.nan, np.nan))
    assert merits(alone, RULE)[0] == 1.0


def test_a_candidate_that_broke_is_never_chosen():
    broken = candidates((np.nan, 5, 0.9, 0.9), (-0.5, 30, 0.1, 0.1))
    for rule in (RULE, SelectionRule(error=0)):
        assert best_candidate(broken, rule) == 1
    assert not pareto_front(candidates((np.nan, 1, 1, 1), (0.1, 9, 0.9, 1)), RULE)[0]


@given(MANY)
def test_merits_are_shares_and_the_best_is_on_the_front(rows):
    frame = candidates(*rows)
    merit = merits(frame, RULE)
    assert ((merit >= 0) & (merit <= 1)).all()
    # Candidates with no terms, or no stability, tie with those that have the least.
    weighed = frame.assign(
        active_terms=frame["active_terms"].clip(lower=1),
        field_stability=frame["field_stability"].clip(lower=0.01),
    )
    front = pareto_front(weighed, RULE)
    assert front[merit >= merit.max() - 1e-12].any()


@given(MANY)
def test_the_front_is_what_no_other_beats(rows):
    frame = candidates(*rows)
    front = pareto_front(frame, RULE)
    assert front.any()
    goods = np.column_stack(
        [
            frame["validation_derivative_share"],
            -frame["active_terms"],
            frame["field_stability"].clip(lower=0.01),
        ]
    )
    for number, own in enumerate(goods):
        beaten = any((other >= own).all() and (other > own).any() for other in goods)
        assert front[number] == (not beaten)


def test_weights_have_bounds():
    with pytest.raises(ValidationError):
        SelectionRule(error=-1)
