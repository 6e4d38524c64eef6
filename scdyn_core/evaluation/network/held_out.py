"""What perturbations do to genes in cells no estimate has seen, pair by pair.

The statistical evaluation of CausalBench (Chevalley et al., 2025), with p values adjusted over all
pairs and with all pairs instead of 500 drawn ones. It measures total effects, along all paths, so
that an estimator of mean shifts is favoured by construction: it estimates nearly what is measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.network.estimate import NetworkEstimate, self_edges
from scdyn_core.evaluation.network.single_targets import single_targets
from scdyn_core.evaluation.screen.false_discovery import adjust
from scdyn_core.evaluation.screen.screen import Expression, Rows, Screen

Matrix = NDArray[np.float64]
LEVEL = 0.05
MOST_CONTROLS = 5000
#: Perturbed genes compared at once: bounds the memory, not the result.
_SOURCES = 100


@dataclass(frozen=True)
class HeldOutEffects:
    """Perturbed cells against control cells, for every perturbed gene and every gene.

    Attributes
    ----------
    sources, targets
        Perturbed genes and measured genes.
    p_adjusted
        Mann-Whitney p values adjusted over all pairs (Benjamini and Hochberg), shape ``(S, G)``;
        ``nan`` for a gene with itself.
    wasserstein
        1-Wasserstein distance of log-normalised expression, shape ``(S, G)``.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    p_adjusted: Matrix
    wasserstein: Matrix

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Pairs that are scored: all but those of a gene with itself, ``(S, G)``."""
        return ~self_edges(self.sources, self.targets)

    @property
    def significant(self) -> NDArray[np.bool_]:
        """Pairs whose adjusted p value is below .05, ``(S, G)``."""
        return np.nan_to_num(self.p_adjusted, nan=1.0) < LEVEL

    def pairs(self) -> int:
        """Return the number of pairs that are scored."""
        return int(self.scored.sum())

    def mean_wasserstein(self, estimate: NetworkEstimate, edges: int) -> float:
        """Return the mean distance over the strongest edges of an estimate.

        Edges that tie count by the share of them that is taken; ``nan`` without any edge.
        """
        taken = self._taken(estimate, edges)
        total = taken.sum()
        if total == 0:
            return float("nan")
        return float((taken * self.wasserstein[self.scored]).sum() / total)

    def false_omission_rate(self, estimate: NetworkEstimate, edges: int) -> float:
        """Return the share of significant pairs among those that are not predicted.

        ``nan`` where all pairs are predicted.
        """
        left = 1.0 - self._taken(estimate, edges)
        total = left.sum()
        if total < 0.5:
            return float("nan")
        return float((left * self.significant[self.scored]).sum() / total)

    def edges_of(self, estimate: NetworkEstimate) -> int:
        """Return how many of the scored pairs an estimate has as edges."""
        return int(np.count_nonzero(estimate.of(self.sources, self.targets)))

    def _taken(self, estimate: NetworkEstimate, edges: int) -> Matrix:
        """Return the share of every scored pair that is among the strongest edges."""
        strength = np.abs(estimate.of(self.sources, self.targets)[self.scored])
        edges = min(edges, int(np.count_nonzero(strength)))
        taken = np.zeros(len(strength))
        if edges == 0:
            return taken
        weakest = np.partition(strength, len(strength) - edges)[len(strength) - edges]
        above, tied = strength > weakest, strength == weakest
        taken[above] = 1.0
        taken[tied] = (edges - above.sum()) / tied.sum()
        return taken


def held_out_effects(
    screen: Screen, targets: Mapping[str, Sequence[str]], *, seed: int = 0
) -> HeldOutEffects:
    """Compare the cells of every perturbed gene with the control cells, gene by gene.

    Parameters
    ----------
    screen
        Cells that no estimate has seen.
    targets
        Genes that labels are aimed at, by label; labels of several genes are left out.
    seed
        Draws the control cells where there are more than 5,000.

    Raises
    ------
    ConfigError
        When no label is aimed at one gene.
    """
    groups = single_targets(screen, targets)
    sources = tuple(groups)
    control = screen.reference
    if len(control) > MOST_CONTROLS:
        control = np.random.default_rng(seed).choice(control, MOST_CONTROLS, replace=False)
    p = np.empty((len(sources), len(screen.genes)))
    wasserstein = np.empty_like(p)
    for start in range(0, len(sources), _SOURCES):
        block = slice(start, start + _SOURCES)
        rows = [groups[name] for name in sources[block]]
        p[block], wasserstein[block] = _compared(screen.values, rows, control)
    p[self_edges(sources, screen.genes)] = np.nan
    adjusted = adjust(p.ravel()).reshape(p.shape)
    return HeldOutEffects(sources, screen.genes, adjusted, wasserstein)


def _compared(values: Expression, groups: Sequence[Rows], control: Rows) -> tuple[Matrix, Matrix]:
    """Return p values and distances, ``(K, G)`` each."""
    sizes = np.array([len(control), *map(len, groups)])
    group = np.repeat(np.arange(len(sizes)), sizes)
    columns = values[np.concatenate([control, *groups])].tocsc()
    p = np.empty((len(groups), columns.shape[1]))
    distance = np.empty_like(p)
    for gene in range(columns.shape[1]):
        inside = slice(columns.indptr[gene], columns.indptr[gene + 1])
        seen, which = columns.data[inside], group[columns.indices[inside]]
        level, place = np.unique(np.append(seen, 0.0), return_inverse=True)
        cells = np.bincount(
            which * len(level) + place[:-1], minlength=len(sizes) * len(level)
        ).reshape(len(sizes), len(level))
        # Sparse matrices do not store the zeros.
        cells[:, place[-1]] += sizes - cells.sum(axis=1)
        counted = cells.astype(np.float64)
        p[:, gene] = _mann_whitney(counted[1:], counted[0])
        distance[:, gene] = _wasserstein(counted[1:], counted[0], level)
    return p, distance


def _mann_whitney(perturbed: Matrix, control: Matrix) -> Matrix:
    """Return two-sided p values from the cells at every distinct level, shape ``(K,)``.

    The normal approximation, corrected for ties and continuity.

    Parameters
    ----------
    perturbed, control
        Cells at every level in ascending order, shapes ``(K, V)`` and ``(V,)``.
    """
    from scipy.special import ndtr

    n, m = control.sum(), perturbed.sum(axis=1)
    below = np.cumsum(control) - 0.5 * control
    u = perturbed @ below
    tied = perturbed + control
    ties = (tied**3 - tied).sum(axis=1)
    total = n + m
    variance = n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)))
    spread = np.sqrt(np.maximum(variance, 0.0))
    above = np.maximum(np.abs(u - 0.5 * n * m) - 0.5, 0.0)
    z = np.divide(above, spread, out=np.zeros_like(above), where=spread > 0)
    return np.asarray(np.minimum(2.0 * ndtr(-z), 1.0))


def _wasserstein(perturbed: Matrix, control: Matrix, level: Matrix) -> Matrix:
    """Return 1-Wasserstein distances from the cells at every distinct level, shape ``(K,)``."""
    one = np.cumsum(perturbed, axis=1) / perturbed.sum(axis=1, keepdims=True)
    other = np.cumsum(control) / control.sum()
    return np.asarray(np.abs(one - other)[:, :-1] @ np.diff(level))
