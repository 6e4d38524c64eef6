"""Errors of cells are averaged by type; a type counts once, however common."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.evaluation.representation.errors_by_type import errors_by_type
from scdyn_core.evaluation.representation.rows import rare_types


def values(frame: pd.DataFrame) -> dict[str, float]:
    return dict(zip(frame["cell_type"], frame["value"], strict=True))


def test_means_by_hand() -> None:
    errors = pd.Series([1.0, 1.0, 1.0, 5.0, 9.0])
    labels = pd.Series(["b", "b", "b", "r", None])
    found = errors_by_type("reconstruction", errors, labels, {"r"})
    assert values(found) == {"all": 3.4, "macro": 3.0, "rare": 5.0, "b": 1.0, "r": 5.0}
    assert set(found["better"]) == {"lower"}


def test_the_order_of_the_cells_counts_and_not_their_names() -> None:
    errors = pd.Series([1.0, 2.0], index=["x", "y"])
    labels = pd.Series(["a", "b"], index=["y", "x"])
    found = values(errors_by_type("e", errors, labels, ()))
    assert (found["a"], found["b"]) == (1.0, 2.0)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0, 1e6)), min_size=1, max_size=40))
def test_summaries_lie_between_the_types(cells: list[tuple[str, float]]) -> None:
    labels, errors = (pd.Series(list(column)) for column in zip(*cells, strict=True))
    found = values(errors_by_type("e", errors.astype(float), labels, {"a"}))
    types = [found[name] for name in set(labels)]
    for summary in ("all", "macro"):
        assert min(types) - 1e-6 <= found[summary] <= max(types) + 1e-6
    assert ("rare" in found) == ("a" in set(labels))


def test_without_cells_there_are_no_rows() -> None:
    assert errors_by_type("e", pd.Series([], dtype=float), pd.Series([], dtype=str), ()).empty


def test_rare_is_below_the_share_among_cells_of_known_type() -> None:
    labels = pd.Series(["a"] * 90 + ["b"] * 5 + ["c"] * 5 + [None] * 900, dtype=object)
    assert rare_types(labels, 0.05) == ()
    assert rare_types(labels, 0.051) == ("b", "c")
    categories = labels.astype(pd.CategoricalDtype(["a", "b", "c", "nobody"]))
    assert rare_types(categories, 0.051) == ("b", "c")
