"""One replicate of a run, as one side of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

#: Gives a table of a run by name, or ``None``.
Tables = Callable[[str], "pd.DataFrame | None"]


@dataclass(frozen=True)
class Side:
    """What is compared.

    Attributes
    ----------
    name
        For people, no two the same; may be hostile.
    run
        A finished run.
    replicate
        Which of its replicates, from 0.
    """

    name: str
    run: Run
    replicate: int = 0

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a table of the run, or ``None`` when it has none so called."""
        return self.run.table(name) if name in self.run.tables else None


def sides_of(runs: Mapping[str, Run], table: str) -> dict[str, Side]:
    """Return every replicate that a table tells apart, by name.

    A run whose table is the same for all of its replicates is one side.
    """
    sides = {}
    for name, run in runs.items():
        replicates = run.spec.options.replicates if _tells_replicates(run, table) else 1
        for replicate in range(replicates):
            called = f"{name}, replicate {replicate + 1}" if replicates > 1 else name
            sides[called] = Side(called, run, replicate)
    return sides


def _tells_replicates(run: Run, table: str) -> bool:
    from pyarrow.parquet import read_schema

    return table in run.tables and "replicate" in read_schema(run.table_file(table)).names


def first_of_each(sides: Mapping[str, Side]) -> list[str]:
    """Return the first replicate of every run; of a single run, its first two."""
    if len({side.run.id for side in sides.values()}) == 1:
        return list(sides)[:2]
    return [name for name, side in sides.items() if side.replicate == 0]


def of_replicate(frame: pd.DataFrame, replicate: int) -> pd.DataFrame:
    """Return the rows of a replicate; all rows where the table is the same for all of them."""
    if "replicate" not in frame:
        return frame
    return frame[frame["replicate"] == replicate].drop(columns="replicate")


def named(runs: Sequence[Run]) -> dict[str, Run]:
    """Return runs under short names: a number, and what tells them apart, data or method."""
    several = len({run.spec.dataset.name for run in runs}) > 1
    return {
        f"{number} · {run.spec.dataset.name if several else _method(run)}": run
        for number, run in enumerate(runs, start=1)
    }


def _method(run: Run) -> str:
    from scdyn_core.methods.registry import METHODS

    key = run.spec.method or run.spec.kind
    return next((method.title for method in METHODS if method.key == key), key)
