"""Which leading columns of a table of cells are about the cell, and which are genes."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

#: Text columns are looked for in this many leading columns.
_LEADING = 64

_ABOUT_CELLS = frozenset({
    "age", "annotation", "barcode", "barcodes", "batch", "cell", "cellid", "cells", "celltype",
    "celltypes", "class", "clone", "cluster", "clusters", "compartment", "condition",
    "conditions", "count", "counts", "day", "days", "developmental", "diagnosis", "disease",
    "donor", "dose", "experiment", "feature", "features", "fraction", "group", "groups",
    "guide", "hour", "hours", "hpf", "hr", "hrs", "id", "identity", "index", "individual",
    "label", "labels", "lane", "leiden", "library", "louvain", "minute", "minutes", "mouse",
    "ncount", "nfeature", "ngenes", "numi", "organ", "passage", "patient", "pct", "percent",
    "perturbation", "phase", "plate", "population", "pseudotime", "rep", "replicate", "run",
    "sample", "samples", "score", "sex", "species", "stage", "state", "status", "stim",
    "stimulation", "strain", "subject", "time", "timepoint", "timepoints", "times", "tissue",
    "total", "treatment", "type", "umap", "umi", "umis", "week", "weeks", "well",
})  # fmt: skip
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BARCODE = re.compile(r"^([A-Za-z0-9]+[_:.-])?[ACGT]{8,}(-\d+|x)?$|^cell[ _.-]?\d+$", re.IGNORECASE)
_CELL_ID = frozenset({"barcode", "barcodes", "cell", "cellid", "cells", "id", "index"})


def tokens(name: str) -> list[str]:
    """Return the lower-case words of a column name: ``PseudoCellID`` gives pseudo, cell, id."""
    words = re.split(r"[^A-Za-z0-9]+", _CAMEL.sub(" ", name))
    return [word.lower() for word in words if word]


def is_text(values: Sequence[str]) -> bool:
    """Whether none of some table cells is a number (missing values aside)."""
    present = [value for value in values if value.strip() not in MISSING]
    return bool(present) and not any(_is_number(value) for value in present)


def n_leading(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Return how many leading columns describe cells, the cell names included.

    Parameters
    ----------
    names
        The header.
    rows
        Some rows, as text.

    Notes
    -----
    A column describes cells when its name says so, or when its values are no numbers; every
    column before the last such text column does so too. The first gene ends the search.
    """
    n = 0
    while n < len(names) and (_named_for_cells(names[n]) or (n == 0 and _unnamed(names[0]))):
        n += 1
    for i in range(min(len(names), _LEADING)):
        if is_text([row[i] for row in rows]):
            n = max(n, i + 1)
    return n


def name_column(names: Sequence[str], columns: pd.DataFrame) -> str | None:
    """Return the column that names the cells: an identifier, different for every cell.

    Text comes before numbers, which may only count the rows, as pandas writes its index.
    """
    found: dict[str, bool] = {}
    for i, name in enumerate(names):
        identifier = bool(_CELL_ID & set(tokens(name))) and "type" not in tokens(name)
        values = columns.iloc[:, i]
        text = not pd.api.types.is_numeric_dtype(values)
        first = i == 0 and (text or _unnamed(name))
        if (identifier or first) and values.is_unique:
            found[name] = text
    return next((name for name, text in found.items() if text), next(iter(found), None))


def looks_turned(names: Sequence[str], row_names: Sequence[str]) -> bool:
    """Whether columns are named like cells and rows are not: a table of genes × cells."""
    if len(names) < 2:
        return False
    columns = sum(bool(_BARCODE.match(name)) for name in names)
    rows = sum(bool(_BARCODE.match(name)) for name in row_names)
    return columns > 0.8 * len(names) and rows < 0.2 * max(len(row_names), 1)


MISSING = frozenset({"", "NA", "N/A", "NaN", "nan", "null", "None"})


def _named_for_cells(name: str) -> bool:
    return bool(_ABOUT_CELLS & set(tokens(name)))


def _unnamed(name: str) -> bool:
    return not name.strip() or name.startswith("Unnamed")


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
