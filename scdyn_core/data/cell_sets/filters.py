"""Cells chosen by what is known of them: groups, ranges of numbers, expression of genes."""

from __future__ import annotations

from functools import reduce
from typing import Annotated, Literal, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from scdyn_core.data.text import listed, shown
from scdyn_core.errors import ConfigError

_Limit = Annotated[float, Field(allow_inf_nan=False)]
_Name = Annotated[str, Field(min_length=1, max_length=200)]
MOST_PARTS = 50


class KnownCells(Protocol):
    """Where columns and genes are read from; an ``Atlas`` is one."""

    @property
    def n_cells(self) -> int:
        """Number of cells."""

    def column(self, name: str) -> pd.Series:
        """Return a column about cells."""

    def values(self, gene: str) -> NDArray[np.float32]:
        """Return the expression of a gene on a log scale, shape (cells,)."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LevelsPart(_Part):
    """Cells whose column has one of some levels; cells without a value are never among them."""

    kind: Literal["levels"] = "levels"
    column: _Name = Field(description="column of obs with groups")
    levels: tuple[str, ...] = Field(
        min_length=1, max_length=4096, description="groups that are taken"
    )

    def words(self) -> str:
        """Return the condition as people read it."""
        return f"{self.column} is {listed(list(self.levels))}"

    def mask(self, cells: KnownCells) -> NDArray[np.bool_]:
        """Return which cells fulfil it, shape (cells,)."""
        column = cells.column(self.column)
        if pd.api.types.is_bool_dtype(column.dtype):
            column = column.map({True: "True", False: "False"}).astype("category")
        if not isinstance(column.dtype, pd.CategoricalDtype):
            raise ConfigError(
                f"column {shown(self.column)}",
                found="numbers",
                needed="groups",
                fix="Give a range of the numbers instead.",
            )
        known = [str(level) for level in column.cat.categories]
        unknown = sorted(set(self.levels) - set(known))
        if unknown:
            raise ConfigError(
                f"column {shown(self.column)}",
                found=f"no group {shown(unknown[0])}",
                needed=f"one of {listed(known, 10)}",
                fix="Choose groups that it has.",
            )
        # The last place is that of cells without a value, whose code is -1.
        taken = np.array([*(level in self.levels for level in known), False])
        mask: NDArray[np.bool_] = taken[column.cat.codes.to_numpy()]
        return mask


class RangePart(_Part):
    """Cells whose number lies within limits, both included; missing numbers never do."""

    kind: Literal["range"] = "range"
    column: _Name = Field(description="column of obs with numbers")
    low: _Limit | None = Field(None, description="smallest number taken; no limit without it")
    high: _Limit | None = Field(None, description="largest number taken; no limit without it")

    @model_validator(mode="after")
    def _ordered(self) -> RangePart:
        if self.low is None and self.high is None:
            raise ValueError("a range needs a limit")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the smallest number is above the largest")
        return self

    def words(self) -> str:
        """Return the condition as people read it."""
        if self.low is None:
            return f"{self.column} ≤ {self.high:g}"
        return f"{self.column} ≥ {self.low:g}" + (
            "" if self.high is None else f" and ≤ {self.high:g}"
        )

    def mask(self, cells: KnownCells) -> NDArray[np.bool_]:
        """Return which cells fulfil it, shape (cells,)."""
        column = cells.column(self.column)
        if not pd.api.types.is_numeric_dtype(column.dtype):
            raise ConfigError(
                f"column {shown(self.column)}",
                found="groups",
                needed="numbers",
                fix="Choose groups of it instead.",
            )
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
        taken: NDArray[np.bool_] = ~np.isnan(numbers)
        if self.low is not None:
            taken &= numbers >= self.low
        if self.high is not None:
            taken &= numbers <= self.high
        return taken


class GenePart(_Part):
    """Cells that express a gene above a threshold."""

    kind: Literal["gene"] = "gene"
    gene: _Name = Field(description="gene")
    above: _Limit = Field(0.0, description="log expression a cell must exceed")

    def words(self) -> str:
        """Return the condition as people read it."""
        return f"{self.gene} > {self.above:g}"

    def mask(self, cells: KnownCells) -> NDArray[np.bool_]:
        """Return which cells fulfil it, shape (cells,)."""
        above: NDArray[np.bool_] = cells.values(self.gene) > np.float64(self.above)
        return above


FilterPart = Annotated[LevelsPart | RangePart | GenePart, Field(discriminator="kind")]


class CellFilter(_Part):
    """Conditions on cells, all of which or any of which must hold."""

    match: Literal["all", "any"] = Field("all", description="how many conditions must hold")
    parts: tuple[FilterPart, ...] = Field(
        min_length=1, max_length=MOST_PARTS, description="the conditions"
    )

    def words(self) -> str:
        """Return the conditions as people read them."""
        return (" and " if self.match == "all" else " or ").join(
            part.words() for part in self.parts
        )

    def positions(self, cells: KnownCells) -> NDArray[np.int64]:
        """Return the cells that are chosen, ascending.

        Raises
        ------
        ConfigError
            When a column, level or gene is not there or of the wrong kind.
        """
        together = np.logical_and if self.match == "all" else np.logical_or
        masks = [part.mask(cells) for part in self.parts]
        return np.flatnonzero(reduce(together, masks))
