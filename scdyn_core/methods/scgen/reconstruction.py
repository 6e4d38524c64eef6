"""How well test cells are described, beside principal components and the mean of a type."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from scdyn_core.evaluation.response.seen_types import Cells, Values
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.method import Table
from scdyn_core.methods.scgen.cells import RunCells
from scdyn_core.methods.scgen.network import ScgenNetwork
from scdyn_core.methods.scgen.predictors import decoded, encoded

MODEL = "model"
COLUMNS = {
    "replicate": "seed number; -1 for what is no network",
    "source": "model, or what it is compared with",
    "cell_type": "type of the cells",
    "cells": "test cells of this type",
    "error": "mean squared error of a gene of a cell, squared natural log units",
}


def reconstruction(
    networks: Sequence[ScgenNetwork], cells: RunCells, latents: int, seed: int
) -> tuple[Table, Score]:
    """Describe test cells of conditions that were learned from.

    Baselines are principal components, as many as the networks have latents, and the mean of the
    training cells of the same type and condition.
    """
    unseen = cells.treated & np.isin(cells.types, cells.held_out)
    test = (cells.part == "test") & ~unseen
    x, types = cells.values[test].astype(np.float64), cells.types[test]
    train = cells.train()[0]
    said = {
        "principal components": _components(train, x, latents, seed),
        "mean of the type": _type_means(cells, test),
    }
    models = [decoded(network, encoded(network, x)) for network in networks]
    frames = [_errors(x, each, types, -1, name) for name, each in said.items()]
    frames += [_errors(x, each, types, number, MODEL) for number, each in enumerate(models)]
    varied = np.square(x - train.mean(axis=0)).sum()
    shares = [float(1.0 - np.square(x - each).sum() / varied) for each in models]
    score = Score(
        metric="reconstruction R2",
        value=float(np.mean(shares)),
        split="test",
        better="higher",
        replicate_sd=float(np.std(shares, ddof=1)) if len(shares) > 1 else None,
        baselines={
            name: float(1.0 - np.square(x - each).sum() / varied) for name, each in said.items()
        },
    )
    return Table(pd.concat(frames, ignore_index=True), COLUMNS), score


def _components(train: Cells, x: Values, latents: int, seed: int) -> Values:
    from sklearn.decomposition import PCA

    components = min(latents, len(train) - 1, train.shape[1])
    pca = PCA(components, random_state=seed % 2**32).fit(train)
    return np.asarray(pca.inverse_transform(pca.transform(x)))


def _type_means(cells: RunCells, test: np.ndarray) -> Values:
    """Return the mean of the training cells of the same type and condition; of all if none."""
    train, types, treated = cells.train()
    said = np.tile(train.mean(axis=0), (int(test.sum()), 1))
    own, state = cells.types[test], cells.treated[test]
    for name in np.unique(own):
        for each in (False, True):
            alike = train[(types == name) & (treated == each)]
            if len(alike):
                said[(own == name) & (state == each)] = alike.mean(axis=0)
    return said


def _errors(x: Values, said: Values, types: np.ndarray, number: int, source: str) -> pd.DataFrame:
    squared = np.square(x - said).mean(axis=1)
    frame = pd.DataFrame({"cell_type": types.astype(object), "error": squared})
    found = frame.groupby("cell_type", sort=True)["error"].agg(["size", "mean"]).reset_index()
    found.columns = pd.Index(["cell_type", "cells", "error"])
    return found.assign(replicate=number, source=source)[list(COLUMNS)]
