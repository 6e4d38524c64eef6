"""Tables about single genes: statistics, measured curves, fitted curves, coordinates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.timing import timing
from scdyn_core.methods.method import Table
from scdyn_core.methods.responses.between import between, dense_times
from scdyn_core.methods.responses.map import gene_map
from scdyn_core.methods.responses.model import ResponseModel
from scdyn_core.methods.responses.pseudobulk import Curves, Matrix

GENES = {
    "gene": "name of the gene",
    "part": "train, validation or test: whether the model learned from this gene",
    "level": "mean log2 expression over the times",
    "change": "largest change of the fitted curve from its first time, log2",
    "se": "mean standard error of the gene's means, log2",
    "onset_time": "first time at which half of the largest change is made",
    "peak_time": "time of the largest change",
    "half_life": "time from the peak until half of the change is lost; empty if it never is",
    "umap_1": "first coordinate of the map of genes",
    "umap_2": "second coordinate of the map of genes",
    "class_true": "planted class",
}
CURVES = {
    "gene": "name of the gene",
    "group": "cells: all that were learned from, or a level of the compared role",
    "time": "sampling time",
    "cells": "number of cells",
    "expression": "log2 of the mean over cells, what all genes share removed",
    "se": "its standard error",
    "offset": "what was removed at this time, log2",
}
FITTED = {
    "gene": "name of the gene",
    "time": "time",
    "fitted": "log2 expression the model reads out of the measured means",
    "low": "lower end of the 90 % band of the gene's mean, calibrated on validation genes",
    "high": "upper end of the 90 % band",
    "measured": "whether cells were sampled at this time; in between curves are interpolated",
}


def genes_table(
    names: list[str],
    parts: NDArray[np.object_],
    found: Curves,
    fitted: Matrix,
    latent: Matrix,
    truth: NDArray[np.object_] | None,
    seed: int,
) -> Table:
    """Return one row per gene; ``fitted`` are the curves at the sampling times."""
    grid, _ = dense_times(found.times)
    dense, _ = between(fitted, np.zeros_like(fitted), found.times, grid)
    times, place = timing(dense, grid), gene_map(latent, seed)
    frame = pd.DataFrame(
        {
            "gene": names,
            "part": parts,
            "level": fitted.mean(axis=1),
            "change": times.change,
            "se": found.se.mean(axis=1),
            "onset_time": times.onset,
            "peak_time": times.peak,
            "half_life": times.half_life,
            "umap_1": place[:, 0],
            "umap_2": place[:, 1],
        }
    )
    if truth is not None:
        frame["class_true"] = truth
    return Table(frame, {name: GENES[name] for name in map(str, frame)})


def curves_table(names: list[str], groups: dict[str, tuple[Curves, Matrix]]) -> Table:
    """Return the measured means of every group, given with the offset that is removed."""
    frames = []
    for group, (found, offset) in groups.items():
        measured = np.isfinite(found.se).all(axis=0)
        frames.append(
            pd.DataFrame(
                {
                    "gene": np.repeat(np.asarray(names, dtype=object), measured.sum()),
                    "group": group,
                    "time": np.tile(found.times[measured], len(names)),
                    "cells": np.tile(found.cells[measured], len(names)),
                    "expression": (found.mean - offset)[:, measured].ravel(),
                    "se": found.se[:, measured].ravel(),
                    "offset": np.tile(offset[measured], len(names)),
                }
            )
        )
    return Table(pd.concat(frames, ignore_index=True), CURVES)


def fitted_table(names: list[str], times: Matrix, mean: Matrix, sd: Matrix, factor: float) -> Table:
    """Return fitted curves on a dense grid, with bands of ``factor`` standard deviations."""
    grid, measured = dense_times(times)
    dense, width = between(mean, sd, times, grid)
    frame = pd.DataFrame(
        {
            "gene": np.repeat(np.asarray(names, dtype=object), len(grid)),
            "time": np.tile(grid, len(names)),
            "fitted": dense.ravel(),
            "low": (dense - factor * width).ravel(),
            "high": (dense + factor * width).ravel(),
            "measured": np.tile(measured, len(names)),
        }
    )
    return Table(frame, FITTED)


def latent_table(models: Sequence[ResponseModel], found: Curves, names: list[str], k: int) -> Table:
    """Return the coordinates of every gene in every replicate."""
    frames = []
    for number, model in enumerate(models):
        latent = model.latent(found, k)
        columns = [f"z{axis + 1}" for axis in range(latent.shape[1])]
        frame = pd.DataFrame(latent, columns=columns)
        frame.insert(0, "gene", names)
        frame.insert(0, "replicate", number)
        frames.append(frame)
    joined = pd.concat(frames, ignore_index=True)
    meanings = {"replicate": "number of the replicate", "gene": "name of the gene"}
    axes = {name: "coordinate of the gene" for name in map(str, joined) if name not in meanings}
    return Table(joined, meanings | axes)
