"""The table of edges: one contract for every method that finds interactions.

A node is a kind (``gene``, ``latent``, ``cell type``) and a name. Names come from uploaded files:
any text. Kinds, evidence and units are scdyn's own words.
"""

from __future__ import annotations

import re
from typing import NoReturn

import numpy as np
import pandas as pd

from scdyn_core.errors import InputError

#: Column -> what it means; the first eight must be there.
COLUMNS = {
    "source": "name of the node that acts",
    "target": "name of the node that is acted on",
    "source_kind": "what the source is: gene, latent, cell type",
    "target_kind": "what the target is: gene, latent, cell type",
    "weight": "strength; 1 is the strongest edge of the same evidence",
    "sign": "1 raises the target, -1 lowers it, 0 depends on the cell or is unknown",
    "stability": "share of the replicates that have the edge, acting the same way; empty with one",
    "evidence": "how the edge was found",
    "cell_type": "cells it was measured on; empty for all",
    "value": "strength before weights were made comparable",
    "unit": "unit of the value",
    "positive": "share of the cells in which the source raises the target",
}
NEEDED = tuple(COLUMNS)[:8]

_WORDS = re.compile(r"[a-z][a-z -]{0,40}", re.IGNORECASE)
_ABSENT = {"cell_type": None, "value": np.nan, "unit": "", "positive": np.nan}


def checked_edges(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of edges with every column of ``COLUMNS``, in order.

    Raises
    ------
    InputError
        When a needed column is missing or a value is outside its range.
    """
    missing = [name for name in NEEDED if name not in frame]
    if missing:
        _refuse("no column " + ", ".join(missing), "the columns " + ", ".join(NEEDED))
    edges = frame.assign(**{k: v for k, v in _ABSENT.items() if k not in frame})[list(COLUMNS)]
    for name in ("source", "target"):
        if not all(isinstance(text, str) and text != "" for text in edges[name].unique()):
            _refuse(f"an empty name in {name}", "a name for both ends of every edge")
    for name in ("source_kind", "target_kind", "evidence"):
        if not all(map(_is_words, edges[name].unique())):
            _refuse(f"{name} that is not words", "letters and spaces, as gene or knock-out")
    numbers = ["weight", "sign", "stability", "value", "positive"]
    edges[numbers] = edges[numbers].astype(np.float64)
    if not (np.isfinite(edges["weight"]) & (edges["weight"] >= 0)).all():
        _refuse("a weight that is negative or not finite", "weights of 0 or more")
    if not edges["sign"].isin((-1, 0, 1)).all():
        _refuse("another sign than 1, -1 or 0", "1, -1 or 0")
    for name in ("stability", "positive"):
        if not (edges[name].isna() | edges[name].between(0, 1)).all():
            _refuse(f"{name} outside 0 to 1", "a share from 0 to 1, or nothing")
    edges["cell_type"] = edges["cell_type"].astype(object).where(edges["cell_type"].notna(), None)
    edges["sign"] = edges["sign"].astype(np.int64)
    return edges.reset_index(drop=True)


def node_key(kind: str, name: str) -> str:
    """Return what tells a node from all others, also from one of another kind named alike."""
    return f"{kind}:{name}"


def cell_types(edges: pd.DataFrame) -> list[str]:
    """Return the cell types that have edges of their own."""
    return sorted(str(name) for name in edges["cell_type"].dropna().unique())


def of_cell_type(edges: pd.DataFrame, cell_type: str | None) -> pd.DataFrame:
    """Return the edges measured on one cell type, or on all cells together for ``None``."""
    column = edges["cell_type"]
    return edges[column.isna() if cell_type is None else column == cell_type]


def comparable(edges: pd.DataFrame) -> pd.DataFrame:
    """Return edges whose weights are their values over the largest of the same evidence.

    The largest of all cell types counts, so that the weights of cell types can be compared.
    """
    largest = edges.groupby("evidence", observed=True)["value"].transform("max")
    weight = np.divide(edges["value"], largest, out=np.zeros(len(edges)), where=largest > 0)
    return edges.assign(weight=weight)


def _is_words(text: object) -> bool:
    return isinstance(text, str) and _WORDS.fullmatch(text) is not None


def _refuse(found: str, needed: str) -> NoReturn:
    raise InputError(
        "table of edges",
        found=found,
        needed=needed,
        fix="Use a table that scdyn made, or mend this one.",
    )
