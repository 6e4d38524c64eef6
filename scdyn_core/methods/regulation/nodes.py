"""The nodes of a network: what was perturbed, where it is measured, and how deep it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.methods.perturbations.labels import NULL, Labelled
from scdyn_core.methods.regulation.measured import MeasuredChanges

Vector = NDArray[np.float64]
#: A dose is believed from this many standard errors and this log change on. Less is what is seen of
#: transcripts whose protein is gone all the same.
SURE, DEEP = 3.0, 0.5
#: Log change that is assumed where none can be measured: what its edges say is relative to it.
ASSUMED = 1.0


@dataclass(frozen=True)
class Nodes:
    """What was perturbed.

    Attributes
    ----------
    names
        Targets, the null control among them, length ``T``.
    column
        Gene of every node, ``G`` where it is not measured, shape ``(T,)``.
    dose
        Log change that its perturbation imposes on it, shape ``(T,)``.
    known
        Whether the dose was measured, shape ``(T,)``.
    learned
        Whether there were cells to learn its targets from, shape ``(T,)``.
    """

    names: tuple[str, ...]
    column: NDArray[np.int64]
    dose: Vector
    known: NDArray[np.bool_]
    learned: NDArray[np.bool_]

    @property
    def real(self) -> NDArray[np.bool_]:
        """Which nodes are genes: all but the null control, shape ``(T,)``."""
        return np.array([name != NULL for name in self.names])


def node_columns(screen: Labelled, genes: Sequence[str]) -> NDArray[np.int64]:
    """Return the gene of every target of a screen, ``G`` where it is not measured."""
    place = {gene: number for number, gene in enumerate(genes)}
    return np.array([place.get(str(name), len(genes)) for name, _ in screen.targets])


def nodes_of(
    screen: Labelled, measured: MeasuredChanges, adapted: MeasuredChanges | None, dose: str
) -> Nodes:
    """Find the dose of every target in cells where it is the only one.

    Parameters
    ----------
    measured, adapted
        Changes among training cells, and among cells of perturbations that were held out: the
        dose of these is all that is read from them.
    dose
        ``measured`` or ``unit``.
    """
    names = tuple(str(name) for name, _ in screen.targets)
    column = node_columns(screen, measured.genes)
    found, sure = np.full(len(names), np.nan), np.zeros(len(names), dtype=bool)
    for changes in (measured, adapted):
        if changes is None or dose == "unit":
            continue
        for label, members in enumerate(changes.members):
            node = members[0]
            if len(members) != 1 or column[node] == len(changes.genes) or np.isfinite(found[node]):
                continue
            change = changes.values[label, column[node]]
            error = changes.error[label, column[node]]
            found[node] = change
            sure[node] = abs(change) > max(SURE * error, DEEP)
    direction = np.sign(np.sum(np.sign(found[sure]))) or -1.0
    learned = np.isin(np.arange(len(names)), np.concatenate([[-1], *measured.members]))
    return Nodes(
        names=names,
        column=column,
        dose=np.where(sure, found, direction * ASSUMED),
        known=sure,
        learned=learned,
    )
