"""What changed when a gene was perturbed: differences of means to the control, by their size.

All paths together, not the direct ones: what lies downstream counts as a target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.network.estimate import NetworkEstimate, self_edges
from scdyn_core.evaluation.network.single_targets import single_targets
from scdyn_core.evaluation.screen.moments import Moments, moments
from scdyn_core.evaluation.screen.responses import welch as welch_p
from scdyn_core.evaluation.screen.screen import Screen

Matrix = NDArray[np.float64]
_LEVEL = 0.05
#: A change of a gene that varies nowhere is as sure as this at most.
_LARGEST_T = 1e6


def mean_shift(
    screen: Screen,
    targets: Mapping[str, Sequence[str]],
    doses: Mapping[str, float] | None = None,
) -> NetworkEstimate:
    """Return the change of every gene when a gene was perturbed, signed as an edge.

    A gene that falls when its source is knocked down is raised by it: the change is multiplied
    by the sign of the dose.

    Parameters
    ----------
    screen
        The cells.
    targets
        Genes that labels are aimed at, by label; labels of several genes are left out.
    doses
        Log change of the perturbed gene itself, by gene; only its sign is used. Where it is not
        given: its own change where that is sure (Welch's t test, p below .05), else what most of
        the others are, else a knock-down.

    Raises
    ------
    ConfigError
        When no label is aimed at one gene.
    """
    found = _compared(screen, targets)
    change = found.perturbed.mean - found.control.mean
    return found.estimate(change, doses, "change of mean log-normalised expression")


def welch(
    screen: Screen,
    targets: Mapping[str, Sequence[str]],
    doses: Mapping[str, float] | None = None,
) -> NetworkEstimate:
    """Return Welch's t of every change, signed as an edge; parameters as for ``mean_shift``.

    0 where a perturbation has a single cell: nothing is known of its spread.
    """
    found = _compared(screen, targets)
    change = found.perturbed.mean - found.control.mean
    error = np.sqrt(found.perturbed.squared_error + found.control.squared_error)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.where(change == 0, 0.0, change / error)
    t = np.clip(np.nan_to_num(t, nan=0.0), -_LARGEST_T, _LARGEST_T)
    return found.estimate(t, doses, "Welch t")


@dataclass(frozen=True)
class _Compared:
    """Moments of every perturbed gene's cells beside the control's."""

    sources: tuple[str, ...]
    genes: tuple[str, ...]
    perturbed: Moments
    control: Moments

    def estimate(
        self, change: Matrix, doses: Mapping[str, float] | None, unit: str
    ) -> NetworkEstimate:
        sign = self._own_signs()
        if doses is not None:
            given = np.array([doses.get(name, 0.0) for name in self.sources])
            sign = np.where(np.isfinite(given) & (given != 0), np.sign(given), sign)
        return NetworkEstimate(self.sources, self.genes, change * sign[:, None], unit)

    def _own_signs(self) -> Matrix:
        """Return whether perturbed genes rose (1) or fell (-1); most others tell, where unsure."""
        change = np.sign(self.perturbed.mean - self.control.mean)
        sure = welch_p(self.perturbed, self.control) < _LEVEL
        own = np.where(self_edges(self.sources, self.genes) & sure, change, 0.0).sum(axis=1)
        return np.where(own == 0, np.sign(own.sum()) or -1.0, own)


def _compared(screen: Screen, targets: Mapping[str, Sequence[str]]) -> _Compared:
    groups = single_targets(screen, targets)
    return _Compared(
        sources=tuple(groups),
        genes=screen.genes,
        perturbed=moments(screen.values, list(groups.values())),
        control=moments(screen.values, [screen.reference]),
    )
