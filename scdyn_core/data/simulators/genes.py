"""From a latent path to molecules: transcription, splicing, degradation, and counting them.

Symbols: ``z`` latent ``(n, d)``, ``alpha`` transcription rate ``(n, g)``, ``u``/``s`` unspliced
and spliced molecules ``(n, g)``, ``beta``/``gamma`` splicing and degradation rates ``(g,)``, all
rates per hour. Kinetics: La Manno et al., Nature 2018.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Genes:
    """Rates of every gene and how its promoter reads the latent state.

    Attributes
    ----------
    weights
        Direction in latent space that a promoter responds to, shape ``(d, g)``.
    offset
        Logit of the promoter activity at latent zero, shape ``(g,)``.
    maximum
        Transcription rate of a fully active promoter, molecules an hour, shape ``(g,)``.
    splicing, degradation
        Rates per hour, shape ``(g,)``.
    """

    weights: Matrix
    offset: Matrix
    maximum: Matrix
    splicing: Matrix
    degradation: Matrix

    @classmethod
    def draw(
        cls,
        n_genes: int,
        n_latent: int,
        rng: np.random.Generator,
        *,
        gain: float,
        splicing: float,
        degradation: float,
        rate_sd: float,
        abundance_sd: float,
    ) -> Genes:
        """Draw genes that read random directions of the latent space."""
        directions = rng.normal(size=(n_latent, n_genes))
        directions /= np.linalg.norm(directions, axis=0)
        return cls(
            weights=directions * gain * rng.uniform(0.5, 1.5, n_genes),
            offset=rng.normal(0.0, 0.5, n_genes),
            maximum=np.exp(rng.normal(0.0, abundance_sd, n_genes)),
            splicing=splicing * np.exp(rng.normal(0.0, rate_sd, n_genes)),
            degradation=degradation * np.exp(rng.normal(0.0, rate_sd, n_genes)),
        )

    def transcription(self, z: Matrix) -> Matrix:
        """Return ``alpha``: a saturating (logistic) response to the latent state."""
        activity: Matrix = expit(z @ self.weights + self.offset)
        return self.maximum * activity

    def molecules(self, path: Matrix, hours: Matrix) -> tuple[Matrix, Matrix]:
        """Return ``(u, s)`` at the end of every path; cells start in steady state.

        ``du/dt = alpha(z(t)) - beta u`` and ``ds/dt = beta u - gamma s`` are integrated with
        the trapezoidal rule, which is stable for any splicing rate.

        Parameters
        ----------
        path
            Latent positions, shape ``(n_steps + 1, n, d)``.
        hours
            Length of every path, shape ``(n,)``.
        """
        half = (hours / (len(path) - 1) / 2)[:, None]
        keep_u, keep_s = half * self.splicing, half * self.degradation
        alpha = self.transcription(path[0])
        u, s = alpha / self.splicing, alpha / self.degradation
        for z in path[1:]:
            alpha_next = self.transcription(z)
            u_next = ((1 - keep_u) * u + half * (alpha + alpha_next)) / (1 + keep_u)
            s = ((1 - keep_s) * s + keep_u * (u + u_next)) / (1 + keep_s)
            u, alpha = u_next, alpha_next
        return u, s


def count(
    molecules: tuple[Matrix, Matrix], depth: float, depth_sd: float, rng: np.random.Generator
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Capture molecules of every cell at its own depth and count them (Poisson).

    Parameters
    ----------
    molecules
        Unspliced and spliced molecules, each ``(n, g)``.
    depth
        Mean spliced counts per cell.
    depth_sd
        Standard deviation of the logarithm of a cell's capture rate.
    """
    unspliced, spliced = molecules
    capture = depth / spliced.sum(axis=1).mean()
    capture = capture * np.exp(rng.normal(-(depth_sd**2) / 2, depth_sd, (len(spliced), 1)))
    return (
        rng.poisson(unspliced * capture).astype(np.int32),
        rng.poisson(spliced * capture).astype(np.int32),
    )
