"""Which cells are learned from, and into which groups the clusters are followed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.methods.responses.config import ResponseConfig

#: Name of the group of all cells that are learned from.
ALL = "all"
#: More levels cannot be looked at side by side.
MOST_GROUPS = 12


def sampling_times(dataset: Dataset) -> NDArray[np.float64]:
    """Return the sampling time of every cell, NaN where it is not known.

    Raises
    ------
    ConfigError
        When there are fewer than three times.
    """
    column = str(dataset.roles.time)
    times = dataset.adata.obs[column].to_numpy(dtype=np.float64)
    distinct = np.unique(times[np.isfinite(times)])
    if len(distinct) < 3:
        raise ConfigError(
            f"obs[{column!r}], the role time",
            found=f"{len(distinct)} distinct times",
            needed="at least 3",
            fix="Use data sampled at three or more times.",
        )
    return np.asarray(times)


def learned_cells(dataset: Dataset, config: ResponseConfig) -> NDArray[np.bool_]:
    """Mark the cells that are learned from.

    Raises
    ------
    ConfigError
        When the level to learn from does not exist.
    """
    if not config.learn_from:
        return np.ones(dataset.adata.n_obs, dtype=bool)
    levels = group_of(dataset, config)
    if levels is None or config.learn_from not in levels:
        known = [] if levels is None else sorted(set(levels))[:MOST_GROUPS]
        raise ConfigError(
            "learn_from",
            found=f"no cells of the level {config.learn_from!r}",
            needed="one of " + (", ".join(known) or "the levels of a role named in compare"),
            fix="Choose a role in compare and one of its levels, or leave learn_from empty.",
        )
    chosen: NDArray[np.bool_] = levels == config.learn_from
    return chosen


def group_of(dataset: Dataset, config: ResponseConfig) -> NDArray[np.object_] | None:
    """Return the level of the compared role of every cell; ``None`` when nothing is compared.

    Raises
    ------
    ConfigError
        When the role is not played, or has too many levels.
    """
    if config.compare == "none":
        return None
    column = dataset.roles.assigned().get(config.compare)
    if column is None:
        raise ConfigError(
            "compare",
            found=f"no column with the role {config.compare}",
            needed="a column whose levels are compared",
            fix=f"Set the role {config.compare} on the Data page, or compare nothing.",
        )
    levels = dataset.adata.obs[column].astype(str).to_numpy(dtype=object)
    if len(set(levels)) > MOST_GROUPS:
        raise ConfigError(
            "compare",
            found=f"{len(set(levels))} levels in obs[{column!r}]",
            needed=f"at most {MOST_GROUPS}",
            fix="Compare a role with fewer levels.",
        )
    return np.asarray(levels)
