"""Ridge regression of the principal components of changes on what is known of the targets.

A perturbation is described by which targets it has (one column a target) and by where they lie
among the genes: their loadings on the components of the learned cells, 0 for a target that is not
measured. Combinations add up. Only the second part says something of a target never seen.

Source of the idea: Ahlmann-Eltze, Huber and Anders, Nature Methods 22 (2025) 1657.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack, issparse, vstack
from sklearn.decomposition import PCA
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, KFold

from scdyn_core.evaluation.perturbation.cell_space import CellSpace
from scdyn_core.evaluation.perturbation.cells import (
    Cells,
    Indices,
    Matrix,
    Values,
    group_means,
)
from scdyn_core.evaluation.perturbation.task import PartedScreen, Prediction, Task

#: Components of the changes; penalties that are tried; perturbations it takes; folds at most.
COMPONENTS, LEAST_PERTURBATIONS, MOST_FOLDS = 15, 4, 20
PENALTIES = np.geomspace(1e-2, 1e4, 13)
#: Rows and columns up to which features are solved for directly; it takes their cube in time.
_MOST_DENSE = 1000

Split = tuple[Indices, Indices]


def ridge_on_components(screen: PartedScreen, task: Task, *, seed: int) -> dict[str, Prediction]:
    """Return the predictions of a ridge; none where fewer than four perturbations are known.

    The penalty is chosen among learned cells, asking what the task asks. Where a perturbation has
    cells of its own to look at: on one half of the cells, told from the other half. For unseen
    combinations: leaving out known combinations, or if there are fewer than four, as above. For
    unseen targets: leaving out known perturbations, one at a time (twenty parts above twenty).
    """
    names, changes = screen.known.names, screen.known.values
    if len(names) < LEAST_PERTURBATIONS:
        return {}
    components = min(COMPONENTS, len(names) - 1, changes.shape[1])
    pca = PCA(components, svd_solver="full" if len(names) <= 500 else "randomized",
              random_state=seed).fit(changes)  # fmt: skip
    describe = _Description.of(screen, seed)
    features, scores = describe(names), pca.transform(changes)
    splits = _left_out(screen, task, seed)
    if splits:
        penalty = _best_penalty(features, scores, splits)
    else:
        halves = [pca.transform(half) for half in _halves(screen, seed)]
        both = np.arange(2 * len(names)).reshape(2, -1)
        splits = [(both[0], both[1]), (both[1], both[0])]
        stack = vstack if issparse(features) else np.vstack
        penalty = _best_penalty(stack([features] * 2), np.vstack(halves), splits)
    model = Ridge(penalty).fit(features, scores)
    said = model.predict(describe(screen.perturbations)).reshape(-1, components)
    found = pca.inverse_transform(said)
    return {
        name: Prediction(change) for name, change in zip(screen.perturbations, found, strict=True)
    }


def _best_penalty(features: Matrix, scores: Values, splits: list[Split]) -> float:
    search = GridSearchCV(
        Ridge(), {"alpha": PENALTIES}, scoring="neg_mean_squared_error", cv=splits, refit=False
    )
    return float(search.fit(features, scores).best_params_["alpha"])


def _left_out(screen: PartedScreen, task: Task, seed: int) -> list[Split]:
    """Return which perturbations are told from which; nothing where halves of cells are."""
    names = screen.known.names
    if all(name in screen.known.place for name in screen.perturbations):
        return []
    asked = np.arange(len(names))
    if task == "combination":
        asked = np.array([row for row in asked if len(screen.design[names[row]]) > 1], dtype=int)
        if len(asked) < LEAST_PERTURBATIONS:
            return []
    folds = KFold(min(len(asked), MOST_FOLDS), shuffle=True, random_state=seed).split(asked)
    return [(np.setdiff1d(np.arange(len(names)), asked[test]), asked[test]) for _, test in folds]


def _halves(screen: PartedScreen, seed: int) -> list[Values]:
    """Return the changes of every known perturbation in two halves of its cells."""
    parts = [part for part in (screen.learned, screen.adapted) if part is not None]
    control = screen.learned.mean(screen.control)
    halves: list[list[Values]] = [[], []]
    for part in parts:
        names = [name for name in part.names if name in screen.known.place]
        second = _second_half(part, names, seed)
        for half in (0, 1):
            number = np.full(len(part.labels), -1)
            for row, name in enumerate(names):
                cells = part.rows(name)
                number[cells[second[cells] == half]] = row
            halves[half].append(group_means(part.values, number, len(names)).mean - control)
    return [np.vstack(half) for half in halves]


def _second_half(cells: Cells, names: Sequence[str], seed: int) -> Indices:
    """Return 1 for a random half of the cells of every label, 0 for the other."""
    rng = np.random.default_rng(seed)
    second = np.zeros(len(cells.labels), dtype=np.int64)
    for name in names:
        rows = cells.rows(name)
        second[rng.permutation(rows)[: len(rows) // 2]] = 1
    return second


class _Description:
    """Turns perturbations into features: an indicator a known target, then loadings of genes."""

    def __init__(self, screen: PartedScreen, loadings: Values) -> None:
        self._design = screen.design
        self._loadings = loadings
        known = sorted({target for name in screen.known.names for target in screen.design[name]})
        self._column = {target: number for number, target in enumerate(known)}
        self._gene = {gene: number for number, gene in enumerate(screen.genes)}
        # As large, on average, as the indicator of a target: one penalty is for both.
        size = np.square(self.loadings(screen.known.names)).sum(axis=1)
        if (size > 0).any():
            self._loadings = self._loadings / np.sqrt(size[size > 0].mean())

    @classmethod
    def of(cls, screen: PartedScreen, seed: int) -> _Description:
        """Take the loadings from the components of the learned cells."""
        space = CellSpace.of(screen, seed=seed)
        return cls(screen, space.loadings * space.deviation)

    def __call__(self, names: Sequence[str]) -> Matrix:
        """Return the features of some perturbations, one row each."""
        carried = [
            (row, self._column[target])
            for row, name in enumerate(names)
            for target in self._design[name]
            if target in self._column
        ]
        rows, columns = np.array(carried, dtype=np.int64).reshape(-1, 2).T
        shape = (len(names), len(self._column))
        targets = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
        features = hstack([targets, csr_matrix(self.loadings(names))], format="csr")
        return features.toarray() if max(features.shape) <= _MOST_DENSE else features

    def loadings(self, names: Sequence[str]) -> Values:
        """Return where the measured targets lie, summed, ``(n, d)``."""
        place = np.zeros((len(names), self._loadings.shape[1]))
        for row, name in enumerate(names):
            genes = [self._gene[target] for target in self._design[name] if target in self._gene]
            place[row] = self._loadings[genes].sum(axis=0)
        return place
