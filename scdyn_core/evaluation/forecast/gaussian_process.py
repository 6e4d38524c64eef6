"""A Gaussian process over time for every gene, with what the training genes say of its kernel.

A gene's curve is a constant of unknown height plus a smooth process over the logarithm of time,
measured with its standard errors. A handful of times cannot tell how large and how fast the
changes of a gene are, so a grid of kernels is averaged, each weighed by how often training genes
needed it (empirical Bayes: the weights maximise the likelihood of the training genes) and by how
well it fits the gene's own other times.

Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), algorithm 2.1.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.special import logsumexp, softmax
from sklearn.gaussian_process.kernels import RBF

from scdyn_core.evaluation.clock import log_clock
from scdyn_core.evaluation.forecast.task import HiddenTime, Prediction, Values

#: Kernels: length scales as shares of the range of the clock, and sd as shares of the largest.
LENGTHS = (0.15, 0.3, 0.6, 1.2)
AMPLITUDES = (0.02, 0.1, 0.2, 0.4, 0.8)
#: Variance of a gene's level in units of the variance of the values: nothing is known of it.
_LEVEL = 100.0
#: Genes that the weights are learned from, at most, and rounds of doing so.
_MOST_GENES, _ROUNDS = 2000, 50


def gaussian_process(task: HiddenTime, seed: int) -> Prediction:
    """Predict the hidden time; above 2,000 training genes ``seed`` draws those learned from."""
    genes = np.arange(len(task.train))
    if len(genes) > _MOST_GENES:
        genes = np.random.default_rng(seed).choice(genes, _MOST_GENES, replace=False)
    kernels = _kernels(task)
    train, noise = task.train[genes], np.square(task.train_se[genes])
    evidence = np.stack([_condition(kernel, train, noise)[0] for kernel in kernels], axis=1)
    weights = _weights(evidence)

    without = np.delete(np.arange(len(task.times)), task.hidden)
    noise = np.square(task.others_se)
    among, across = np.ix_(without, without), (without, task.hidden)
    parts = [_condition(kernel[among], task.others, noise, kernel[across]) for kernel in kernels]
    evidence, mean, explained = (np.stack(part, axis=1) for part in zip(*parts, strict=True))
    share = softmax(evidence + np.log(weights), axis=1)
    prior = np.array([kernel[task.hidden, task.hidden] for kernel in kernels])
    centre = (share * mean).sum(axis=1)
    spread = np.square(mean - centre[:, None]) + np.maximum(prior - explained, 0.0)
    variance = (share * spread).sum(axis=1) + noise.mean(axis=1)
    return Prediction(centre, np.sqrt(variance))


def _kernels(task: HiddenTime) -> list[Values]:
    """Return covariance matrices ``(T, T)`` of the curves at all times."""
    clock = log_clock(task.times)[:, None]
    largest = float(np.abs(task.train - task.train.mean(axis=1, keepdims=True)).max())
    level = _LEVEL * max(float(task.train.var()), np.finfo(float).tiny)
    span = float(np.ptp(clock))
    return [
        level + (size * largest) ** 2 * RBF(length * span)(clock)
        for length, size in product(LENGTHS, AMPLITUDES)
    ]


def _condition(
    kernel: Values, curves: Values, noise: Values, to_hidden: Values | None = None
) -> tuple[Values, Values, Values]:
    """Return log likelihood, predicted mean and variance explained of every gene, each ``(G,)``."""
    to_hidden = np.zeros(len(kernel)) if to_hidden is None else to_hidden
    heights = curves.mean(axis=1, keepdims=True)
    own = kernel + noise[:, :, None] * np.eye(len(kernel))
    triangle = np.linalg.cholesky(own)
    right = np.stack([curves - heights, np.broadcast_to(to_hidden, curves.shape)], axis=2)
    solved = np.linalg.solve(triangle, right)
    whitened, reach = solved[..., 0], solved[..., 1]
    diagonal = np.diagonal(triangle, axis1=1, axis2=2)
    likelihood = -0.5 * np.square(whitened).sum(axis=1) - np.log(diagonal).sum(axis=1)
    mean = heights[:, 0] + (whitened * reach).sum(axis=1)
    return likelihood, mean, np.square(reach).sum(axis=1)


def _weights(evidence: Values) -> Values:
    """Return the share of genes that each kernel is for: EM over the mixture of kernels."""
    weights = np.full(evidence.shape[1], 1.0 / evidence.shape[1])
    for _ in range(_ROUNDS):
        joint = evidence + np.log(weights)
        share = np.exp(joint - logsumexp(joint, axis=1, keepdims=True))
        # Half a gene each keeps a kernel possible that no training gene needed.
        weights = (share.sum(axis=0) + 0.5) / (len(evidence) + 0.5 * len(weights))
    return weights
