"""A network with its nodes as numbers: what large networks are searched and ranked in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.networks.edges import node_key

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class IndexedNetwork:
    """One edge a pair of nodes, the strongest first.

    Attributes
    ----------
    kinds, names
        What each node is and is called, length ``N``.
    source, target
        Numbers of the nodes at both ends, length ``E``.
    weight, sign, stability
        Of each edge, as in ``edges.COLUMNS``.
    evidence
        Number of the words of each edge in ``evidence_words``.
    """

    kinds: NDArray[np.object_]
    names: NDArray[np.object_]
    source: Numbers
    target: Numbers
    weight: Values
    sign: Numbers
    stability: Values
    evidence: Numbers
    evidence_words: tuple[str, ...]

    @classmethod
    def of(cls, edges: pd.DataFrame) -> IndexedNetwork:
        """Join whatever evidence there is for each pair of nodes into one edge.

        The weight is the mean over the evidence, the stability its smallest; the sign is 0 where
        the evidence disagrees. ``edges`` are checked, and of one cell type.
        """
        source, target, kinds, names = _numbered(edges)
        words, kind_of_evidence = _factorized(edges["evidence"])
        pair = source * max(len(names), 1) + target
        _, first, of_pair = np.unique(pair, return_index=True, return_inverse=True)
        number = len(first)
        weight = edges["weight"].to_numpy(np.float64)
        total = np.bincount(of_pair, weights=weight, minlength=number)
        sign = edges["sign"].to_numpy(np.int64)
        low, high = np.full(number, 2), np.full(number, -2)
        np.minimum.at(low, of_pair, sign)
        np.maximum.at(high, of_pair, sign)
        stability = np.full(number, np.inf)
        np.fmin.at(stability, of_pair, edges["stability"].to_numpy(np.float64))
        joined, joined_words = _joined_words(of_pair, kind_of_evidence, words, number)
        mean = total / np.bincount(of_pair, minlength=number) if number else total
        order = np.lexsort((first, -mean))
        return cls(
            kinds=kinds,
            names=names,
            source=source[first][order],
            target=target[first][order],
            weight=mean[order],
            sign=np.where(low == high, low, 0)[order],
            stability=np.where(np.isinf(stability), np.nan, stability)[order],
            evidence=joined[order],
            evidence_words=joined_words,
        )

    def __len__(self) -> int:
        """Return the number of edges."""
        return len(self.weight)

    @cached_property
    def keys(self) -> list[str]:
        """What tells each node from all others (``edges.node_key``)."""
        return [node_key(kind, name) for kind, name in zip(self.kinds, self.names, strict=True)]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Key of a node -> its number."""
        return {key: number for number, key in enumerate(self.keys)}

    def frame(self, rows: NDArray[np.int64] | slice = slice(None)) -> pd.DataFrame:
        """Return edges, or those with the given numbers, as a table."""
        source, target = self.source[rows], self.target[rows]
        words = np.array(self.evidence_words, dtype=object)
        return pd.DataFrame(
            {
                "source_kind": self.kinds[source],
                "source": self.names[source],
                "target_kind": self.kinds[target],
                "target": self.names[target],
                "weight": self.weight[rows],
                "sign": self.sign[rows],
                "stability": self.stability[rows],
                "evidence": words[self.evidence[rows]] if len(words) else [],
            }
        )


def _numbered(
    edges: pd.DataFrame,
) -> tuple[Numbers, Numbers, NDArray[np.object_], NDArray[np.object_]]:
    """Return the numbers of both ends of every edge, and kind and name of every number."""
    ends = []
    for end in ("source", "target"):
        names, name = _factorized(edges[end])
        kinds, kind = _factorized(edges[f"{end}_kind"])
        both = name * max(len(kinds), 1) + kind
        found, number = np.unique(both, return_inverse=True)
        pairs = [(kinds[each % len(kinds)], names[each // len(kinds)]) for each in found]
        ends.append((number, pairs))
    (source, sources), (target, targets) = ends
    nodes = {pair: number for number, pair in enumerate(dict.fromkeys([*sources, *targets]))}
    kinds_of = np.array([kind for kind, _ in nodes], dtype=object)
    names_of = np.empty(len(nodes), dtype=object)
    names_of[:] = [name for _, name in nodes]
    to_source = np.array([nodes[pair] for pair in sources], dtype=np.int64)
    to_target = np.array([nodes[pair] for pair in targets], dtype=np.int64)
    return to_source[source], to_target[target], kinds_of, names_of


def _factorized(column: pd.Series) -> tuple[list[str], Numbers]:
    """Return the different texts of a column, and the number of the text in each row."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes: Numbers = np.asarray(column.cat.codes, dtype=np.int64)
        return [str(text) for text in column.cat.categories], codes
    found, texts = pd.factorize(column)
    numbers: Numbers = np.asarray(found, dtype=np.int64)
    return [str(text) for text in texts], numbers


def _joined_words(
    of_pair: Numbers, evidence: Numbers, words: list[str], number: int
) -> tuple[Numbers, tuple[str, ...]]:
    """Return for each pair the number of the words that name all its evidence, and the words."""
    if len(words) < 2:
        return np.zeros(number, dtype=np.int64), tuple(words)
    there = np.zeros((number, len(words)), dtype=bool)
    there[of_pair, evidence] = True
    kinds, joined = np.unique(there, axis=0, return_inverse=True)
    named = (", ".join(words[at] for at in np.flatnonzero(kind)) for kind in kinds)
    return joined.reshape(-1).astype(np.int64), tuple(named)
