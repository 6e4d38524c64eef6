"""How well anyone could sort the genes of a generated sample: the classifier that knows everything.

It is given the shapes and sizes of the classes, the ranges of fold change and speed, and what is
common to all genes at a time (the offset); only the level of a gene is unknown to it. Classes are
chosen by their posterior probability given log pseudobulk means and their standard errors, so a
method that has to learn the shapes cannot be expected to do better. Adjusted Rand index with the
planted classes, per seed.

    python -m benchmarks.response_ceiling [--samples levels hard] [--seeds 1 2 3 4 5]
"""

from __future__ import annotations

import argparse
import json
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from anndata import AnnData
from scipy.special import logsumexp
from sklearn.metrics import adjusted_rand_score

from scdyn_core.data.simulators.response_presets import PRESETS
from scdyn_core.data.simulators.response_shapes import CLASSES, mean_curves, response_shapes
from scdyn_core.data.simulators.responses import Responses

#: Points at which fold changes (evenly in the logarithm) and speeds (-2 to 2 sd) are tried.
AMPLITUDES, SPEEDS = 30, 9


def log_pseudobulk(adata: AnnData) -> tuple[np.ndarray, np.ndarray]:
    """Return natural log means of depth-normalised counts and their standard errors.

    Half a count is added to every mean, and is the least that its standard error can be.

    Parameters
    ----------
    adata
        Counts in ``X``, hours in ``obs["time"]``.

    Returns
    -------
    Two arrays of shape ``(n_genes, n_times)``, times in order.
    """
    counts = adata.X.toarray()
    totals = counts.sum(axis=1, keepdims=True)
    normal = counts * (np.median(totals) / totals)
    log_means, errors = [], []
    for hours in np.unique(adata.obs["time"]):
        cells = normal[adata.obs["time"] == hours]
        half = 0.5 / len(cells)
        mean = cells.mean(axis=0) + half
        log_means.append(np.log(mean))
        errors.append(np.maximum(cells.std(axis=0, ddof=1) / np.sqrt(len(cells)), half) / mean)
    return np.array(log_means).T, np.array(errors).T


def class_posterior(
    log_means: np.ndarray, errors: np.ndarray, genes: pd.DataFrame, simulator: Responses
) -> np.ndarray:
    """Return the probability of every class for every gene, shape ``(n_genes, n_classes)``.

    Parameters
    ----------
    log_means, errors
        Natural logs, shape ``(n_genes, n_times)``.
    genes
        ``var`` of the sample; used for the offset of every time alone.
    simulator
        What the sample was generated with.
    """
    true = np.log(mean_curves(genes, simulator.times))
    offset = np.average(log_means - true, axis=0, weights=1 / errors.mean(axis=1) ** 2)
    observed, precision = log_means - offset, 1 / errors**2
    curves, log_prior = curve_grid(simulator)
    log_joint = np.empty((len(observed), len(CLASSES)))
    for number, size in enumerate(simulator.class_counts()):
        fits = log_likelihoods(observed, precision, curves[:, number])
        log_joint[:, number] = logsumexp(fits + log_prior, axis=1) + np.log(size)
    return np.exp(log_joint - logsumexp(log_joint, axis=1, keepdims=True))


def curve_grid(simulator: Responses) -> tuple[np.ndarray, np.ndarray]:
    """Return log fold-change curves ``(n_grid, n_classes, n_times)`` and their log prior."""
    amplitudes = np.linspace(np.log(simulator.fold_least), np.log(simulator.fold_most), AMPLITUDES)
    sds = np.linspace(-2, 2, SPEEDS)
    own_clocks = np.exp(sds * simulator.stretch_sd)[:, None] * np.array(simulator.times)
    shapes = np.moveaxis(response_shapes(own_clocks), 0, 1)
    log_weights = np.repeat(-(sds**2) / 2, AMPLITUDES)
    curves = shapes[:, None] * amplitudes[:, None, None]
    return curves.reshape(-1, *shapes.shape[1:]), log_weights - logsumexp(log_weights)


def log_likelihoods(observed: np.ndarray, precision: np.ndarray, curves: np.ndarray) -> np.ndarray:
    """Return the Gaussian log-likelihood of every curve, at the best level, up to a constant.

    Parameters
    ----------
    observed, precision
        Log means and inverse variances, shape ``(n_genes, n_times)``.
    curves
        Shape ``(n_grid, n_times)``.

    Returns
    -------
    Shape ``(n_genes, n_grid)``.
    """
    weighted = precision * observed
    squares = (weighted * observed).sum(axis=1, keepdims=True)
    squares = squares - 2 * weighted @ curves.T + precision @ (curves**2).T
    level = weighted.sum(axis=1, keepdims=True) - precision @ curves.T
    return -(squares - level**2 / precision.sum(axis=1, keepdims=True)) / 2


def ceiling(adata: AnnData, simulator: Responses) -> float:
    """Return the adjusted Rand index of the classifier that knows everything."""
    posterior = class_posterior(*log_pseudobulk(adata), adata.var, simulator)
    found = np.array(CLASSES)[posterior.argmax(axis=1)]
    return float(adjusted_rand_score(adata.var["response_class_true"], found))


def main() -> None:
    """Print one line per sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", nargs="+", default=list(PRESETS), choices=list(PRESETS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3, 4, 5])
    arguments = parser.parse_args()
    for name in arguments.samples:
        simulator = PRESETS[name]
        found = [ceiling(simulator.sample(seed), simulator) for seed in arguments.seeds]
        line = {"sample": name, "mean": np.mean(found), "seeds": found}
        print(json.dumps(line, default=float), flush=True)


if __name__ == "__main__":
    main()
