"""What the mixture thinks of every gene once it has seen its curve; symbols as in ``model``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scdyn_core.methods.responses.mixture.model import Matrix, Measured, Mixture

#: Numbers that are held at a time while genes are weighed: about a megabyte stays in the cache.
_BLOCK = 2**17


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
    """Weigh every class, node and amplitude for every gene (the E-step).

    Genes are weighed in blocks: what is made for a gene, ``(K, Q, J)``, is far larger than what
    is kept of it.
    """
    a = mixture.a
    s = mixture.shapes()
    k, q, times = s.shape
    s = s.reshape(k * q, times)
    difference = measured.y - mixture.o
    held = measured.against(difference)
    ys = held @ s.T
    ss = measured.P @ (s**2).T - (measured.P @ s.T) ** 2 / measured.total[:, None]
    prior = (mixture.w[:, None, :] + np.log(mixture.basis()[1])[:, None]).reshape(k * q, -1)
    moments = np.stack([np.ones_like(a), a, a**2], axis=1)
    genes, size = len(ys), max(_BLOCK // prior.size, 1)
    found, evidence = np.empty((3, genes, k * q)), np.empty(genes)
    weights = np.zeros(prior.size)
    for start in range(0, genes, size):
        rows = slice(start, start + size)
        joint = ys[rows, :, None] * a
        joint -= ss[rows, :, None] * (0.5 * a**2)
        joint += prior
        top = joint.max(axis=(1, 2))
        joint -= top[:, None, None]
        np.exp(joint, out=joint)
        by_node = np.moveaxis(joint @ moments, 2, 0)
        total = by_node[0].sum(axis=1)
        found[:, rows] = by_node / total[:, None]
        evidence[rows] = top + np.log(total)
        weights += (1.0 / total) @ joint.reshape(len(total), -1)
    share, once, twice = found.reshape(3, genes, k, q)
    return Posterior(
        membership=share.sum(axis=2),
        weights=weights.reshape(k, q, -1).sum(axis=1),
        once=once,
        twice=twice,
        log_likelihood=evidence + measured.constant - 0.5 * (held * difference).sum(axis=1),
    )


def about_level(mixture: Mixture, measured: Measured, found: Posterior) -> tuple[Matrix, Matrix]:
    """Return the expectation of ``a (s - its mean over the gene's times)`` and of its square.

    The level of a gene is what its curve leaves over once the response is taken off: it goes
    down where the response goes up. Shapes ``(G, T)``.
    """
    s = mixture.shapes().reshape(-1, len(mixture.o))
    genes = len(found.once)
    once, twice = found.once.reshape(genes, -1), found.twice.reshape(genes, -1)
    own = (measured.P @ s.T) / measured.total[:, None]
    mean = once @ s - (once * own).sum(axis=1, keepdims=True)
    square = twice @ s**2 - 2 * (twice * own) @ s + (twice * own**2).sum(axis=1, keepdims=True)
    return mean, square


def expected_response(mixture: Mixture, found: Posterior) -> Matrix:
    """Return the expectation of ``a s`` at every time, shape ``(G, T)``."""
    s = mixture.shapes().reshape(-1, len(mixture.o))
    return np.asarray(found.once.reshape(len(found.once), -1) @ s)
