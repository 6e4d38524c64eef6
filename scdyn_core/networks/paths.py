"""Which chains of edges carry an effect from one gene to another."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

#: Edges of the longest chain, and chains that are followed further at every step.
LONGEST, FOLLOWED = 4, 3_000


def strongest_paths(
    edges: pd.DataFrame,
    sources: Collection[str],
    target: str,
    *,
    most: int = 10,
    longest: int = LONGEST,
) -> pd.DataFrame:
    """Return the strongest chains from some genes to another.

    The effect of a chain is the product of the effects of its edges; the total effect is the sum
    over all chains, also those that come by a gene twice, which are left out here. Of very many
    chains the strongest are followed at every step, so that in a dense network of many genes
    one may be missed.

    Parameters
    ----------
    edges
        source, target, effect; one row a pair.
    sources, target
        Where chains begin and end; none comes by another source.
    most
        Chains returned.
    longest
        Edges of the longest chain.

    Returns
    -------
    pandas.DataFrame
        ``genes`` (tuple, from source to target), ``effect``; the strongest first.
    """
    inner = edges[~edges["target"].isin(list(sources))]
    names = list(dict.fromkeys([*sources, *inner["source"], target]))
    place = {name: at for at, name in enumerate(names)}
    # Chains run on to genes that act on others alone, and end at the target.
    inner = inner[inner["target"].isin(set(inner["source"]) | {target})]
    acting = inner["source"].map(place).to_numpy(dtype=np.int64)
    order = np.argsort(acting, kind="stable")
    into = inner["target"].map(place).to_numpy(dtype=np.int64)[order]
    begins = np.searchsorted(acting[order], np.arange(len(names) + 1))
    network = _Onward(begins, into, inner["effect"].to_numpy(dtype=np.float64)[order])
    start = np.array([place[name] for name in sources], dtype=np.int64)
    chains = _Chains(start[:, None], np.ones(len(start)))
    found: list[tuple[tuple[str, ...], float]] = []
    for length in range(1, longest + 1):
        longer = network.longer(chains)
        ends = longer.places[:, -1] == place[target]
        found += [
            (tuple(names[at] for at in row), float(effect))
            for row, effect in zip(longer.places[ends], longer.effect[ends], strict=True)
        ]
        if length < longest:
            chains = longer.strongest(~ends)
    found.sort(key=lambda chain: (-abs(chain[1]), chain[0]))
    return pd.DataFrame(found[:most], columns=["genes", "effect"]).astype({"effect": np.float64})


@dataclass(frozen=True)
class _Chains:
    """Chains of one length: numbers of their genes, ``(n, length + 1)``, and their effects."""

    places: NDArray[np.int64]
    effect: NDArray[np.float64]

    def strongest(self, among: NDArray[np.bool_]) -> _Chains:
        rows = np.flatnonzero(among)
        order = np.argsort(-np.abs(self.effect[rows]), kind="stable")[:FOLLOWED]
        return _Chains(self.places[rows[order]], self.effect[rows[order]])


@dataclass(frozen=True)
class _Onward:
    """Edges sorted by source: where those of each gene begin, their targets and effects."""

    begins: NDArray[np.int64]
    target: NDArray[np.int64]
    effect: NDArray[np.float64]

    def longer(self, chains: _Chains) -> _Chains:
        """Return the chains with one edge more, none by a gene twice."""
        last = chains.places[:, -1]
        number = self.begins[last + 1] - self.begins[last]
        chain = np.repeat(np.arange(len(last)), number)
        first = np.repeat(self.begins[last] - np.cumsum(number) + number, number)
        edge = first + np.arange(len(chain))
        gene = self.target[edge]
        new = (chains.places[chain] != gene[:, None]).all(axis=1)
        return _Chains(
            np.column_stack([chains.places[chain[new]], gene[new]]),
            chains.effect[chain[new]] * self.effect[edge[new]],
        )
