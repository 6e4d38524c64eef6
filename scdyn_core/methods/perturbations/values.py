"""Log-normalised expression of the cells that take part, and the screen they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.split import Part
from scdyn_core.evaluation.perturbation.cells import Cells
from scdyn_core.evaluation.perturbation.task import LEAST_SCORED, PartedScreen, Task
from scdyn_core.evaluation.screen.screen import Screen
from scdyn_core.methods.perturbations.labels import EVERYBODY, Labelled
from scdyn_core.preprocess.size_factors import Counts, size_normalise

#: Cells that stand for everybody.
MOST_EVERYBODY = 5000


@dataclass(frozen=True)
class ScreenCells:
    """Expression, label and part of every cell that takes part.

    Attributes
    ----------
    values
        Natural ``log1p`` of counts scaled to one depth, CSR, shape ``(n, G)``.
    genes
        Names of the genes.
    labelled
        Labels of the cells.
    part
        Part of every cell, shape ``(n,)``.
    """

    values: Counts
    genes: tuple[str, ...]
    labelled: Labelled
    part: NDArray[np.str_]

    @classmethod
    def of(
        cls,
        counts: Counts,
        depth: float,
        genes: Sequence[str],
        labelled: Labelled,
        part: NDArray[np.str_],
    ) -> ScreenCells:
        """Normalise raw counts ``(n, G)`` to ``depth``."""
        return cls(size_normalise(counts, depth).log1p().tocsr(), tuple(genes), labelled, part)

    def whole(self) -> Screen:
        """Return all cells as a screen, for what is known without a model."""
        control = self.labelled.control
        return Screen(self.values, self.labelled.perturbation, control, self.genes)

    def parted(self, task: Task, seed: int) -> PartedScreen | None:
        """Return what is learned from and what is scored.

        ``None`` where nothing is asked, or no perturbation or its control has cells enough.

        Combinations whose targets were all learned from are of the task ``combination``, other
        perturbations that were held out of ``held out``.
        """
        asked = self.asked(task)
        if not asked:
            return None
        control = self.labelled.control or EVERYBODY
        scored = self._cells("test", [*asked, control], seed)
        learned = self._cells("train", [*self.labelled.kinds, control], seed)
        if scored is None or learned is None:
            return None
        controls = min(part.count(control) for part in (scored, learned))
        perturbed = max(scored.count(name) for name in asked)
        if min(controls, perturbed) < LEAST_SCORED:
            return None
        adapted = None if task == "seen" else self._cells("adapt", asked, seed)
        return PartedScreen(
            learned=learned,
            scored=scored,
            control=control,
            design=self.labelled.parts,
            genes=self.genes,
            adapted=adapted if task == "held out" else None,
            spare=adapted if task == "combination" else None,
        )

    def asked(self, task: Task) -> list[str]:
        """Return the perturbations of a task."""
        known = self.labelled
        learned = {
            part
            for name, parts in known.parts.items()
            if name not in known.held_out
            for part in parts
        }
        found = []
        for name, kind in known.kinds.items():
            if kind == "control":
                continue
            told = kind == "combination" and not known.own and learned.issuperset(known.parts[name])
            own: Task = "seen"
            if name in known.held_out:
                own = "combination" if told else "held out"
            if own == task:
                found.append(name)
        return found

    def _cells(self, part: Part, names: Sequence[str], seed: int) -> Cells | None:
        rows = np.flatnonzero((self.part == part) & np.isin(self.labelled.perturbation, names))
        labels = self.labelled.perturbation[rows]
        if EVERYBODY in names:
            every = np.flatnonzero(self.part == part)
            rng = np.random.default_rng(seed)
            drawn = rng.choice(every, min(len(every), MOST_EVERYBODY), replace=False)
            rows = np.concatenate([rows, np.sort(drawn)])
            labels = np.concatenate([labels, np.full(len(drawn), EVERYBODY, dtype=object)])
        return Cells(self.values[rows], labels) if len(rows) else None
