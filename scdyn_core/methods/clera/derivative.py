"""How predictable the derivative of the cells is, before and without any training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsRegressor

from scdyn_core.data.split import Part
from scdyn_core.evaluation.dynamics import (
    Fit,
    derivative_baselines,
    share_explained,
    tangent_share,
)
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.scores import baseline_dimensions, motion
from scdyn_core.methods.method import Table, Tensors

Matrix = NDArray[np.floating]
REAL, NULL = "real", "null"
#: Baseline that learns nothing, which is no evidence that there is something to learn.
NOTHING = "no change"
#: Baseline that learned what one velocity for all cells, the average, would do on the graph.
COMMON = "10 nearest cells, one velocity for all"
#: Components whose span counts as the space the cells occupy.
TANGENT_COMPONENTS = 50
#: A real derivative is clearly more predictable than its null from this difference on.
CLEAR_MARGIN = 0.05
#: Below this share in the span of the cells most of a velocity cannot be decoded.
LEAST_TANGENT = 0.5
#: From this share on most of a derivative is what all cells have in common.
MOST_COMMON = 0.5

COLUMNS = {
    "source": "where the derivative comes from",
    "baseline": "simple model, learned on training cells",
    "part": "cells it is scored on",
    "data": "real, or null: the directions destroyed and everything after that done again",
    "share": "share of the squared derivative it explains; 0 is predicting no change",
    "centred_share": "the same of the derivative without its mean, which earns no credit",
    "tangent_share": "share of the squared derivative in the span of the first "
    f"{TANGENT_COMPONENTS} principal components of the training cells, or as many as the model "
    "reads: the most that a decoder of these can express",
    "common_share": "share of the squared derivative that would be there if all cells had one "
    "velocity, the average of the training cells: the rest tells what single cells do; empty "
    "where the source has no graph",
}


def derivative_table(
    config: CleraConfig, tensors: Tensors, parts: Sequence[Part] = ("test",)
) -> pd.DataFrame:
    """Return what baselines explain of the real derivative and of its null, one row each.

    Parameters
    ----------
    parts
        Parts to score on; baselines learn on the training part.

    Returns
    -------
    Columns as ``COLUMNS``; no rows of a null where the source has none.
    """
    loadings = tensors.constants["components"]
    dimensions = baseline_dimensions(config, tensors)
    rows = []
    for part in parts:
        has = tensors.reference[part].keys()
        for data in (REAL, NULL) if "null_dx" in has else (REAL,):
            train, scored = (motion(tensors, name, null=data == NULL) for name in ("train", part))
            tangent = tangent_share(scored.dx, loadings[:TANGENT_COMPONENTS])
            fits = derivative_baselines(train, scored, loadings, dimensions)
            shared = np.nan
            if data == REAL and "common_dx" in has:
                fits[COMMON] = _common_fit(tensors, part)
                shared = common_share(tensors, part)
            rows += [
                (tensors.info["source"], name, part, data, fit.share, fit.centred_share, tangent,
                 shared)
                for name, fit in fits.items()
            ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def common_share(tensors: Tensors, part: Part) -> float:
    """Return the share of the derivative that one velocity for all cells gives on their graph.

    Its size is chosen on the validation part: the training part is seen at another density.
    """
    known, scored = tensors.reference["validation"], tensors.reference[part]
    size = _best_size(known["dx"], known["common_dx"])
    return share_explained(scored["dx"], size * scored["common_dx"])


def _common_fit(tensors: Tensors, part: Part) -> Fit:
    """Return what a model explains that saw one velocity for all cells, and no cell's own."""
    train = tensors.reference["train"]
    nearest = KNeighborsRegressor(n_neighbors=min(10, len(train["scores"])))
    nearest.fit(train["scores"], train["common_dx"])
    known, scored = (tensors.reference[name] for name in ("validation", part))
    size = _best_size(known["dx"], nearest.predict(known["scores"]))
    return Fit.of(scored["dx"], size * nearest.predict(scored["scores"]))


def _best_size(target: Matrix, prediction: Matrix) -> float:
    squares = float(np.square(prediction).sum())
    return float((target * prediction).sum()) / squares if squares else 0.0


def sources_table(derivative: pd.DataFrame) -> Table:
    """Return the rows of ``derivative_table`` with the meanings of its columns."""
    return Table(derivative, COLUMNS)


def shares_of(derivative: pd.DataFrame, data: str) -> dict[str, float]:
    """Return baseline -> share of one source and part; empty where there is no such null."""
    rows = derivative[derivative["data"] == data]
    return dict(zip(rows["baseline"], rows["share"].astype(float), strict=True))


def source_warnings(derivative: pd.DataFrame) -> list[tuple[str, str]]:
    """Return (source, warning in plain words) of what speaks against learning from a source.

    Parameters
    ----------
    derivative
        Rows of one part, of one or more sources.
    """
    warnings = []
    for source, rows in derivative.groupby("source", sort=False):
        learned = rows[rows["baseline"] != NOTHING]
        real, null = (learned[learned["data"] == data] for data in (REAL, NULL))
        if null.empty:
            warnings.append((str(source), "It has no null: nothing shows that its directions "
                             "are more than the shape of the data."))  # fmt: skip
        else:
            warnings += [(str(source), text) for text in _null_not_beaten(real, null)]
        tangent = float(real["tangent_share"].iloc[0])
        if tangent < LEAST_TANGENT:
            warnings.append(
                (
                    str(source),
                    "Most of this velocity points out of the space the cells occupy; the decoder "
                    f"cannot express it. Only {tangent:.0%} of it lies in the span of the cells' "
                    "principal components.",
                )
            )
    return warnings


def _null_not_beaten(real: pd.DataFrame, null: pd.DataFrame) -> list[str]:
    best = real.sort_values("centred_share").iloc[-1]
    chance = max(float(null["centred_share"].max()), 0.0)
    if best["centred_share"] >= chance + CLEAR_MARGIN:
        return []
    return [
        f"The null is not beaten: the best simple model ({best['baseline']}) explains "
        f"{max(best['centred_share'], 0.0):.2f} of it, and {chance:.2f} when the directions were "
        "destroyed. What a model learns from it would be the shape of the data, or nothing."
    ]


def source_remarks(derivative: pd.DataFrame) -> list[tuple[str, str]]:
    """Return (source, remark in plain words) of what a reader of its shares must know."""
    remarks = []
    for source, rows in derivative.groupby("source", sort=False):
        shared = float(rows["common_share"].max())
        if shared >= MOST_COMMON:
            remarks.append(
                (
                    str(source),
                    f"{shared:.0%} of this derivative would be the same if every cell had the "
                    "average velocity: only the rest tells what single cells do. Compare the "
                    f"model with {COMMON}, which learned that common part and no more.",
                )
            )
    return remarks
