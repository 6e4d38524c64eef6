r"""Genes as noisy, scaled and slightly shifted copies of a few response templates.

A gene ``i`` of class ``k`` follows ``y_it = c_i + o_t + a (f_kt + u g_kt) + e_it`` with its own
level ``c_i`` (flat prior), an amplitude ``a`` on a grid, how early or late it is ``u ~ N(0, 1)``,
and noise ``e_it ~ N(0, s_it² + n²)``: what its cells say about the error of its mean, and a
scatter ``n`` common to all. Class 0 does not respond: ``f_0 = g_0 = 0``. The level and ``u`` are
integrated out in closed form, amplitude and class summed over.

Symbols and shapes: ``y, s`` (G, T); ``o`` (T,); ``f, g`` (K, T); ``a`` (J,); ``w`` (K, J) the
logarithm of the probability of class and amplitude; ``P = 1/(s² + n²)`` (G, T), 0 where nothing
was measured; ``R`` (G, K, J) responsibilities. ``M = diag(P) - P Pᵀ/ΣP`` is the precision that
is left once the level is integrated out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Mixture:
    """Templates and all that goes with them; symbols of the module."""

    o: Matrix
    f: Matrix
    g: Matrix
    a: Matrix
    w: Matrix
    n: Matrix

    def arrays(self) -> dict[str, Matrix]:
        """Return everything by name, for storing."""
        return {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Matrix]) -> Mixture:
        """Return the mixture that ``arrays`` stored."""
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})


@dataclass(frozen=True)
class Measured:
    """Curves as the mixture reads them.

    Attributes
    ----------
    y
        log2 expression, shape ``(G, T)``; any finite number where nothing was measured.
    P
        Precision, shape ``(G, T)``.
    total
        Sum of the precision over times, shape ``(G,)``.
    constant
        What the logarithm of the likelihood has in every class, shape ``(G,)``.
    """

    y: Matrix
    P: Matrix
    total: Matrix
    constant: Matrix

    @classmethod
    def of(cls, y: Matrix, se: Matrix, n: float) -> Measured:
        """Read means and standard errors; an infinite one says that nothing was measured."""
        precision = 1.0 / (se**2 + n**2)
        total = precision.sum(axis=1)
        known = precision > 0
        logs = np.log(np.where(known, precision, 1.0)).sum(axis=1)
        constant = 0.5 * (logs - np.log(total) - (known.sum(axis=1) - 1) * np.log(2 * np.pi))
        return cls(np.where(known, y, 0.0), precision, total, constant)

    def against(self, values: Matrix) -> Matrix:
        """Return ``M values`` of every gene; shapes ``(G, T)``."""
        weighted = self.P * values
        mean = weighted.sum(axis=1, keepdims=True) / self.total[:, None]
        return weighted - self.P * mean

    def between(self, left: Matrix, right: Matrix) -> Matrix:
        """Return ``leftᵀ M right`` of every gene and class; arguments ``(K, T)``."""
        together = self.P @ (left * right).T
        product: Matrix = together - (self.P @ left.T) * (self.P @ right.T) / self.total[:, None]
        return product

    def summed(self, weights: Matrix) -> Matrix:
        """Return the sum over genes of ``weights M``, shape ``(T, T)``; weights ``(G,)``."""
        inner = (self.P * (weights / self.total)[:, None]).T @ self.P
        return np.asarray(np.diag(weights @ self.P) - inner)


@dataclass(frozen=True)
class Posterior:
    """What the mixture thinks of every gene.

    Attributes
    ----------
    R
        Probability of class and amplitude, shape ``(G, K, J)``.
    u, uu
        Mean of ``u`` and of ``u²`` in each, shape ``(G, K, J)``.
    log_likelihood
        Of every gene, shape ``(G,)``.
    """

    R: Matrix
    u: Matrix
    uu: Matrix
    log_likelihood: Matrix

    @property
    def membership(self) -> Matrix:
        """Return the probability of every class, shape ``(G, K)``."""
        return np.asarray(self.R.sum(axis=2))


def posterior(mixture: Mixture, measured: Measured) -> Posterior:
    """Weigh every class and amplitude for every gene (the E-step)."""
    f, g, a = mixture.f, mixture.g, mixture.a
    difference = measured.y - mixture.o
    held = measured.against(difference)
    yy = (held * difference).sum(axis=1)[:, None, None]
    yf, yg = (held @ f.T)[:, :, None], (held @ g.T)[:, :, None]
    ff, gg, fg = (
        measured.between(left, right)[:, :, None] for left, right in ((f, f), (g, g), (f, g))
    )
    spread = 1.0 + a**2 * gg
    pull = a * (yg - a * fg)
    joint = (
        measured.constant[:, None, None]
        - 0.5 * (yy - 2 * a * yf + a**2 * ff - pull**2 / spread + np.log(spread))
        + mixture.w
    )
    evidence = logsumexp(joint.reshape(len(joint), -1), axis=1)
    u = pull / spread
    return Posterior(np.exp(joint - evidence[:, None, None]), u, 1.0 / spread + u**2, evidence)
