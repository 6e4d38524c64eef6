"""Does resampling help on these data? Which arm is recommended, in plain words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from scdyn_core.experiments.answer_words import closest, cost, gain, limits, name
from scdyn_core.experiments.arm_comparison import (
    ACCURACY,
    ERROR,
    F1,
    RARE_ERROR,
    RARE_RECALL,
    UNIFORM,
    Compared,
    by_question,
)  # fmt: skip

COLUMNS = {
    "sentence": "what the comparison says",
    "recommended": "way of drawing cells that is recommended",
}


def answer(comparison: pd.DataFrame, rare_cells: Mapping[str, float]) -> pd.DataFrame:
    """Return what a comparison of arms says: one row, ``sentence`` and ``recommended``.

    An arm is recommended where it tells rare types better, or rebuilds them better and all cells
    not worse, and where it is worse neither for rare types nor at telling types.

    Parameters
    ----------
    comparison
        As ``arm_comparison`` returns it.
    rare_cells
        Rare type -> its test cells in a pair, on average.
    """
    arms = by_question(comparison)
    asked = {arm: rows for arm, rows in arms.items() if RARE_RECALL in rows}
    if not arms:
        return _row("No way of drawing cells was set beside uniform: nothing was asked.", UNIFORM)
    if not asked or not rare_cells:
        return _row(
            "No rare type has test cells here, so there is nothing that another way of drawing "
            "cells could be seen to help. Uniform is recommended.",
            UNIFORM,
        )
    gaining = sorted(
        (arm for arm in asked if _gains(asked[arm])), key=lambda arm: _order(asked[arm])
    )
    recommended = next((arm for arm in gaining if _pays(asked[arm])), UNIFORM)
    if recommended != UNIFORM:
        said = f"{gain(recommended, asked[recommended])} {cost(asked[recommended])}"
        where = " where rare types matter" if _is(asked[recommended], ERROR, "worse") else ""
        said += f" {name(recommended).capitalize()} is recommended{where}."
    elif gaining:
        said = f"{gain(gaining[0], asked[gaining[0]])} {cost(asked[gaining[0]])}"
        said += " That is more than the gain is worth: uniform is recommended."
    else:
        said = f"No way of drawing cells helped rare types beyond chance. {closest(asked)}"
        said += " Uniform is recommended."
    return _row(f"{said} {limits(asked, rare_cells)}", recommended)


def _gains(rows: Compared) -> bool:
    return any(_is(rows, question, "better") for question in (RARE_RECALL, RARE_ERROR))


def _order(rows: Compared) -> tuple[bool, float]:
    """Return what puts the arm first that finds most rare cells, then that rebuilds them best."""
    if _is(rows, RARE_RECALL, "better"):
        return False, -rows[RARE_RECALL].difference
    return True, rows[RARE_ERROR].difference


def _pays(rows: Compared) -> bool:
    """Return whether what an arm gains is worth what it costs."""
    if any(_is(rows, question, "worse") for question in (RARE_RECALL, RARE_ERROR, ACCURACY, F1)):
        return False
    return _is(rows, RARE_RECALL, "better") or not _is(rows, ERROR, "worse")


def _is(rows: Compared, question: tuple[str, str], verdict: str) -> bool:
    return question in rows and rows[question].verdict == verdict


def _row(sentence: str, recommended: str) -> pd.DataFrame:
    return pd.DataFrame({"sentence": [sentence], "recommended": [recommended]})
