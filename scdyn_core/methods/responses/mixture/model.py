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
from functools import lru_cache

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
#: Nodes over which ``u`` is summed where templates bend.
NODES = 5


@lru_cache
def _rule(nodes: int) -> tuple[Matrix, Matrix]:
    """Return nodes and weights of the Gauss-Hermite rule; the same arrays every time."""
    found, weights = hermegauss(nodes)
    return found, weights


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
        nodes, weights = _rule(NODES if terms > 1 else 1)
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
