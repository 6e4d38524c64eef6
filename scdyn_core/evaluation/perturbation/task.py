"""The task: the change of mean expression that a perturbation makes, told from other cells.

A change is the mean log-normalised expression of perturbed cells minus that of control cells. A
prediction is a change against the control cells that were learned from; what is observed is the
change among the scored cells against the scored control cells, so that noise in the mean of one
set of control cells is not shared by prediction and truth.

Symbols: G genes; P perturbations that were learned from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from scdyn_core.errors import TrainingError
from scdyn_core.evaluation.perturbation.cells import Cells, Indices, Matrix, Values

#: ``seen``: other cells of perturbations that were learned from; ``held out``: perturbations of
#: which at most some cells were adapted to; ``combination``: unseen A+B from cells with A and B.
Task = Literal["seen", "held out", "combination"]

#: Cells that a perturbation needs to be scored, or to be learned from.
LEAST_SCORED, LEAST_LEARNED = 5, 2


@dataclass(frozen=True)
class Prediction:
    """What a model says of one perturbation.

    Attributes
    ----------
    change
        Predicted mean log-normalised expression minus that of the learned control cells, ``(G,)``.
    cells
        Predicted cells, log-normalised, ``(m, G)``. Where a model predicts none, the scored
        control cells moved by the change stand for them.
    """

    change: Values
    cells: Matrix | None = None


@dataclass(frozen=True)
class Changes:
    """Observed changes of some perturbations, with what their error is made of.

    Attributes
    ----------
    names
        Perturbations.
    values
        Shape ``(P, G)``.
    cells
        Cells of every perturbation, ``(P,)``.
    """

    names: tuple[str, ...]
    values: Values
    cells: Indices

    @cached_property
    def place(self) -> dict[str, int]:
        """Row of every perturbation."""
        return {name: number for number, name in enumerate(self.names)}


@dataclass(frozen=True)
class PartedScreen:
    """A perturbation screen, parted into cells to learn from and cells to score on.

    Attributes
    ----------
    learned
        Cells that models learn from.
    scored
        Cells that nothing learned from.
    control
        Label of the control cells, in both.
    design
        Targets of every label: one for a single, several for a combination, none for a label that
        is another control.
    genes
        Names of the genes, those of the targets among them where they are measured.
    adapted
        Some cells of perturbations that are otherwise held out, where models may look at them.
    spare
        Cells of scored perturbations that no model may look at; only the technical duplicate is
        drawn from them where nothing else is left.
    """

    learned: Cells
    scored: Cells
    control: str
    design: Mapping[str, tuple[str, ...]]
    genes: Sequence[str]
    adapted: Cells | None = None
    spare: Cells | None = None

    def __post_init__(self) -> None:
        """Check that the parts fit each other.

        Raises
        ------
        ValueError
            If genes differ, a label has no design, or adapted labels were learned from.
        TrainingError
            If control cells or perturbations are too few.
        """
        parts = [self.learned, self.scored, self.adapted, self.spare]
        labels: set[str] = set()
        for part in (part for part in parts if part is not None):
            labels |= set(part.names)
            if part.values.shape[1] != len(self.genes):
                raise ValueError(f"{len(self.genes)} genes are named, {part.values.shape[1]} given")
        unknown = sorted(labels - set(self.design) - {self.control})
        if unknown:
            raise ValueError(f"no design is given for {unknown[0]!r}")
        if self.adapted is not None:
            both = set(self.adapted.names) & set(self.learned.names) - {self.control}
            if both:
                raise ValueError(f"{min(both)!r} is both learned from and adapted to")
        for what, part in {"learned from": self.learned, "scored": self.scored}.items():
            if part.count(self.control) < LEAST_SCORED:
                raise _too_few(f"control cells that are {what}", part.count(self.control))
        if not self.perturbations:
            raise _too_few("cells of any perturbation to be scored", 0)

    @cached_property
    def perturbations(self) -> tuple[str, ...]:
        """Perturbations with enough cells to be scored; control left out."""
        enough = self.scored.groups.cells >= LEAST_SCORED
        return tuple(
            name
            for name, known in zip(self.scored.names, enough, strict=True)
            if known and name != self.control
        )

    @cached_property
    def trained(self) -> Changes:
        """Changes of the perturbations with targets that were learned from."""
        return self._changes(self.learned)

    @cached_property
    def known(self) -> Changes:
        """Changes of everything that models may look at: learned from first, then adapted to."""
        trained = self._changes(self.learned, targeted=False)
        if self.adapted is None:
            return trained
        more = self._changes(self.adapted, targeted=False)
        return Changes(
            trained.names + more.names,
            np.vstack([trained.values, more.values]),
            np.concatenate([trained.cells, more.cells]),
        )

    def labels_of(self, target: str) -> list[str]:
        """Return the known labels that have this target and no other."""
        return self._singles.get(target, [])

    @cached_property
    def _singles(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self.known.names:
            if len(self.design[name]) == 1:
                found.setdefault(self.design[name][0], []).append(name)
        return found

    @cached_property
    def mean_change(self) -> Values:
        """Mean change of the trained perturbations, each counting the same, ``(G,)``."""
        if not self.trained.names:
            return np.zeros(len(self.genes))
        mean: Values = self.trained.values.mean(axis=0)
        return mean

    @cached_property
    def cell_variance(self) -> Values:
        """Variance of a gene between learned cells of the same label, pooled, ``(G,)``."""
        groups = self.learned.groups
        freedom = np.maximum(groups.cells - 1, 0).astype(np.float64)
        pooled: Values = freedom @ groups.variance / max(freedom.sum(), 1.0)
        return pooled

    def observed(self, perturbation: str) -> Values:
        """Return the change among the scored cells, ``(G,)``."""
        return self.scored.mean(perturbation) - self.scored.mean(self.control)

    def _changes(self, cells: Cells, *, targeted: bool = True) -> Changes:
        """Return the changes of the labels in some cells against the learned control cells."""
        names = tuple(
            name
            for name in cells.names
            if name != self.control
            and cells.count(name) >= LEAST_LEARNED
            and (self.design[name] or not targeted)
        )
        rows = [cells.place[name] for name in names]
        means = cells.groups.mean[rows]
        return Changes(names, means - self.learned.mean(self.control), cells.groups.cells[rows])


def _too_few(what: str, found: int) -> TrainingError:
    return TrainingError(
        "predicting perturbations",
        found=f"{found} {what}",
        needed=f"at least {LEAST_SCORED}",
        fix="Leave more cells for the part, or lower what is filtered out.",
    )
