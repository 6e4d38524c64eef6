"""Edges by the names at their ends: quick among hundreds of thousands."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def naming(
    edges: pd.DataFrame, text: str, columns: tuple[str, ...] = ("source", "target")
) -> NDArray[np.bool_]:
    """Return which rows have ``text`` in one of the columns, whatever the case of its letters.

    Every word must be found, in whichever column: ``stat1 irf`` finds both directions. A text in
    quotation marks must be a name as a whole.
    """
    found = np.ones(len(edges), dtype=bool)
    for word in text.lower().split():
        hits = np.zeros(len(edges), dtype=bool)
        for column in columns:
            hits |= _holds(edges[column], word)
        found &= hits
    return found


def _holds(column: pd.Series, word: str) -> NDArray[np.bool_]:
    whole = len(word) > 2 and word[0] == word[-1] == '"'
    if isinstance(column.dtype, pd.CategoricalDtype):
        names, codes = column.cat.categories, np.asarray(column.cat.codes)
    else:
        codes, names = pd.factorize(column)
    hits = [
        str(name).lower() == word[1:-1] if whole else word in str(name).lower() for name in names
    ]
    return np.asarray(np.append(np.array(hits, dtype=bool), False)[codes])
