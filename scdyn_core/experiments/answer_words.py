"""The sentences of an answer: gains, prices, and what could not have been seen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scdyn_core.experiments.arm_comparison import (
    ACCURACY,
    ERROR,
    F1,
    RARE_ERROR,
    RARE_RECALL,
    Compared,
    Row,
)  # fmt: skip
from scdyn_core.training.resampling.words import NAMES

#: Characters of the name of a type that are worth reading here, and types that are named.
LONGEST, MOST_TYPES = 40, 8
_GAINS = {
    RARE_RECALL: "finds more of the rare cells",
    RARE_ERROR: "rebuilds rare cells better",
}
_HARMS = {
    RARE_RECALL: "it finds fewer of the rare cells",
    RARE_ERROR: "it rebuilds rare cells worse",
    ACCURACY: "it tells the types of all cells less well",
    F1: "it tells types less well on average",
}


def name(arm: str) -> str:
    """Return what an arm is called."""
    return NAMES.get(arm, arm)


def gain(arm: str, rows: Compared) -> str:
    """Return what an arm is better at."""
    said = [
        f"{words} ({_numbers(rows[question])})"
        for question, words in _GAINS.items()
        if question in rows and rows[question].verdict == "better"
    ]
    return f"{name(arm).capitalize()} {' and '.join(said)}."


def cost(rows: Compared) -> str:
    """Return what becomes of the error of all cells, and what an arm is worse at."""
    said = []
    if ERROR in rows:
        row = rows[ERROR]
        word = "rises" if row.difference > 0 else "falls"
        chance = ", which may be chance" if row.verdict == "no difference seen" else ""
        said.append(f"The error of all cells {word} by {_size(row)}{chance}.")
    said += [
        f"But {words} ({_numbers(rows[question])})."
        for question, words in _HARMS.items()
        if question in rows and rows[question].verdict == "worse"
    ]
    return " ".join(said)


def closest(arms: Mapping[str, Compared]) -> str:
    """Return the largest gain in recall that was seen, with its interval."""
    arm = max(arms, key=lambda each: arms[each][RARE_RECALL].difference)
    row = arms[arm][RARE_RECALL]
    if not row.difference > 0:
        return "None of them found more of the rare cells than uniform did."
    doubt = "; too little for so many questions" if row.low > 0 else ""
    said = f"The largest gain in finding rare cells was that of {name(arm)}"
    return f"{said} ({_numbers(row)}{doubt})."


def limits(arms: Mapping[str, Compared], rare_cells: Mapping[str, float]) -> str:
    """Return how much the answer rests on, and how small a gain it could have seen."""
    recall = [rows[RARE_RECALL] for rows in arms.values()]
    pairs, cells = max(row.seeds for row in recall), sum(rare_cells.values())
    shown = [f"{kind[:LONGEST]} {_count(number)}" for kind, number in rare_cells.items()]
    more = [f"{len(shown) - MOST_TYPES} more types"] if len(shown) > MOST_TYPES else []
    each = "; ".join(shown[:MOST_TYPES] + more)
    said = (
        f"This rests on {pairs} pairs of runs and {_count(cells)} rare test cells in each ({each})."
    )
    half = float(np.median([(row.high - row.low) / 2 for row in recall]))
    if half >= 1:
        said += " With so few, no gain in recall could have been seen."
    elif half > 0:
        said += f" A gain in recall below about {half:.2f} could not have been seen with so few."
    return said


def _count(cells: float) -> str:
    """Return a number of cells, with a decimal where pairs differ."""
    return f"{cells:,.1f}".removesuffix(".0")


def _numbers(row: Row) -> str:
    """Return means and interval: errors with four digits, shares with two decimals."""
    if row.metric == "reconstruction":
        return (
            f"error {row.uniform:.4g} to {row.value:.4g}, "
            f"difference {row.low:+.2g} to {row.high:+.2g}"
        )
    return (
        f"{row.metric} {row.uniform:.2f} to {row.value:.2f}, "
        f"difference {row.low:+.2f} to {row.high:+.2f}"
    )


def _size(row: Row) -> str:
    """Return the size of a difference of errors: a share of the error where that is positive."""
    size = abs(row.difference)
    return f"{100 * size / row.uniform:.1f} %" if row.uniform > 0 else f"{size:.3g}"
