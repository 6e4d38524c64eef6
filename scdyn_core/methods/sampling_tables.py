"""Tables of who was drawn: the log of the weights, their mass by type, and every cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.methods.components import places
from scdyn_core.methods.method import Table
from scdyn_core.training.population import MASS, Population
from scdyn_core.training.progress import Record

if TYPE_CHECKING:
    from scdyn_core.training.fit import Trained

_LOG = {
    "replicate": "number of the model, from 0",
    "phase": "phase of the training",
    "epoch": "first epoch drawn with these weights, from 1, over all phases",
    "effective_share": "effective sample size as a share of the training samples",
    "most": "largest weight, in times the uniform one",
}
_MASS = {
    "replicate": "number of the model, from 0",
    "epoch": "first epoch drawn with these weights, from 1, over all phases",
    "cell_type": "type of the cells",
    "cells": "training cells of this type",
    "share": "of the training cells",
    "mass": "share of the draws that falls to this type",
}
_CELLS = {
    "replicate": "number of the model, from 0",
    "cell": "name of the training cell",
    "cell_type": "type of the cell",
    "weight": "last weight, in times the uniform one",
    "draws": "times the cell was drawn in all",
}
#: Maps that are looked at, the first that is there.
MAPS = ("umap", "pca")


def sampling_tables(
    trained: Trained, population: Population, dataset: Dataset, samples: NDArray[np.int64]
) -> Mapping[str, Table]:
    """Return ``sampling``, ``sampling_mass`` (where types are known) and ``sampling_cells``.

    Parameters
    ----------
    samples
        Positions of the training cells in the dataset.
    """
    logged = trained.log or _uniform(trained, population)
    tables = {
        "sampling": Table(_log(logged), _LOG),
        "sampling_cells": _cells(trained, population, dataset, samples),
    }
    if population.classes is not None:
        tables["sampling_mass"] = Table(_masses(logged, population), _MASS)
    return tables


def _uniform(trained: Trained, population: Population) -> list[Record]:
    """Return what would have been recorded of draws that were uniform throughout."""
    found: list[Record] = []
    for replicate, weights in enumerate(trained.weights):
        row: Record = {
            "phase": "",
            "epoch_total": 1,
            "replicate": replicate,
            "effective_share": 1.0,
            "most": 1.0,
        }
        found.append(row | {f"{MASS}{k}": v for k, v in population.masses(weights).items()})
    return found


def _log(rows: Sequence[Record]) -> pd.DataFrame:
    frame = pd.DataFrame(rows).drop(columns="epoch", errors="ignore")
    return frame.rename(columns={"epoch_total": "epoch"})[list(_LOG)]


def _masses(rows: Sequence[Record], population: Population) -> pd.DataFrame:
    assert population.classes is not None
    cells = np.bincount(population.classes, minlength=len(population.names))
    return pd.DataFrame(
        [
            {
                "replicate": row["replicate"],
                "epoch": row["epoch_total"],
                "cell_type": name,
                "cells": int(number),
                "share": number / cells.sum(),
                "mass": row[f"{MASS}{name}"],
            }
            for row in rows
            for name, number in zip(population.names, cells, strict=True)
        ]
    )


def _cells(
    trained: Trained, population: Population, dataset: Dataset, samples: NDArray[np.int64]
) -> Table:
    adata = dataset.adata
    shared = {"cell": np.asarray(adata.obs_names)[samples].astype(str)}
    meanings = dict(_CELLS)
    if population.classes is None:
        del meanings["cell_type"]
    else:
        shared["cell_type"] = np.asarray(population.names)[population.classes]
    for name in MAPS:
        key = f"X_{name}"
        if key in adata.obsm and adata.obsm[key].shape[1] > 1:
            seen = places(adata.obsm[key], key)[samples]
            for axis in (0, 1):
                shared[f"{name}_{axis + 1}"] = seen[:, axis]
                meanings[f"{name}_{axis + 1}"] = f"place on the map {name}, axis {axis + 1}"
    n = len(samples)
    frame = pd.concat(
        [
            pd.DataFrame({"replicate": replicate, **shared, "weight": weights * n, "draws": counts})
            for replicate, (weights, counts) in enumerate(
                zip(trained.weights, trained.counts, strict=True)
            )
        ],
        ignore_index=True,
    )
    return Table(frame[list(meanings)], meanings)
