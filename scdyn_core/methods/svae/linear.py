"""Linear methods in the place of the network: principal and independent components."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from scdyn_core.evaluation.disentanglement.sparse_rotation import sparse_frame
from scdyn_core.evaluation.screen.effects import principal_components
from scdyn_core.methods.perturbations.values import ScreenCells

Matrix = NDArray[np.float64]
PCA, ICA = "PCA + rotation", "ICA"


def linear_latents(cells: ScreenCells, latents: int, seed: int) -> dict[str, Matrix]:
    """Return latents of all cells by each linear method, shape ``(n, L)``; learned on training.

    Genes are on one scale first. Principal components are whitened within perturbations and
    turned to where perturbations are sparse, as the network's latents are.
    """
    learned = cells.part == "train"
    scores = _components(cells, latents, learned, seed)
    return {
        PCA: turned(scores, cells, learned, seed),
        ICA: _independent(scores, learned, seed),
    }


def turned(scores: Matrix, cells: ScreenCells, learned: NDArray[np.bool_], seed: int) -> Matrix:
    """Return latents whitened within perturbations and turned to where those are sparse."""
    means, within = group_moments(scores, cells, learned)
    control = cells.labelled.control
    others = np.stack([mean for name, mean in means.items() if name != control])
    origin = None if control is None else means[control]
    return sparse_frame(others, within, seed=seed, control=origin).applied(scores)


def group_moments(
    scores: Matrix, cells: ScreenCells, learned: NDArray[np.bool_]
) -> tuple[dict[str, Matrix], Matrix]:
    """Return the mean of every perturbation and the covariance within, over some cells."""
    names, rows = np.unique(cells.labelled.perturbation[learned].astype(str), return_inverse=True)
    own = scores[learned]
    means = np.stack([own[rows == row].mean(axis=0) for row in range(len(names))])
    within = np.atleast_2d(np.cov((own - means[rows]).T))
    return dict(zip(map(str, names), means, strict=True)), within


def shifts(scores: Matrix, cells: ScreenCells, names: tuple[str, ...]) -> Matrix:
    """Return mean latents of perturbations, in sd within, from the control or the median.

    Perturbations that were not learned from are read from the cells to adapt to.
    """
    learned = np.isin(cells.part, ["train", "adapt"])
    means, within = group_moments(scores, cells, learned)
    control = cells.labelled.control
    every = np.stack(list(means.values()))
    origin = np.median(every, axis=0) if control is None else means[control]
    nothing = np.zeros(scores.shape[1])
    found = np.stack([means.get(name, origin + nothing) for name in names])
    return np.asarray((found - origin) / np.sqrt(np.diag(within)))


def _components(cells: ScreenCells, latents: int, learned: NDArray[np.bool_], seed: int) -> Matrix:
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler(with_mean=False).fit(cells.values[learned])
    return principal_components(scaler.transform(cells.values), learned, latents, seed)


def _independent(scores: Matrix, learned: NDArray[np.bool_], seed: int) -> Matrix:
    from sklearn.decomposition import FastICA
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        # Where nothing is independent it turns for ever; what it has is scored all the same.
        warnings.simplefilter("ignore", ConvergenceWarning)
        ica = FastICA(random_state=seed % 2**32, max_iter=500, whiten="unit-variance")
        ica.fit(scores[learned])
    return np.asarray(ica.transform(scores))
