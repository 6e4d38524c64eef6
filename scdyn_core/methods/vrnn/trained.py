"""A trained network as a model of responses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from scdyn_core.evaluation.clustering import soft
from scdyn_core.evaluation.clustering.consensus import consensus
from scdyn_core.methods.responses.model import ResponseModel
from scdyn_core.methods.responses.pseudobulk import Curves, Matrix
from scdyn_core.methods.vrnn.arrays import read
from scdyn_core.methods.vrnn.network import VrnnNetwork
from scdyn_core.methods.vrnn.paths import weighted_paths
from scdyn_core.reporter import Reporter

Clustering = Callable[[Matrix, int, int], Matrix]


def both(latent: Matrix, k: int, seed: int) -> Matrix:
    """Return mean memberships of k-means and of a Gaussian mixture, clusters matched.

    The mixture is better where classes differ in size and shape, k-means where they overlap.
    """
    each = [soft.gaussian_mixture(latent, k, seed), soft.k_means(latent, k, seed)]
    return consensus(each).memberships


#: Ways of dividing genes by their latents.
CLUSTERINGS: dict[str, Clustering] = {
    "consensus": both,
    "k-means": soft.k_means,
    "Gaussian mixture": soft.gaussian_mixture,
}
#: Genes followed at once: their paths are many.
BLOCK = 500


@dataclass(frozen=True)
class TrainedVrnn(ResponseModel):
    """One replicate.

    Attributes
    ----------
    network
        The trained network.
    shared
        What is removed from every gene before the network reads it, shape ``(T,)``.
    seed
        Of the paths.
    """

    network: VrnnNetwork
    shared: Matrix
    seed: int

    algorithms: ClassVar[tuple[str, ...]] = tuple(CLUSTERINGS)

    def offset(self, k: int) -> Matrix:
        """Return what was removed before training."""
        return self.shared

    def memberships(self, found: Curves, algorithm: str, k: int, seed: int) -> Matrix:
        """Cluster the stored posterior means."""
        return CLUSTERINGS[algorithm](self.latent(found, k), k, seed)

    def again(
        self, found: Curves, learned: Curves, algorithm: str, k: int, seed: int, reporter: Reporter
    ) -> Matrix:
        """Encode curves of other cells with the same network, and cluster anew."""
        return self.memberships(found, algorithm, k, seed)

    def criterion(self, found: Curves, algorithm: str, k: int, seed: int) -> float:
        """Return the criterion of the Gaussian mixture of the posterior means."""
        if algorithm == "k-means":
            return np.nan
        return float(soft.fit_mixture(self.latent(found, k), k, seed).bic)

    @torch.no_grad()
    def latent(self, found: Curves, k: int) -> Matrix:
        """Return posterior means: of every time side by side, or their mean over times."""
        x = torch.as_tensor(read(found, self.shared, self.network.config).x).float()
        mean = self.network.follow(x, sampled=False).mean
        whole = self.network.config.latent_summary == "all times"
        by_gene = mean.transpose(0, 1)
        return np.asarray((by_gene.flatten(1) if whole else by_gene.mean(1)).double().numpy())

    def predicted(self, found: Curves, k: int) -> tuple[Matrix, Matrix]:
        """Follow random paths through the times, and weigh them by what was measured."""
        values = read(found, self.shared, self.network.config)
        scatter = np.broadcast_to(values.scatter, values.x.shape)
        means, sds = [], []
        for start in range(0, len(values.x), BLOCK):
            rows = slice(start, start + BLOCK)
            x, variance, own = (
                torch.as_tensor(np.ascontiguousarray(each[rows])).float()
                for each in (values.x, values.variance, scatter)
            )
            mean, sd = weighted_paths(
                self.network, x, variance, own, self.network.config.samples, self.seed
            )
            means.append(mean.double().numpy())
            sds.append(sd.double().numpy())
        restored = values.scale.restored(np.concatenate(means)) + self.shared
        return restored, np.concatenate(sds) * values.scale.divisor
