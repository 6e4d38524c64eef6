"""The rule that chooses the number of clusters."""

import numpy as np
import pytest

from scdyn_core.methods.responses.choice import choice_table, chosen_number
from scdyn_core.methods.responses.groupings import Grouping


def grouping(k, *, algorithm="mixture", bic=np.nan, silhouette=0.5, halves=0.5, level_share=0.1):
    nothing = np.zeros((0, k))
    return Grouping(
        algorithm, k, nothing, np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(k),
        halves, np.nan, silhouette, level_share, bic,
    )  # fmt: skip


def test_where_there_is_a_likelihood_its_criterion_decides():
    found = [
        grouping(2, bic=10, halves=1.0), grouping(3, bic=-5), grouping(4, bic=-4, silhouette=0.9)
    ]  # fmt: skip
    assert chosen_number(found, 0) == 3


def test_elsewhere_it_is_the_product_of_agreement_and_silhouette():
    found = [
        grouping(2, silhouette=0.2, halves=0.99),
        grouping(3, silhouette=0.5, halves=0.6),
        grouping(4, silhouette=0.9, halves=0.1),
    ]
    assert chosen_number(found, 0) == 3


def test_two_marks_below_nothing_do_not_make_a_good_one():
    found = [grouping(2, silhouette=-0.9, halves=-0.9), grouping(3, silhouette=0.1, halves=0.1)]
    assert chosen_number(found, 0) == 3


@pytest.mark.parametrize("asked", [2, 4])
def test_what_is_asked_for_is_chosen(asked):
    found = [grouping(k, bic=abs(k - 3)) for k in (2, 3, 4)]
    assert chosen_number(found, asked) == asked


def test_every_algorithm_has_one_chosen_row():
    found = [grouping(k, algorithm=name, silhouette=1 / k) for name in ("a", "b") for k in (2, 3)]
    frame = choice_table(found, 0).frame
    assert frame.groupby("algorithm")["chosen"].sum().tolist() == [1, 1]
    assert set(choice_table(found, 0).columns) == set(frame)


@pytest.mark.parametrize("unknown", ["silhouette", "halves"])
def test_marks_that_are_not_known_do_not_win(unknown):
    found = [grouping(2, **{unknown: np.nan}), grouping(3)]
    assert chosen_number(found, 0) == 3
