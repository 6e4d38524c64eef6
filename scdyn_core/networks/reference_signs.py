"""What a network file says about raising and lowering."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scdyn_core.data.text import shown
from scdyn_core.networks.reference_table import Unreadable

_WORDS = {
    1: ("+", "activation", "activates", "activate", "stimulation", "stimulates", "induces",
        "positive", "up", "raises", "increases", "act", "->"),
    -1: ("-", "inhibition", "inhibits", "repression", "represses", "negative", "down", "lowers",
         "decreases", "rep", "-|", "\u2212"),
    0: ("", "?", "unknown", "na", "nan", "none", "unspecified", "undirected", "both", "dual", "pp",
        "pd", "gg", "regulates", "regulation", "interacts", "acts_on", "depends on the cell"),
}  # fmt: skip
_SIGN = {word: sign for sign, words in _WORDS.items() for word in words}
#: Weights that carry a sign by what their name means.
_SIGNED = ("mor", "coefficient")


def signs_of(column: pd.Series) -> pd.Series:
    """Return 1, -1 or 0 (unknown) for every edge, from numbers or common words.

    Raises
    ------
    Unreadable
        When an entry is neither.
    """
    known = {text: _sign(text) for text in column.unique()}
    signs = column.map(known)
    wrong = column[signs.isna()]
    if len(wrong):
        raise Unreadable(f"{shown(wrong.iloc[0])} for a sign in line {wrong.index[0]}")
    return signs.astype(np.int64)


def has_signs(name: str, weight: pd.Series) -> bool:
    """Return whether weights say what raises and what lowers, not only how sure an edge is."""
    return name in _SIGNED or bool((weight < 0).any())


def _sign(text: str) -> float:
    word = text.strip().lower()
    if word in _SIGN:
        return _SIGN[word]
    try:
        number = float(word)
    except ValueError:
        return np.nan
    return float(np.sign(number))
