"""What a perturbation changes in its cells against their matched control cells.

Symbols: n cells; K perturbations; G genes; T nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.split import Part
from scdyn_core.evaluation.perturbation.cells import dense
from scdyn_core.methods.perturbations.matching import Expression, How, Matched, match_controls
from scdyn_core.methods.perturbations.matching_space import matching_space
from scdyn_core.methods.perturbations.values import ScreenCells

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class MatchedChange:
    """Changes of log-normalised expression against matched controls.

    Attributes
    ----------
    perturbations
        Names, length K, the control not among them.
    cells
        Cells of every perturbation, shape ``(K,)``.
    mean
        Mean change, signed, shape ``(K, G)``.
    median_size
        Median over the cells of the absolute change, shape ``(K, G)``.
    se
        Standard error of the mean change, of the perturbed cells and the controls they share,
        shape ``(K, G)``.
    null_mean, null_median_size, null_se
        The same of control cells matched with other control cells, shape ``(G,)``.
    """

    perturbations: tuple[str, ...]
    cells: NDArray[np.int64]
    mean: Matrix
    median_size: Matrix
    se: Matrix
    null_mean: Matrix
    null_median_size: Matrix
    null_se: Matrix

    @property
    def centred(self) -> Matrix:
        """Mean change beyond that between control cells, signed, shape ``(K, G)``."""
        return self.mean - self.null_mean

    @property
    def z(self) -> Matrix:
        """Centred change in standard errors; 0 where a gene never varies, shape ``(K, G)``."""
        error = np.hypot(self.se, self.null_se)
        score: Matrix = np.divide(self.centred, error, out=np.zeros_like(error), where=error > 0)
        return score


def matched_change(values: Expression, matched: Matched) -> MatchedChange:
    """Return the change of every perturbation.

    Parameters
    ----------
    values
        Log-normalised expression of the cells that were matched, CSR of shape ``(n, G)``.
    matched
        Their control cells.
    """
    names = tuple(sorted(set(map(str, matched.labels)) - {matched.control}))
    controls = dense(values[matched.controls])
    own = controls.var(axis=0, ddof=1)
    found = [_of(values, matched, name, controls, own) for name in (*names, matched.control)]
    mean, median, se = (np.array([one[part] for one in found]) for part in range(3))
    return MatchedChange(
        names,
        np.array([(matched.labels == name).sum() for name in names], dtype=np.int64),
        mean[:-1], median[:-1], se[:-1], mean[-1], median[-1], se[-1],
    )  # fmt: skip


def _of(
    values: Expression, matched: Matched, name: str, controls: Matrix, variance: Matrix
) -> tuple[Matrix, Matrix, Matrix]:
    rows = np.flatnonzero(matched.labels == name)
    cells, weights = dense(values[rows]), matched.weights[rows]
    change = cells - weights @ controls
    # Cells that are matched with the same controls share their noise.
    used = np.asarray(weights.mean(axis=0)).ravel()
    error = cells.var(axis=0, ddof=min(1, len(rows) - 1)) / len(rows)
    return (
        change.mean(axis=0),
        np.median(np.abs(change), axis=0),
        np.sqrt(error + np.square(used).sum() * variance),
    )


def published_target(
    cells: ScreenCells, nodes: Sequence[str], how: How = "published", seed: int = 0
) -> NDArray[np.float32]:
    """Return what the published alignment is drawn to: absolute changes of single cells.

    ``|log-normalised x - matched control|`` in the order of the cells. Cells are matched within
    their part of the split, cells that are adapted to with the training part, control cells with
    other control cells.

    Parameters
    ----------
    cells
        The cells that take part.
    nodes
        Names of the perturbed genes, length T.
    how
        How cells are matched; ``published`` in the space of the nodes themselves and with one
        control a cell, everything else in components without them.
    seed
        Draws control cells.

    Returns
    -------
    ndarray of shape (n, T)
        ``nan`` for a node that is not measured.
    """
    place = {gene: column for column, gene in enumerate(cells.genes)}
    measured = np.array([node in place for node in nodes], dtype=bool)
    expression = dense(cells.values[:, [place[node] for node in nodes if node in place]])
    matched = match_controls(
        expression if how == "published" else space_of(cells, seed),
        cells.labelled.perturbation,
        cells.labelled.control,
        how,
        seed,
        compared_within(cells.part),
    )
    target = np.full((len(expression), len(nodes)), np.nan, dtype=np.float32)
    target[:, measured] = np.abs(expression - matched.counterparts(expression))
    return target


def space_of(cells: ScreenCells, seed: int) -> Matrix:
    """Return the space in which the cells of a screen are matched, shape ``(n, d)``."""
    control = cells.labelled.perturbation == cells.labelled.control
    targeted = np.isin(np.array(cells.genes, dtype=object), _targets(cells))
    return matching_space(cells.values, control & (cells.part == "train"), targeted, seed)


def compared_within(part: NDArray[np.str_]) -> NDArray[np.str_]:
    """Return the part of the split whose controls a cell is compared with, shape ``(n,)``."""
    learned: Part = "train"
    return np.where(part == "adapt", learned, part)


def _targets(cells: ScreenCells) -> list[str]:
    return sorted({gene for genes in cells.labelled.genes.values() for gene in genes})
