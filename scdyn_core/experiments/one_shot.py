"""Weights of cells from an embedding that is there already: once, for use anywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.text import listed, shown
from scdyn_core.errors import ConfigError
from scdyn_core.methods.components import places, training_components
from scdyn_core.training.population import UNKNOWN
from scdyn_core.training.resampling.options import (
    COMPONENTS,
    DENSITY_SCHEMES,
    SamplingOptions,
)
from scdyn_core.training.resampling.shaping import effective_share
from scdyn_core.training.resampling.weights import sample_weights


@dataclass(frozen=True)
class OneShot:
    """Weights, and what they come to.

    Attributes
    ----------
    cells
        One row a cell: ``cell``, ``cell_type`` (where types are known), ``weight`` in times the
        uniform one: mean 1; divided by the number of cells, probabilities.
    mass
        One row a type, the rarest first: ``cell_type``, ``cells``, ``share`` of the cells,
        ``mass`` (share of the draws) and ``times`` (mass over share). Empty where types are not
        known.
    effective_share
        Effective sample size as a share of the cells.
    most
        Largest weight, in times the uniform one.
    """

    cells: pd.DataFrame
    mass: pd.DataFrame
    effective_share: float
    most: float


def one_shot(
    dataset: Dataset,
    key: str,
    options: SamplingOptions,
    classes_column: str | None = None,
    seed: int = 0,
) -> OneShot:
    """Find weights of all cells of a dataset.

    Parameters
    ----------
    dataset
        With the embedding in ``obsm``.
    key
        Name of the embedding, or ``components`` for principal components made here; schemes that
        read none do not ask for it.
    options
        Scheme and bounds; what is said of refreshing in a training plays no part.
    classes_column
        Column of ``obs`` with types; the role cell type if not given. Cells without a type are
        counted as ``unknown``, and keep their share under ``balanced``.
    seed
        The same seed gives the same weights.

    Raises
    ------
    ConfigError
        When there is no such embedding or column, or weights cannot be found from it.
    """
    types = _types(dataset, classes_column or dataset.roles.cell_type)
    latent = _embedding(dataset, key) if options.scheme in DENSITY_SCHEMES else None
    codes = None if types is None else _codes(types)
    if options.scheme == "uniform" and codes is None:
        codes = np.zeros(dataset.adata.n_obs, dtype=np.int64)
    weights = sample_weights(options, latent=latent, classes=codes, seed=seed)
    cells = pd.DataFrame({"cell": dataset.adata.obs_names.astype(str).to_numpy()})
    if types is not None:
        cells["cell_type"] = types.fillna(UNKNOWN).to_numpy()
    cells["weight"] = weights * len(weights)
    return OneShot(cells, _mass(cells), effective_share(weights), float(cells["weight"].max()))


def _embedding(dataset: Dataset, key: str) -> NDArray[np.floating]:
    """Return the cells' places, shape ``(N, D)``."""
    maps = dataset.adata.obsm
    if key == COMPONENTS and key not in maps:
        return training_components(dataset, np.arange(dataset.adata.n_obs))
    if key not in maps:
        known = listed([str(name) for name in maps]) if len(maps) else "there is none in the file"
        raise ConfigError(
            f"embedding {shown(key)}",
            found="no such embedding (obsm)",
            needed=f"the name of one: {known}",
            fix="Choose one of these, or 'components' for principal components of these cells.",
        )
    return places(maps[key], key)


def _types(dataset: Dataset, column: str | None) -> pd.Series | None:
    """Return the type of every cell as text, missing where not known."""
    if column is None:
        return None
    table = dataset.adata.obs
    if column not in table:
        raise ConfigError(
            f"column {shown(column)}",
            found="no such column of the cells (obs)",
            needed="the name of one: " + (listed([str(name) for name in table]) or "there is none"),
            fix="Choose one of these.",
        )
    values = table[column].astype(object)
    named: pd.Series = values.where(values.isna(), values.astype(str))
    if named.nunique() > max(2, len(named) // 2):
        raise ConfigError(
            f"column {shown(column)}",
            found=f"{named.nunique():,} different values in {len(named):,} cells",
            needed="types that cells share",
            fix="Choose a column with types.",
        )
    return named


def _codes(types: pd.Series) -> NDArray[np.int64]:
    """Return types as numbers, -1 where not known."""
    return np.asarray(pd.factorize(types)[0], dtype=np.int64)


def _mass(cells: pd.DataFrame) -> pd.DataFrame:
    """Return what each type has of the cells and of the draws."""
    if "cell_type" not in cells:
        return pd.DataFrame(columns=["cell_type", "cells", "share", "mass", "times"])
    by_type = cells.groupby("cell_type", sort=True)["weight"]
    mass = pd.DataFrame({"cells": by_type.size(), "share": by_type.size() / len(cells)})
    mass["mass"] = by_type.sum() / cells["weight"].sum()
    mass["times"] = mass["mass"] / mass["share"]
    return mass.sort_values("cells", kind="stable").reset_index()
