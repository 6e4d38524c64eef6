"""Pseudobulk of every perturbation, and its average effect on every gene."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.screen.moments import moments
from scdyn_core.evaluation.screen.screen import Screen

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class AverageEffects:
    """Average treatment effects: differences of mean log-normalised expression to control.

    Attributes
    ----------
    perturbations, genes
        Names, lengths ``K`` and ``G``.
    cells
        Cells of every perturbation, shape ``(K,)``.
    effect, se
        Shape ``(K, G)``; the standard error is ``nan`` for a perturbation of one cell.
    """

    perturbations: tuple[str, ...]
    genes: tuple[str, ...]
    cells: NDArray[np.int64]
    effect: Matrix
    se: Matrix

    def frame(self) -> pd.DataFrame:
        """Return the effects, perturbations × genes."""
        index = pd.Index(self.perturbations, name="perturbation", dtype=object)
        return pd.DataFrame(self.effect, index=index, columns=pd.Index(self.genes, dtype=object))


def pseudobulk(screen: Screen) -> pd.DataFrame:
    """Return mean normalised counts, perturbations (the control first, if any) × genes."""
    names = (*([] if screen.control is None else [screen.control]), *screen.names)
    mean = moments(screen.values, [screen.rows[n] for n in names], logarithmic=False).mean
    index = pd.Index(names, name="perturbation", dtype=object)
    return pd.DataFrame(mean, index=index, columns=pd.Index(screen.genes, dtype=object))


def average_effects(screen: Screen) -> AverageEffects:
    """Return the average effect of every perturbation on every gene."""
    found = moments(screen.values, [screen.reference, *(screen.rows[n] for n in screen.names)])
    error = found.squared_error
    return AverageEffects(
        perturbations=screen.names,
        genes=screen.genes,
        cells=found.cells[1:, 0].astype(np.int64),
        effect=found.mean[1:] - found.mean[0],
        se=np.sqrt(error[1:] + error[0]),
    )
