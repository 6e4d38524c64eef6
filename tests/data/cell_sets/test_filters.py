"""Cells by groups, ranges of numbers and genes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from scdyn_core.data.cell_sets.filters import CellFilter, GenePart, LevelsPart, RangePart
from scdyn_core.errors import ConfigError


@dataclass(frozen=True)
class FiveCells:
    """Two missing values among five cells."""

    n_cells: int = 5

    def column(self, name: str) -> pd.Series:
        return pd.Series(
            {
                "type": pd.Categorical(["a", "b", None, "a", "c"]),
                "age": [1.0, 2.0, 3.0, np.nan, 5.0],
                "doublet": [True, False, False, True, False],
            }[name]
        )

    def values(self, gene: str) -> NDArray[np.float32]:
        return np.array([0, 0.5, 0, 2, 1], dtype=np.float32)


def chosen(*parts: LevelsPart | RangePart | GenePart, match: str = "all") -> list[int]:
    return CellFilter(match=match, parts=parts).positions(FiveCells()).tolist()


def test_levels_never_take_cells_without_a_value() -> None:
    assert chosen(LevelsPart(column="type", levels=("a", "c"))) == [0, 3, 4]
    assert chosen(LevelsPart(column="type", levels=("a", "b", "c"))) == [0, 1, 3, 4]


def test_truth_values_are_two_groups() -> None:
    assert chosen(LevelsPart(column="doublet", levels=("True",))) == [0, 3]


def test_ranges_hold_both_limits_and_no_missing_number() -> None:
    assert chosen(RangePart(column="age", low=2, high=3)) == [1, 2]
    assert chosen(RangePart(column="age", low=2)) == [1, 2, 4]
    assert chosen(RangePart(column="age", high=2)) == [0, 1]


def test_genes_must_exceed_the_threshold() -> None:
    assert chosen(GenePart(gene="g")) == [1, 3, 4]
    assert chosen(GenePart(gene="g", above=1)) == [3]


def test_all_or_any_of_the_conditions() -> None:
    parts = LevelsPart(column="type", levels=("a",)), RangePart(column="age", low=2)
    assert chosen(*parts) == []
    assert chosen(*parts, match="any") == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (LevelsPart(column="type", levels=("z",)), "no group 'z'"),
        (LevelsPart(column="age", levels=("1",)), "Give a range"),
        (RangePart(column="type", low=1), "Choose groups"),
    ],
)
def test_what_does_not_fit_the_column_is_said(part: LevelsPart | RangePart, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        chosen(part)


def test_empty_and_turned_ranges_are_refused() -> None:
    for limits in ({}, {"low": 3, "high": 2}, {"low": float("nan")}):
        with pytest.raises(ValidationError):
            RangePart(column="age", **limits)


def test_a_filter_is_its_own_record() -> None:
    made = CellFilter(
        match="any",
        parts=(
            LevelsPart(column="type", levels=("a", "b")),
            RangePart(column="age", low=1, high=2),
            GenePart(gene="Ins1", above=0.5),
        ),
    )
    assert CellFilter.model_validate_json(made.model_dump_json()) == made
    assert made.words() == ("type is 'a', 'b' or age ≥ 1 and ≤ 2 or Ins1 > 0.5")
