"""A network that estimates are compared with: known edges, and the pairs it could have had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.network.estimate import self_edges


@dataclass(frozen=True)
class Reference:
    """Known edges among the pairs of sources and targets.

    Attributes
    ----------
    sources, targets
        Names; every pair of a source and a target is scored but those of a gene with itself.
    edge
        Which pairs are edges, shape ``(S, G)``; never a gene with itself.
    sign
        1 raises the target, -1 lowers it, 0 unknown or no edge, shape ``(S, G)``.

    Raises
    ------
    ConfigError
        When shapes do not fit or a name repeats.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    edge: NDArray[np.bool_]
    sign: NDArray[np.int8]

    def __post_init__(self) -> None:
        shape = (len(self.sources), len(self.targets))
        repeated = len(set(self.sources)) != shape[0] or len(set(self.targets)) != shape[1]
        if self.edge.shape != shape or self.sign.shape != shape or repeated:
            raise ConfigError(
                "reference network",
                found="edges that do not fit its names, or names that repeat",
                needed=f"edges and signs of shape {shape}, every name once",
                fix="Check what made the reference.",
            )

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Pairs that are scored: all but those of a gene with itself, ``(S, G)``."""
        return ~self_edges(self.sources, self.targets)

    @classmethod
    def of_effects(
        cls,
        sources: Sequence[str],
        targets: Sequence[str],
        effect: NDArray[np.float64],
        least: float = 0.0,
    ) -> Reference:
        """Return the edges whose effect is larger than ``least``, with its sign."""
        own = self_edges(sources, targets)
        edge = (np.abs(effect) > least) & ~own
        sign = np.where(edge, np.sign(effect), 0).astype(np.int8)
        return cls(tuple(sources), tuple(targets), edge, sign)

    @classmethod
    def of_edges(
        cls, edges: pd.DataFrame, sources: Sequence[str], targets: Sequence[str]
    ) -> Reference | None:
        """Return what a table of edges says about given sources and targets.

        Of the sources those count that some edge leaves, of the targets those that have an edge
        at all: about other genes the table says nothing.

        Parameters
        ----------
        edges
            Columns ``source``, ``target`` and, where known, ``sign`` (1, -1 or 0).
        sources, targets
            Genes that an estimate could have joined.

        Returns
        -------
        Reference or None
            ``None`` where no pair is left.
        """
        known = set(edges["source"]) | set(edges["target"])
        leaves = set(edges["source"])
        rows = [name for name in dict.fromkeys(sources) if name in leaves]
        columns = [name for name in dict.fromkeys(targets) if name in known]
        if not rows or not columns:
            return None
        row = edges["source"].map({name: number for number, name in enumerate(rows)})
        column = edges["target"].map({name: number for number, name in enumerate(columns)})
        inside = (row.notna() & column.notna() & (edges["source"] != edges["target"])).to_numpy()
        at = row[inside].to_numpy(dtype=np.int64), column[inside].to_numpy(dtype=np.int64)
        edge = np.zeros((len(rows), len(columns)), dtype=bool)
        edge[at] = True
        raises, lowers = np.zeros_like(edge), np.zeros_like(edge)
        if "sign" in edges:
            sign = edges["sign"].to_numpy(dtype=np.float64)[inside]
            raises[at[0][sign > 0], at[1][sign > 0]] = True
            lowers[at[0][sign < 0], at[1][sign < 0]] = True
        signs = raises.astype(np.int8) - lowers.astype(np.int8)
        return cls(tuple(rows), tuple(columns), edge, signs)
