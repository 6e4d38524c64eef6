"""How stable the terms of the equations are: over replicates, or over cells where there is one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.methods.clera.term_agreement import INTERVAL
from scdyn_core.methods.method import Table

Matrix = NDArray[np.floating]


def stability_table(
    equations: pd.DataFrame, resampled: Matrix | None = None, allowed: Matrix | None = None
) -> Table:
    """One row a term: in how many replicates it is, its coefficient and interval.

    Parameters
    ----------
    equations
        The table of this name, latents of replicates matched.
    resampled
        Deviations of the coefficients of a single replicate over draws of cells,
        shape ``(resamples, p, d)``; not looked at where there are several.
    allowed
        1 where a term may be kept, shape ``(K, p, d)``; all may where it is not given.
    """
    terms = equations.loc[equations["replicate"] == equations["replicate"].min()]
    coefficients, kept = (
        np.stack([rows[name].to_numpy() for _, rows in equations.groupby("replicate")])
        for name in ("coefficient", "active")
    )
    inclusion = kept.mean(axis=0)
    frame = terms[["equation", "term", "latex"]].reset_index(drop=True)
    frame["inclusion"] = inclusion
    frame["chance"] = _chance(kept, allowed, frame["equation"].to_numpy())
    if len(kept) == 1 and resampled is not None:
        spread = coefficients + np.moveaxis(resampled, 2, 1).reshape(len(resampled), -1)
        frame[["coefficient", "low", "high"]] = _summary(
            spread, np.broadcast_to(kept, spread.shape), centre=coefficients[0]
        )
        frame["sign_agreement"] = _sign_agreement(spread, np.broadcast_to(kept, spread.shape))
        frame["interval"] = "cells"
    else:
        frame[["coefficient", "low", "high"]] = _summary(coefficients, kept)
        frame["sign_agreement"] = _sign_agreement(coefficients, kept)
        frame["interval"] = "replicates"
        if len(kept) == 1:
            frame[["low", "high"]], frame["interval"] = np.nan, "none"
    frame["stability"] = frame["inclusion"] * frame["sign_agreement"].fillna(0.0)
    return Table(
        frame,
        {
            "equation": "number of the latent whose derivative the equation gives",
            "term": "term of the library as text",
            "latex": "term of the library as LaTeX",
            "inclusion": "share of the replicates whose equation has the term, latents matched",
            "chance": "share expected when every replicate keeps as many terms in this equation, "
            "drawn at random among those not excluded",
            "coefficient": "mean over the replicates that have the term; empty where none has",
            "low": "lower end of the central 95 % interval, see interval",
            "high": "upper end of the central 95 % interval, see interval",
            "sign_agreement": "share of these replicates, or draws of cells, with the sign that "
            "most of them have",
            "interval": "replicates: over the replicates that have the term. cells: one replicate, "
            "its kept terms solved again on neighbourhoods of training cells drawn with "
            "replacement; the latent space stays as it is, so that the true uncertainty is larger. "
            "none: too many terms to draw cells for",
            "stability": "inclusion times sign agreement: the share of replicates that have the "
            "term with the sign that most of them have",
        },
    )


def _chance(kept: NDArray[np.bool_], allowed: Matrix | None, equation: NDArray[np.int64]) -> Matrix:
    """Return in which share of the replicates each term would be by chance, shape ``(p d,)``."""
    offered = np.ones(kept.shape)
    if allowed is not None:
        offered = np.moveaxis(allowed, 2, 1).reshape(kept.shape).astype(np.float64)
    chance = np.zeros(kept.shape)
    for own in (equation == number for number in np.unique(equation)):
        places = np.maximum(offered[:, own].sum(axis=1, keepdims=True), 1.0)
        chance[:, own] = offered[:, own] * kept[:, own].sum(axis=1, keepdims=True) / places
    mean: Matrix = chance.mean(axis=0)
    return mean


def _summary(values: Matrix, kept: NDArray[np.bool_], centre: Matrix | None = None) -> Matrix:
    """Return mean (or ``centre``), low and high of the kept values, shape ``(terms, 3)``."""
    summary = np.full((values.shape[1], 3), np.nan)
    for term in np.flatnonzero(kept.any(axis=0)):
        own = values[kept[:, term], term]
        middle = own.mean() if centre is None else centre[term]
        summary[term] = (middle, *np.quantile(own, INTERVAL))
    return summary


def _sign_agreement(values: Matrix, kept: NDArray[np.bool_]) -> Matrix:
    having = kept.sum(axis=0)
    positive = ((values > 0) & kept).sum(axis=0)
    share = np.full(values.shape[1], np.nan)
    np.divide(np.maximum(positive, having - positive), having, out=share, where=having > 0)
    return share
