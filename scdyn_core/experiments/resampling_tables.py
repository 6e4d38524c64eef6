"""The tables of the question whether resampling helps, from what every arm and pair left."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from scdyn_core.evaluation.representation import rows
from scdyn_core.experiments import answer, arm_comparison
from scdyn_core.experiments.parts import Frames
from scdyn_core.methods.method import Table

_ARM = {"arm": "way of drawing cells", "seed": "number of the pair, from 0"}
_SCORES = {**_ARM, **rows.COLUMNS}
_SAMPLING = {
    **_ARM,
    "epoch": "first epoch drawn with these weights, from 1, over all phases",
    "effective_share": "effective sample size as a share of the training cells",
    "most": "largest weight, in times the uniform one",
}
_MASS = {
    **_ARM,
    "cell_type": "type of the cells",
    "cells": "training cells of this type",
    "share": "of the training cells",
    "mass": "share of the last draws that falls to this type",
    "never_drawn": "training cells of this type that no step ever saw",
}


def answered(found: Frames, rare: Collection[str]) -> Mapping[str, Table]:
    """Return ``arm_scores``, ``arm_comparison``, ``arm_sampling``, ``arm_mass`` and ``answer``.

    Parameters
    ----------
    found
        ``scores``, ``sampling``, ``mass`` and ``tested`` (cells of every type in the test part, and
        ``train``, the size of the training part) of all arms and pairs.
    rare
        The rare types.
    """
    tested = found["tested"]
    one = tested[(tested["arm"] == tested["arm"].iloc[0]) & (tested["seed"] == 0)]
    overlap = float(one["test"].sum() / one["train"].iloc[0])
    comparison = arm_comparison.arm_comparison(found["scores"], overlap)
    rare_cells = {
        str(name): int(number)
        for name, number in zip(one["cell_type"], one["test"], strict=True)
        if name in rare and number
    }
    return {
        "arm_scores": _table(found["scores"], _SCORES),
        "arm_comparison": Table(comparison, arm_comparison.COLUMNS),
        "arm_sampling": _table(found["sampling"], _SAMPLING),
        "arm_mass": _table(found["mass"], _MASS),
        "answer": Table(answer.answer(comparison, rare_cells), answer.COLUMNS),
    }


def _table(frame: pd.DataFrame, columns: Mapping[str, str]) -> Table:
    return Table(frame[list(columns)], columns)
