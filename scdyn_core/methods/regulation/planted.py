"""The network that generated data were made with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.network.reference import Reference

if TYPE_CHECKING:
    from anndata import AnnData

Matrix = NDArray[np.float64]
#: Where generated data keep their truth in ``uns``.
SLOT = "regulation"
DIRECT, TOTAL = "direct", "total"
#: A total effect below a tenth of the source's own log change is none worth finding.
LEAST_TOTAL = 0.1
_MOST_NUMBERS = 50_000_000


@dataclass(frozen=True)
class PlantedNetwork:
    """True effects of nodes on genes.

    Attributes
    ----------
    nodes, genes
        Names, lengths ``S`` and ``G``.
    effects
        ``direct`` (coefficients) and ``total`` (log change of a gene over that of the node, along
        all paths), each ``(S, G)``.
    """

    nodes: tuple[str, ...]
    genes: tuple[str, ...]
    effects: Mapping[str, Matrix]

    @classmethod
    def of(cls, adata: AnnData) -> PlantedNetwork | None:
        """Return the truth of generated data; ``None`` for others, and where it is damaged."""
        stored: Any = adata.uns.get(SLOT)
        if not isinstance(stored, Mapping):
            return None
        # Whoever made the file may have put anything there.
        nodes, genes = _names(stored.get("nodes")), _names(stored.get("genes"))
        if not nodes or not genes or len(nodes) * len(genes) > _MOST_NUMBERS:
            return None
        effects = {}
        for kind in (DIRECT, TOTAL):
            values = stored.get(kind)
            if not _is_numbers(values, (len(nodes), len(genes))):
                return None
            effects[kind] = np.asarray(values, dtype=np.float64)
        return cls(nodes, genes, effects)

    def reference(self, kind: str) -> Reference:
        """Return the true edges among all nodes and genes."""
        least = LEAST_TOTAL if kind == TOTAL else 0.0
        return Reference.of_effects(self.nodes, self.genes, self.effects[kind], least)

    def references(self, nodes: Sequence[str], genes: Sequence[str]) -> dict[str, Reference]:
        """Return the true edges from some nodes to some genes, by the name of the reference."""
        rows = [self.nodes.index(name) for name in nodes if name in set(self.nodes)]
        place = {name: number for number, name in enumerate(self.genes)}
        columns = [place[name] for name in genes if name in place]
        found = {}
        for kind in (DIRECT, TOTAL):
            whole = self.reference(kind)
            found[f"truth, {kind}"] = Reference(
                tuple(self.nodes[row] for row in rows),
                tuple(self.genes[column] for column in columns),
                whole.edge[np.ix_(rows, columns)],
                whole.sign[np.ix_(rows, columns)],
            )
        return found


def _names(stored: object) -> tuple[str, ...]:
    """Return distinct texts, or nothing."""
    if not isinstance(stored, np.ndarray) or stored.ndim != 1 or stored.dtype.kind not in "OUT":
        return ()
    names = stored.tolist()
    if not all(isinstance(name, str) and name for name in names):
        return ()
    return tuple(names) if len(set(names)) == len(names) else ()


def _is_numbers(stored: object, shape: tuple[int, int]) -> bool:
    return (
        isinstance(stored, np.ndarray)
        and stored.shape == shape
        and stored.dtype.kind in "iuf"
        and bool(np.isfinite(stored).all())
    )
