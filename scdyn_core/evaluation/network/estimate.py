"""A network as it was estimated: the signed strength of every edge from a source to a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError

Matrix = NDArray[np.float64]
Names = tuple[str, ...]


@dataclass(frozen=True)
class NetworkEstimate:
    """Signed strengths of edges.

    Attributes
    ----------
    sources, targets
        Names, lengths ``S`` and ``G``; each without repeats.
    value
        Strength of every edge, shape ``(S, G)``; 0 says that there is no edge. What stands at an
        edge of a gene to itself is ignored everywhere.
    unit
        What the strength is measured in.
    signed
        Whether the sign says that the source raises or lowers the target; otherwise all
        strengths are 0 or above.

    Raises
    ------
    ConfigError
        When shapes do not fit, a name repeats, or a strength is not finite.
    """

    sources: Names
    targets: Names
    value: Matrix
    unit: str
    signed: bool = True

    def __post_init__(self) -> None:
        expected = (len(self.sources), len(self.targets))
        if self.value.shape != expected:
            raise _refused(
                f"strengths of shape {self.value.shape}", f"one per source and target, {expected}"
            )
        for kind, names in (("sources", self.sources), ("targets", self.targets)):
            if len(set(names)) != len(names):
                raise _refused(f"{kind} that repeat", "every name once")
        if not np.isfinite(self.value).all():
            raise _refused("strengths that are not finite", "numbers; 0 where there is no edge")

    def edges(self) -> Matrix:
        """Return a copy of the strengths with 0 at every edge of a gene to itself."""
        return np.where(self_edges(self.sources, self.targets), 0.0, self.value)

    def of(self, sources: Sequence[str], targets: Sequence[str]) -> Matrix:
        """Return the strengths between given genes, ``(len(sources), len(targets))``.

        Edges that the estimate does not know, and edges of a gene to itself, are 0.
        """
        found = np.zeros((len(sources), len(targets)))
        rows, row_known = _places(self.sources, sources)
        columns, column_known = _places(self.targets, targets)
        found[np.ix_(row_known, column_known)] = self.value[np.ix_(rows, columns)]
        found[self_edges(sources, targets)] = 0.0
        return found


def self_edges(sources: Sequence[str], targets: Sequence[str]) -> NDArray[np.bool_]:
    """Return where an edge would lead from a gene to itself, ``(len(sources), len(targets))``."""
    found = np.zeros((len(sources), len(targets)), dtype=bool)
    columns, known = _places(targets, sources)
    found[known, columns] = True
    return found


def _places(
    known: Sequence[str], asked: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return positions in ``known`` of the names asked for, and which of these were found."""
    place = {name: number for number, name in enumerate(known)}
    pairs = [(place[name], number) for number, name in enumerate(asked) if name in place]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _refused(found: str, needed: str) -> ConfigError:
    return ConfigError(
        "network estimate", found=found, needed=needed, fix="Check what made the estimate."
    )
