r"""Genes as noisy, scaled and slightly earlier or later copies of a few response templates.

A gene ``i`` of class ``k`` follows ``y_it = c_i + o_t + a s_k(u)_t + e_it`` with its own level
``c_i`` (flat prior, integrated out), an amplitude ``a`` on a grid, and noise
``e_it ~ N(0, se_it² + n²)``: what its cells say about the error of its mean, and a scatter ``n``
common to all. How early or late it is, ``u ~ N(0, 1)``, bends the template of its class:
``s_k(u) = f_k0 + u f_k1 + (u² - 1)/√2 f_k2``, summed over the nodes of a Gauss-Hermite rule.
Class 0 does not respond: ``f_0 = 0``.

Symbols and shapes: ``y, se`` (G, T); ``o`` (T,); ``f`` (K, B, T), the first ``B`` of the terms
above; ``a`` (J,); ``w`` (K, J) the logarithm of the probability of class and amplitude;
``P = 1/(se² + n²)`` (G, T), 0 where nothing was measured. ``M = diag(P) - P Pᵀ/ΣP`` is the
precision that is left once the level is integrated out. Heteroscedastic mixtures of scaled
templates are a case of mixtures of factor analysers (Ghahramani and Hinton 1996).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray
from scipy.special import logsumexp

Matrix = NDArray[np.float64]
#: Nodes over which ``u`` is summed where templates bend.
NODES = 5


@dataclass(frozen=True)
class Mixture:
    """Templates and all that goes with them; symbols of the module."""

    o: Matrix
    f: Matrix
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

    def basis(self) -> tuple[Matrix, Matrix]:
        """Return the terms of a template at every node of ``u`` ``(B, Q)``, and their weights."""
        terms = self.f.shape[1]
        nodes, weights = hermegauss(NODES if terms > 1 else 1)
        all_terms = np.stack([np.ones_like(nodes), nodes, (nodes**2 - 1.0) / np.sqrt(2.0)])
        return all_terms[:terms], weights / weights.sum()

    def shapes(self) -> Matrix:
        """Return the bent templates, shape ``(K, Q, T)``."""
        return np.asarray(np.einsum("bq,kbt->kqt", self.basis()[0], self.f))


@dataclass(frozen=True)
class Measured:
    """Curves as the mixture reads them.

    Attributes
    ----------
    y
        log2 expression, shape ``(G, T)``; zero where nothing was measured.
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
        return np.asarray(weighted - self.P * mean)

    def level(self, values: Matrix) -> Matrix:
        """Return the mean of ``values`` over times by precision, shape ``(G,)``."""
        return np.asarray((self.P * values).sum(axis=1) / self.total)

    def summed(self, weights: Matrix) -> Matrix:
        """Return the sum over genes of ``weights M``, shape ``(T, T)``; weights ``(G,)``."""
        inner = (self.P * (weights / self.total)[:, None]).T @ self.P
        return np.asarray(np.diag(weights @ self.P) - inner)


@dataclass(frozen=True)
class Posterior:
    """What the mixture thinks of every gene.

    Attributes
    ----------
    membership
        Probability of every class, shape ``(G, K)``.
    weights
        Genes' total weight in each class and amplitude, shape ``(K, J)``.
    once, twice
        Expectation of ``a`` and ``a²`` in each class and node, times its probability, shape
        ``(G, K, Q)``.
    log_likelihood
        Of every gene, shape ``(G,)``.
    """

    membership: Matrix
    weights: Matrix
    once: Matrix
    twice: Matrix
    log_likelihood: Matrix


def posterior(mixture: Mixture, measured: Measured) -> Posterior:
    """Weigh every class, node and amplitude for every gene (the E-step)."""
    a, rule = mixture.a, mixture.basis()[1]
    templates = mixture.shapes()
    k, q, times = templates.shape
    s = templates.reshape(k * q, times)
    difference = measured.y - mixture.o
    held = measured.against(difference)
    ys = held @ s.T
    ss = measured.P @ (s**2).T - (measured.P @ s.T) ** 2 / measured.total[:, None]
    joint = a * ys[:, :, None] - 0.5 * a**2 * ss[:, :, None]
    joint = joint.reshape(len(ys), k, q, len(a))
    joint += mixture.w[:, None, :] + np.log(rule)[:, None]
    evidence = logsumexp(joint.reshape(len(ys), -1), axis=1)
    joint -= evidence[:, None, None, None]
    R = np.exp(joint, out=joint)
    return Posterior(
        membership=R.sum(axis=(2, 3)),
        weights=R.sum(axis=(0, 2)),
        once=R @ a,
        twice=R @ a**2,
        log_likelihood=evidence + measured.constant - 0.5 * (held * difference).sum(axis=1),
    )


def expected_response(mixture: Mixture, found: Posterior) -> tuple[Matrix, Matrix]:
    """Return the expectation of ``a s`` and of its square at every time, each ``(G, T)``."""
    s = mixture.shapes().reshape(-1, len(mixture.o))
    genes = len(found.once)
    return found.once.reshape(genes, -1) @ s, found.twice.reshape(genes, -1) @ s**2
