"""Types seen in both conditions: means, shifts, and how alike others are to them."""

import numpy as np
import pytest

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.response.seen_types import FEWEST, SeenTypes

NAMES = np.repeat(["a", "b", "c"], [10, 12, 9])
TREATED = np.concatenate([np.arange(10) < 4 + 1, np.arange(12) < 6, np.zeros(9, dtype=bool)])
VALUES = np.random.default_rng(0).normal(size=(31, 4))


def test_means_and_shifts_are_those_of_the_cells() -> None:
    seen = SeenTypes.of(VALUES, NAMES, TREATED)
    assert seen.names == ("a", "b")
    np.testing.assert_allclose(seen.control[1], VALUES[16:22].mean(axis=0))
    np.testing.assert_allclose(seen.shift[0], VALUES[:5].mean(axis=0) - VALUES[5:10].mean(axis=0))
    assert seen.cells.tolist() == [10, 12]


def test_a_type_with_too_few_treated_cells_tells_no_response() -> None:
    few = TREATED.copy()
    few[np.flatnonzero(NAMES == "a")[FEWEST - 1]] = False
    assert SeenTypes.of(VALUES, NAMES, few).names == ("b",)


def test_without_any_type_in_both_conditions_there_is_nothing_to_learn() -> None:
    with pytest.raises(ConfigError, match="no type with"):
        SeenTypes.of(VALUES, NAMES, np.zeros(31, dtype=bool))


def test_leaving_one_type_out_keeps_the_others() -> None:
    left = SeenTypes.of(VALUES, NAMES, TREATED).without(0)
    assert left.names == ("b",)
    np.testing.assert_allclose(left.control[0], VALUES[16:22].mean(axis=0))


def test_similarity_falls_with_distance_as_written() -> None:
    control = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]])
    seen = SeenTypes(("a", "b", "c"), control, control, np.array([9, 9, 9]))
    weights = seen.similarity(np.zeros(2), 0.5)
    expected = np.exp(-np.array([0.0, 5.0, 1.0]) / (0.5 * 2.0))
    np.testing.assert_allclose(weights, expected / expected.sum())
    np.testing.assert_allclose(seen.similarity(np.zeros(2), 1e-3), [1, 0, 0], atol=1e-12)


def test_types_equally_far_weigh_the_same() -> None:
    seen = SeenTypes(("a", "b"), np.zeros((2, 3)), np.zeros((2, 3)), np.array([9, 9]))
    np.testing.assert_allclose(seen.similarity(np.zeros(3), 0.3), [0.5, 0.5])
