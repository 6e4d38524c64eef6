"""Cells kept for what a column of ``obs`` says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from scdyn_core.data.roles import Roles
from scdyn_core.data.text import listed, shown
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.step import Outcome, Step

if TYPE_CHECKING:
    from anndata import AnnData


class KeepCells(Step):
    """Keep the cells that have one of some values in a column, such as one type or donor."""

    title: ClassVar[str] = "Keep cells by annotation"
    summary: ClassVar[str] = "Keeps the cells with the chosen values in a column, drops the rest."

    kind: Literal["keep_cells"] = "keep_cells"
    column: str = Field("", max_length=200, description="Name of the column of obs.")
    values: tuple[Annotated[str, Field(max_length=200)], ...] = Field(
        (),
        max_length=1000,
        description="Values of the cells that are kept; empty: the cells marked true.",
    )

    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Keep the cells; those without a value are dropped."""
        if self.column not in adata.obs:
            self._refuse(
                f"no column {shown(self.column)}" if self.column else "no column",
                f"one of {listed(list(adata.obs.columns), 10)}",
                "Write the name of a column of obs.",
            )
        keep = self._chosen(adata.obs[self.column])
        if not keep.any():
            self._refuse("no such cell", "at least one cell left", "Choose other values.")
        return adata[keep].copy(), Outcome(
            message=f"Removed {int((~keep).sum())} of {len(keep)} cells.",
            facts={"column": self.column, "values kept": ", ".join(self.values) or "true"},
        )

    def _chosen(self, column: pd.Series) -> NDArray[np.bool_]:
        """Return which cells have one of the values."""
        wanted: set[float | str]
        names: pd.Series
        if pd.api.types.is_bool_dtype(column.dtype):
            wanted = {value.casefold() for value in self.values} or {"true"}
            names = column.astype("string").str.casefold()
        elif not self.values:
            self._refuse(
                f"no values of {shown(self.column)}", "one or more", "Write the values, one a line."
            )
        elif pd.api.types.is_numeric_dtype(column.dtype):
            wanted, names = {_as_number(value) for value in self.values}, column.astype(float)
        else:
            wanted, names = set(self.values), column.astype("string")
        absent = sorted(wanted - set(names.dropna()), key=str)
        if absent:
            self._refuse(
                f"no cell with {listed([str(value) for value in absent])} in {shown(self.column)}",
                f"values such as {listed([str(v) for v in column.dropna().unique()[:10]], 10)}",
                "Correct the values, or remove those that no cell has.",
            )
        return np.asarray(names.isin(wanted), dtype=bool)

    def _refuse(self, found: str, needed: str, fix: str) -> NoReturn:
        raise ConfigError(f"recipe step {self.kind}", found=found, needed=needed, fix=fix)


def _as_number(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value
