"""What a sceptic would predict counts by: means of genes, means of types, principal components.

Each says the share of every gene in the counts of a cell; counts are negative binomial around
share times library, with the most likely dispersion of every gene in training cells.

Shapes: counts (n, G); shares (n, G), positive, rows of sum 1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.methods.scvi.dispersion import log_dispersion
from scdyn_core.preprocess.size_factors import Counts, size_normalise

Matrix = NDArray[np.float64]
Names = NDArray[np.str_]
#: Stands for the type of cells whose type is not known.
UNKNOWN = ""
#: Counts that are added to every gene of a group: a gene not seen may be seen.
ADDED = 1.0
#: Least share of a gene, in times its share in all cells, that components may predict.
FLOOR = 0.02


class Predictor(ABC):
    """Says from what is seen of a cell which counts it has."""

    name: str

    @abstractmethod
    def shares(self, seen: Counts, types: Names | None) -> Matrix:
        """Return the share of every gene.

        Parameters
        ----------
        seen
            Counts of the cells that may be looked at.
        types
            Of the cells; ``None`` where unknown.
        """


@dataclass(frozen=True)
class GeneMeans(Predictor):
    """All cells are alike but for their depth."""

    share: Matrix
    name: str = "gene means"

    @classmethod
    def fit(cls, train: Counts) -> GeneMeans:
        """Learn from training cells."""
        return cls(_share(train))

    def shares(self, seen: Counts, types: Names | None) -> Matrix:
        """Return the same shares for every cell."""
        return np.tile(self.share, (seen.shape[0], 1))


@dataclass(frozen=True)
class TypeMeans(Predictor):
    """All cells of a type are alike but for their depth; the type is given."""

    share: Matrix
    by_type: dict[str, Matrix]
    name: str = "means of the cell type"

    @classmethod
    def fit(cls, train: Counts, types: Names) -> TypeMeans:
        """Learn from training cells; a little of the mean of all steadies small types."""
        share = _share(train)
        return cls(share, {
            str(name): _share(train[np.flatnonzero(types == name)], share)
            for name in np.unique(types)
        })  # fmt: skip

    def shares(self, seen: Counts, types: Names | None) -> Matrix:
        """Return the shares of the type of every cell; of all cells where it is new."""
        assert types is not None
        return np.stack([self.by_type.get(str(name), self.share) for name in types])


@dataclass(frozen=True)
class Components(Predictor):
    """Principal components of log-normalised counts, decoded to shares."""

    share: Matrix
    mean: Matrix
    axes: Matrix
    gain: Matrix
    depth: float
    name: str = "PCA"

    @classmethod
    def fit(cls, train: Counts, components: int, depth: float, seed: int) -> Components:
        """Learn from training cells."""
        from sklearn.decomposition import PCA

        logs = np.asarray(size_normalise(train, depth).log1p().toarray())
        components = min(components, logs.shape[0] - 1, logs.shape[1] - 1)
        pca = PCA(components, random_state=seed % 2**32).fit(logs)
        decoded = np.maximum(np.expm1(pca.inverse_transform(pca.transform(logs))), 0.0)
        observed = np.asarray(size_normalise(train, depth).mean(axis=0)).ravel()
        # The mean of logs is not the log of the mean: without this every gene would be too low.
        gain = observed / np.maximum(decoded.mean(axis=0), 1e-12)
        return cls(_share(train), pca.mean_, pca.components_, gain, depth, f"PCA ({components})")

    def latent(self, seen: Counts) -> Matrix:
        """Return the components of cells, shape ``(n, L)``."""
        logs = size_normalise(seen, self.depth).log1p()
        return np.asarray(logs @ self.axes.T - self.mean @ self.axes.T)

    def shares(self, seen: Counts, types: Names | None) -> Matrix:
        """Return the shares that the components of every cell say."""
        decoded = np.expm1(self.latent(seen) @ self.axes + self.mean) * self.gain
        rates = np.maximum(decoded / self.depth, FLOOR * self.share)
        return np.asarray(rates / rates.sum(axis=1, keepdims=True))


def log_likelihood(
    predictor: Predictor, fitted: tuple[Counts, Counts], asked: tuple[Counts, Counts],
    types: tuple[Names | None, Names | None],
) -> Matrix:  # fmt: skip
    """Return the log likelihood of every cell in nats, shape ``(n,)``.

    Parameters
    ----------
    fitted
        Of training cells: counts that were looked at, and counts that dispersions are fitted to.
    asked
        Of other cells: counts that are looked at, and counts whose likelihood is asked for.
    types
        Of both.
    """
    from scipy.stats import nbinom

    (known, told), (seen, counts) = fitted, asked
    theta = np.exp(log_dispersion(told, _means(predictor, known, told, types[0])))
    means = _means(predictor, seen, counts, types[1])
    each = nbinom.logpmf(np.asarray(counts.toarray()), theta, theta / (theta + means))
    return np.asarray(each.sum(axis=1))


def _means(predictor: Predictor, seen: Counts, counts: Counts, types: Names | None) -> Matrix:
    library: Matrix = np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1.0)
    means: Matrix = library[:, None] * predictor.shares(seen, types)
    return means


def _share(counts: Counts, prior: Matrix | None = None) -> Matrix:
    total = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
    prior = np.full(len(total), 1.0 / len(total)) if prior is None else prior
    total = total + ADDED * len(total) * prior
    return np.asarray(total / total.sum())
