"""Cell types as numbers, and the known transitions between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError

Edge = tuple[str, str]
#: More maximal paths than this are no lineages but a thicket.
MOST_LINEAGES = 50


def cell_types(dataset: Dataset) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return each cell's type as a number, -1 where it is unknown, and the names of the types."""
    column = dataset.roles.cell_type
    if column is None:
        return np.full(dataset.adata.n_obs, -1, dtype=np.int64), ()
    known = dataset.adata.obs[column]
    codes, names = pd.factorize(known.astype(str).where(known.notna()), sort=True)
    return codes.astype(np.int64), tuple(map(str, names))


def transitions(lineage: Sequence[str], names: Sequence[str]) -> tuple[Edge, ...]:
    """Return the pairs of types in ``A>B`` texts, each pair once.

    Parameters
    ----------
    lineage
        Texts that the configuration has checked.
    names
        Types of the data.

    Raises
    ------
    ConfigError
        When a type is not in the data, naming those that are.
    """
    edges = [tuple(end.strip() for end in text.split(">")) for text in lineage]
    unknown = dict.fromkeys(end for edge in edges for end in edge if end not in names)
    if unknown:
        known = ", ".join(names) if names else "a column with the role cell_type: there is none"
        raise ConfigError(
            "lineage",
            found="cell types that the data do not have: " + ", ".join(unknown),
            needed=("types among " if names else "") + known,
            fix="Write the types exactly as in the data, or leave the transition out.",
        )
    return tuple(dict.fromkeys((start, end) for start, end in edges))


def lineages(edges: Sequence[Edge]) -> list[tuple[str, ...]]:
    """Return the maximal paths along the edges, from types without a past to those without future.

    Raises
    ------
    ConfigError
        When the edges lead in a circle, or their paths are too many.
    """
    ends = {end for _, end in edges}
    starts = dict.fromkeys(start for start, _ in edges if start not in ends)
    found = list(islice((path for start in starts for path in _paths((start,), edges)),
                        MOST_LINEAGES + 1))  # fmt: skip
    reached = {name for path in found for name in path}
    if len(found) > MOST_LINEAGES:
        raise ConfigError(
            "lineage",
            found=f"more than {MOST_LINEAGES} ways from a first to a last cell type",
            needed="fewer",
            fix="Leave out transitions that skip a stage.",
        )
    if len(reached) < len({name for edge in edges for name in edge}):
        raise _circle()
    return found


def _paths(path: tuple[str, ...], edges: Sequence[Edge]) -> Iterator[tuple[str, ...]]:
    following = [end for start, end in edges if start == path[-1]]
    if not following:
        yield path
    for end in following:
        if end in path:
            raise _circle()
        yield from _paths((*path, end), edges)


def _circle() -> ConfigError:
    return ConfigError(
        "lineage",
        found="transitions that lead in a circle",
        needed="lineages with a first and a last cell type",
        fix="Leave out the transition that leads back, or choose another derivative.",
    )
