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
        ``scores``, ``sampling``, ``mass``, ``tested`` (test cells of every type) and ``parts``
        (sizes of the parts ``train`` and ``test``) of all arms and pairs.
    rare
        The rare types.
    """
    overlap = float((found["parts"]["test"] / found["parts"]["train"]).mean())
    comparison = arm_comparison.arm_comparison(found["scores"], overlap)
    rare_cells = rare_test_cells(found["tested"], len(found["parts"]), rare)
    return {
        "arm_scores": _table(found["scores"], _SCORES),
        "arm_comparison": Table(comparison, arm_comparison.COLUMNS),
        "arm_sampling": _table(found["sampling"], _SAMPLING),
        "arm_mass": _table(found["mass"], _MASS),
        "answer": Table(answer.answer(comparison, rare_cells), answer.COLUMNS),
    }


def rare_test_cells(tested: pd.DataFrame, fits: int, rare: Collection[str]) -> dict[str, float]:
    """Return how many test cells of every rare type a pair has on average, most first.

    Few cells of a type are in the test part of some pairs and not of others.
    """
    cells = tested[tested["cell_type"].isin(list(rare))].groupby("cell_type")["cells"].sum()
    means = (cells / fits).sort_values(ascending=False, kind="stable")
    return {str(name): float(number) for name, number in means.items()}


def _table(frame: pd.DataFrame, columns: Mapping[str, str]) -> Table:
    return Table(frame[list(columns)], columns)
