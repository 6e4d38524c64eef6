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
    common
        Log change that all perturbations have in common, where the control cells are in another
        state than every one of them, shape ``(G,)``; 0 otherwise. Doses are without it.
    """

    names: tuple[str, ...]
    column: NDArray[np.int64]
    dose: Vector
    known: NDArray[np.bool_]
    learned: NDArray[np.bool_]
    common: Vector

    @property
    def real(self) -> NDArray[np.bool_]:
        """Which nodes are genes: all but the null control, shape ``(T,)``."""
        return np.array([name != NULL for name in self.names])


def node_columns(screen: Labelled, genes: Sequence[str]) -> NDArray[np.int64]:
    """Return the gene of every target of a screen, ``G`` where it is not measured."""
    place = {gene: number for number, gene in enumerate(genes)}
    return np.array([place.get(str(name), len(genes)) for name, _ in screen.targets])


def nodes_of(
    screen: Labelled,
    measured: MeasuredChanges,
    adapted: MeasuredChanges | None,
    dose: str,
    *,
    apart: bool,
) -> Nodes:
    """Find the dose of every target: in cells where it is the only one, else in combinations.

    Parameters
    ----------
    measured, adapted
        Changes among training cells, and among cells of perturbations that were held out: the
        dose of those that are not among training cells is all that is read from these.
    dose
        ``measured`` or ``unit``.
    apart
        Whether the control cells are in another state than every perturbation.
    """
    names = tuple(str(name) for name, _ in screen.targets)
    column = node_columns(screen, measured.genes)
    common = np.median(measured.values, axis=0) if apart else np.zeros(len(measured.genes))
    found, sure = _doses(measured, column, common)
    # Held-out cells say nothing of others: not even which way these go.
    direction = np.sign(np.sum(np.sign(found[sure]))) or -1.0
    learned = np.isin(np.arange(len(names)), np.concatenate([[-1], *measured.members]))
    if adapted is not None:
        more, more_sure = _doses(adapted, column, common)
        found, sure = np.where(learned, found, more), np.where(learned, sure, more_sure)
    if dose == "unit":
        sure = np.zeros_like(sure)
    return Nodes(
        names=names,
        column=column,
        dose=np.where(sure, found, direction * ASSUMED),
        known=sure,
        learned=learned,
        common=common,
    )


def _doses(
    changes: MeasuredChanges, column: NDArray[np.int64], common: Vector
) -> tuple[Vector, NDArray[np.bool_]]:
    """Return the change of every node where it is held, and whether it is beyond doubt, (T,)."""
    found, sure = np.full(len(column), np.nan), np.zeros(len(column), dtype=bool)
    # The fewer are held, the less of what happens is taken for this one's dose.
    for label in sorted(range(len(changes.members)), key=lambda own: len(changes.members[own])):
        for node in changes.members[label]:
            gene = column[node]
            if gene == len(changes.genes) or np.isfinite(found[node]):
                continue
            error = np.hypot(changes.error[label, gene], changes.control_error[gene])
            found[node] = changes.values[label, gene] - common[gene]
            sure[node] = abs(found[node]) > max(SURE * error, DEEP)
    return found, sure
