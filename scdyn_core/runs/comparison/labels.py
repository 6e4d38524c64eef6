"""Groups of genes or cells that a run holds, and how two of them agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from scdyn_core.evaluation.label_agreement import contingency, label_agreement
from scdyn_core.runs.comparison.embeddings import Kind
from scdyn_core.runs.comparison.side import Tables, of_replicate

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run

CLUSTERS = "clusters"
#: Tables with a row a cell: what a model makes of it, and what came with the data.
FIT, _DATA = "cell_fit", "cells"
#: Columns that group nothing worth comparing.
_NO_GROUPS = frozenset({"cell", "gene", "part", "replicate"})
_FEWEST, _MOST = 2, 64


@dataclass(frozen=True)
class Labels:
    """One division of the samples of a run.

    Attributes
    ----------
    name
        For people, no two of a run the same; may be hostile.
    kind
        What is divided.
    table, column
        Where the groups are.
    algorithm, k
        Which of the clusterings of genes; empty and 0 for labels of cells.
    """

    name: str
    kind: Kind
    table: str
    column: str
    algorithm: str = ""
    k: int = 0

    @property
    def learned(self) -> bool:
        """Whether a model found the groups; else they came with the data."""
        return self.table != _DATA

    def read(self, table: Tables, replicate: int) -> pd.Series:
        """Return the group of every sample by its name; missing where it is in none."""
        frame = table(self.table)
        assert frame is not None
        own = of_replicate(frame, replicate)
        if self.algorithm:
            own = own[(own["algorithm"] == self.algorithm) & (own["k"] == self.k)]
        groups = own.set_index(own[self.kind].astype(str))[self.column]
        return groups[~groups.index.duplicated()]


@dataclass(frozen=True)
class ComparedLabels:
    """Two divisions of the same samples.

    Attributes
    ----------
    counts
        Samples in each group of both: rows the first's groups, columns the second's.
    measures
        As ``label_agreement`` returns them.
    """

    counts: pd.DataFrame
    measures: pd.DataFrame

    @property
    def samples(self) -> int:
        """Samples that both divide."""
        return int(self.counts.to_numpy().sum())

    def pairs(self) -> pd.DataFrame:
        """Return one row a pair of groups: ``first``, ``second`` and ``samples`` in both."""
        flat = self.counts.rename_axis(columns=None).rename_axis("first").reset_index()
        return flat.melt("first", var_name="second", value_name="samples")


def holds_labels(run: Run) -> bool:
    """Return whether a model divided genes or cells into groups.  Reads no rows."""
    if CLUSTERS in run.tables:
        return True
    if FIT not in run.tables:
        return False
    from pyarrow.parquet import read_schema
    from pyarrow.types import is_dictionary, is_large_string, is_string

    return any(
        field.name not in _NO_GROUPS
        and any(like(field.type) for like in (is_string, is_large_string, is_dictionary))
        for field in read_schema(run.table_file(FIT))
    )


def labels_of(table: Tables) -> dict[str, Labels]:
    """Return every division that a run holds, by name.

    Those by a model come first, and among clusterings the one that the run's own rule chose.
    """
    return {each.name: each for each in (*_clusterings(table), *_cell_labels(table))}


def compared_labels(first: pd.Series, second: pd.Series) -> ComparedLabels:
    """Compare two divisions on the samples that both have."""
    counts = contingency(first, second)
    return ComparedLabels(counts, label_agreement(counts))


def _clusterings(table: Tables) -> list[Labels]:
    clusters, choices = table(CLUSTERS), table("choice_of_k")
    if clusters is None:
        return []
    there = clusters[["algorithm", "k"]].drop_duplicates()
    chosen = set()
    if choices is not None:
        ruled = choices[choices["chosen"].astype(bool)]
        chosen = set(zip(ruled["algorithm"], ruled["k"], strict=True))
    several = there["algorithm"].nunique() > 1
    found = []
    for algorithm, k in there.itertuples(index=False):
        mark = " (chosen)" if (algorithm, k) in chosen else ""
        name = f"{k} gene clusters{f', {algorithm}' if several else ''}{mark}"
        found.append((not mark, Labels(name, "gene", CLUSTERS, "cluster", str(algorithm), int(k))))
    return [labels for _, labels in sorted(found, key=lambda each: each[0])]


def _cell_labels(table: Tables) -> list[Labels]:
    found = []
    for source in (FIT, _DATA):
        frame = table(source)
        if frame is None or "cell" not in frame:
            continue
        for column in frame.columns:
            if column not in _NO_GROUPS and _groups(frame[column]):
                words = str(column).replace("_", " ")
                name = f"{words} (model)" if source == FIT else f"{words} (data)"
                found.append(Labels(name, "cell", source, str(column)))
    return found


def _groups(values: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(values):
        return False
    return _FEWEST <= values.nunique() <= _MOST
