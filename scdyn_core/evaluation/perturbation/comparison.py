"""What a metric sees of one perturbation: what was observed, and what one model said of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scdyn_core.evaluation.perturbation.cell_space import CellSpace
from scdyn_core.evaluation.perturbation.cells import Indices, Values
from scdyn_core.evaluation.perturbation.task import PartedScreen, Prediction

#: Cells of a cloud, and perturbations that a prediction is ranked among, at most.
MOST_CELLS, MOST_OTHERS = 300, 200


@dataclass(frozen=True)
class Others:
    """Observed changes of the perturbations that a prediction may be mistaken for, ``(R, G)``.

    ``direction`` is that of the same minus the mean of perturbations, as by ``direction``.
    """

    change: Values
    direction: Values


def direction(values: Values) -> Values:
    """Return rows minus their mean over genes at length 1; 0 for what is the same everywhere."""
    centred = values - values.mean(axis=-1, keepdims=True)
    length = np.sqrt(np.square(centred).sum(axis=-1, keepdims=True))
    size = np.maximum(np.abs(values).max(axis=-1, keepdims=True), 1e-9)
    flat = length <= 1e-9 * np.sqrt(values.shape[-1]) * size
    return np.asarray(np.where(flat, 0.0, centred / np.where(flat, 1.0, length)))


@dataclass(frozen=True)
class Observed:
    """The scored cells of one perturbation.

    Attributes
    ----------
    change
        Against the scored control cells, ``(G,)``.
    centred
        Profile minus that of the mean of perturbations, which was learned, ``(G,)``.
    z
        Change over its standard error, 0 for genes that never vary, ``(G,)``. The variance is
        pooled over perturbed and control cells: from a handful of perturbed cells alone it would
        be 0 wherever they all happen to have no count.
    sd
        Pooled standard deviation between cells, ``(G,)``.
    cells
        Coordinates in the cell space, ``(m, d)``.
    others
        The other perturbations.
    """

    change: Values
    centred: Values
    z: Values
    sd: Values
    cells: Values
    others: Others


@dataclass(frozen=True)
class Predicted:
    """What one model said of it: ``change`` and ``centred`` ``(G,)``, ``cells`` ``(m, d)``."""

    change: Values
    centred: Values
    cells: Values


@dataclass(frozen=True)
class Comparison:
    """Builds both sides for every perturbation of a screen; what they share is computed once."""

    screen: PartedScreen
    space: CellSpace
    seed: int

    @cached_property
    def _changes(self) -> Values:
        return np.array([self.screen.observed(name) for name in self.screen.perturbations])

    @cached_property
    def _centred(self) -> Values:
        screen = self.screen
        centre = screen.learned.mean(screen.control) + screen.mean_change
        return np.array([screen.scored.mean(name) for name in screen.perturbations]) - centre

    @cached_property
    def _directions(self) -> Values:
        return direction(self._centred)

    @cached_property
    def _candidates(self) -> Indices:
        """Perturbations that predictions are ranked among: all, or 200 drawn."""
        number = len(self.screen.perturbations)
        if number <= MOST_OTHERS:
            return np.arange(number)
        drawn = np.random.default_rng(self.seed).choice(number, MOST_OTHERS, replace=False)
        return np.sort(drawn).astype(np.int64)

    @cached_property
    def _control(self) -> Values:
        screen = self.screen
        rows = self._drawn(screen.scored.rows(screen.control))
        return self.space.project(screen.scored.values[rows])

    def observed(self, row: int) -> Observed:
        """Return what was observed of a perturbation, by its number among those scored."""
        screen, name = self.screen, self.screen.perturbations[row]
        groups, place = screen.scored.groups, screen.scored.place
        pair = [place[name], place[screen.control]]
        cells = groups.cells[pair].astype(np.float64)
        sd = np.sqrt((cells - 1) @ groups.variance[pair] / (cells.sum() - 2))
        change = self._changes[row]
        error = sd * np.sqrt((1 / cells).sum())
        z = np.divide(change, error, out=np.zeros_like(change), where=error > 0)
        others = self._candidates[self._candidates != row]
        drawn = screen.scored.values[self._drawn(screen.scored.rows(name))]
        return Observed(
            change=change,
            centred=self._centred[row],
            z=z,
            sd=sd,
            cells=self.space.project(drawn),
            others=Others(self._changes[others], self._directions[others]),
        )

    def predicted(self, prediction: Prediction) -> Predicted:
        """Return a prediction in the same terms.

        Without cells of its own, the scored control cells moved by the change stand for them.
        """
        change = np.asarray(prediction.change, dtype=np.float64)
        if prediction.cells is None:
            cells = self._control + self.space.project(change)
        else:
            drawn = self._drawn(np.arange(prediction.cells.shape[0]))
            cells = self.space.project(prediction.cells[drawn])
        return Predicted(change, change - self.screen.mean_change, cells)

    def _drawn(self, rows: Indices) -> Indices:
        """Return the cells, or 300 of them."""
        if len(rows) <= MOST_CELLS:
            return rows
        return np.random.default_rng(self.seed).choice(rows, MOST_CELLS, replace=False)
