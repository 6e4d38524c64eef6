"""Comparisons of two sets of cells, kept by what was compared: the same is computed once."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from scdyn_core.data.appearing import appearing
from scdyn_core.errors import InputError
from scdyn_core.evaluation.expression.comparison import COLUMNS, Comparison, Facts, Method
from scdyn_core.runs.atomic import replacing

if TYPE_CHECKING:
    from scdyn_core.data.atlas.atlas import Atlas
    from scdyn_core.workspace import Workspace

#: Raised by one whenever the same question gets another answer.
VERSION = 1
_CELLS, _TABLE, _FACTS = "cells", "genes.parquet", "facts.json"
Positions = NDArray[np.int64]


class CellChoice(BaseModel):
    """Some cells of an atlas: a level of a column, or a set stored by ``store_cells``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str | None = None
    level: str | None = None
    digest: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")


class Question(BaseModel):
    """Which cells are compared, and how.

    Attributes
    ----------
    atlas
        Key of the atlas.
    second
        All other cells where not given.
    samples
        Column that names samples; for pseudobulks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = VERSION
    atlas: str
    first: CellChoice
    second: CellChoice | None = None
    method: Method
    samples: str | None = None

    @property
    def key(self) -> str:
        """Name of the folder of the answer."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]


class ComparisonStore:
    """The comparisons in a workspace's cache; safe to delete."""

    def __init__(self, workspace: Workspace) -> None:
        self._home = workspace.cache / "comparisons"

    def store_cells(self, cells: Positions) -> CellChoice:
        """Keep a set of cells for whoever compares it."""
        digest = hashlib.sha256(np.ascontiguousarray(cells, dtype=np.int64).tobytes()).hexdigest()
        path = self._home / _CELLS / f"{digest}.npy"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as beside, beside.open("wb") as file:
                np.save(file, cells.astype(np.int64), allow_pickle=False)
        return CellChoice(digest=digest)

    def cells(self, atlas: Atlas, choice: CellChoice) -> Positions:
        """Return the positions of some cells.

        Raises
        ------
        ConfigError
            When the atlas has no such column.
        InputError
            When the set is no longer there.
        """
        if choice.column is not None:
            column = atlas.column(choice.column).astype("string")
            return np.flatnonzero((column == choice.level).fillna(False)).astype(np.int64)
        try:
            found: Positions = np.load(
                self._home / _CELLS / f"{choice.digest}.npy", allow_pickle=False
            )
        except OSError as error:
            raise InputError(
                "the set of cells",
                found="a set that is no longer in the cache",
                needed="its cells",
                fix="Choose the set again.",
            ) from error
        return found

    def read(self, question: Question) -> Comparison | None:
        """Return the answer to a question; ``None`` when there is none yet."""
        folder = self._home / question.key
        try:
            facts = Facts.model_validate_json((folder / _FACTS).read_text(encoding="utf-8"))
            # Without partitioning: a folder whose name has an equals sign is no column.
            table = pd.read_parquet(folder / _TABLE, partitioning=None)
        except (OSError, ValueError):
            return None
        meanings = COLUMNS[facts.method]
        table.attrs["columns"] = {name: meanings[name] for name in meanings if name in table}
        return Comparison(table, facts)

    def write(self, question: Question, answer: Comparison) -> None:
        """Keep an answer; it appears whole."""
        folder = self._home / question.key
        with appearing(folder) as scratch:
            answer.table.to_parquet(scratch / _TABLE, index=False)
            (scratch / _FACTS).write_text(answer.facts.model_dump_json(), encoding="utf-8")
            # What is there cannot be read, or is the same answer.
            shutil.rmtree(folder, ignore_errors=True)
