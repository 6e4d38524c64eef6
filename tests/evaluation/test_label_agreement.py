"""Two divisions of the same samples, beside shuffled ones."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from scdyn_core.evaluation.label_agreement import (
    ARI,
    NMI,
    adjusted_rand_of,
    contingency,
    label_agreement,
    normalised_information_of,
)

LABELS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=2, max_size=60)


def series(groups: list[object], start: int = 0) -> pd.Series:
    names = [f"s{at}" for at in range(start, start + len(groups))]
    return pd.Series(groups, index=names)


@settings(max_examples=60, deadline=None)
@given(LABELS)
def test_both_indices_are_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    first, second = zip(*pairs, strict=True)
    counts = contingency(series(list(first)), series(list(second))).to_numpy()
    assert adjusted_rand_of(counts) == pytest.approx(adjusted_rand_score(first, second), abs=1e-12)
    assert normalised_information_of(counts) == pytest.approx(
        normalized_mutual_info_score(first, second), abs=1e-7
    )


def test_only_samples_that_both_divide_are_counted() -> None:
    first = series(["a", "a", "b", None])
    second = series(["x", "y", "y", "y"], start=1)
    counts = contingency(first, second)
    assert counts.to_numpy().sum() == 2
    assert counts.loc["a", "x"] == 1
    assert counts.loc["b", "y"] == 1


def test_groups_keep_their_own_order_and_numbers_sort_as_numbers() -> None:
    first = series([10, 9, 1])
    second = pd.Series(pd.Categorical(["late", "early", "late"], ["late", "early"]), first.index)
    counts = contingency(first, second)
    assert list(counts.index) == ["1", "9", "10"]
    assert list(counts.columns) == ["late", "early"]


def test_the_same_groups_under_other_names_agree_fully_and_beyond_chance() -> None:
    groups = np.random.default_rng(0).integers(0, 4, 300)
    rows = label_agreement(contingency(series(groups.tolist()), series((groups + 7).tolist())))
    rows = rows.set_index("measure")
    assert rows.loc[ARI, "value"] == pytest.approx(1.0)
    assert rows.loc[NMI, "value"] == pytest.approx(1.0)
    assert abs(rows.loc[ARI, "shuffled"]) < 0.01
    assert rows.loc[ARI, "shuffled_best"] < 0.1


def test_the_null_is_that_of_shuffled_samples() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.integers(0, 5, 80), rng.integers(0, 3, 80)
    counts = contingency(series(first.tolist()), series(second.tolist()))
    rows = label_agreement(counts, shuffles=400).set_index("measure")
    shuffled = [normalized_mutual_info_score(first, rng.permutation(second)) for _ in range(400)]
    assert rows.loc[NMI, "shuffled"] == pytest.approx(np.mean(shuffled), rel=0.1)


def test_without_common_samples_nothing_is_said() -> None:
    counts = contingency(series(["a", "b"]), series(["a", "b"], start=5))
    assert label_agreement(counts).empty


@pytest.mark.parametrize("first", [["a"] * 6, ["a"] * 3 + ["b"] * 3])
def test_all_samples_in_one_group_leave_chance_nothing_to_draw(first: list[object]) -> None:
    for one, other in ((first, ["x"] * 6), (["x"] * 6, first)):
        rows = label_agreement(contingency(series(one), series(other)))
        assert rows["shuffled"].tolist() == rows["shuffled_best"].tolist() == rows["value"].tolist()
