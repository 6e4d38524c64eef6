"""The weight of every sample, under the sampling options of a run."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.training.resampling.balanced import balanced_weights
from scdyn_core.training.resampling.clusters import cluster_weights
from scdyn_core.training.resampling.finite import not_finite
from scdyn_core.training.resampling.marginal import marginal_weights
from scdyn_core.training.resampling.neighbours import neighbour_weights
from scdyn_core.training.resampling.options import SamplingOptions
from scdyn_core.training.resampling.shaping import shaped
from scdyn_core.training.resampling.sketch import sketch_weights

Values = NDArray[np.float64]
Number = TypeVar("Number", bound=np.generic)


def sample_weights(
    options: SamplingOptions,
    *,
    latent: NDArray[np.floating] | None,
    classes: NDArray[np.integer] | None,
    seed: int,
) -> Values:
    """Return how often samples are to be drawn.

    Parameters
    ----------
    options
        The scheme, and how far weights may go.
    latent
        Shape ``(N, D)``; read by the schemes that look for rare places.
    classes
        Code of the class of every sample, shape ``(N,)``, negative where not known; read by
        ``balanced``.
    seed
        The same seed gives the same weights.

    Returns
    -------
    Shape ``(N,)``, none negative, sum 1. Times ``N`` they are in times the uniform weight.

    Raises
    ------
    ConfigError
        If what the scheme reads is missing, has fewer than 2 samples or is not finite.
    """
    if options.scheme == "uniform":
        n = len(_enough(latent, options) if classes is None else _enough(classes, options))
        return np.full(n, 1 / n)
    if options.scheme == "balanced":
        return shaped(balanced_weights(_enough(classes, options)), options)
    return shaped(_by_place(options, _enough(latent, options), seed), options)


def _enough(read: NDArray[Number] | None, options: SamplingOptions) -> NDArray[Number]:
    """Return what a scheme reads, which must be there for some samples."""
    if read is None:
        raise _missing(options)
    if len(read) < 2:
        raise ConfigError(
            "sampling",
            found=f"{len(read)} samples",
            needed="at least 2 to draw from",
            fix="Use more cells.",
        )
    return read


def _by_place(options: SamplingOptions, latent: NDArray[np.floating], seed: int) -> Values:
    """Return the weights of a scheme that looks for rare places in the latents."""
    if latent.ndim != 2 or latent.shape[1] == 0:
        raise ConfigError(
            "latents",
            found=f"an array of shape {latent.shape}",
            needed="samples × at least one dimension",
            fix="Use an embedding with values.",
        )
    if not np.isfinite(latent).all():
        raise not_finite(latent)
    if options.scheme == "marginal":
        places = _standardised(latent) if options.standardise else latent
        return marginal_weights(places, options.bins, options.smoothing)
    # Distances weigh axes by their spread: brought to the same spread, those that say nothing,
    # late components or latents a model does not use, would drown those that do.
    if options.scheme == "neighbours":
        return neighbour_weights(latent, options.neighbours, seed)
    if options.scheme == "clusters":
        return cluster_weights(latent, options.neighbours, seed)
    return sketch_weights(latent, seed)


def _standardised(latent: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return latents of mean 0 and standard deviation 1; a constant axis becomes 0."""
    centred = latent - latent.mean(axis=0)
    spread = centred.std(axis=0)
    standard: NDArray[np.floating] = centred / np.where(spread > 0, spread, 1)
    return standard


def _missing(options: SamplingOptions) -> ConfigError:
    if options.scheme == "balanced":
        return ConfigError(
            "sampling, scheme balanced",
            found="no cell types",
            needed="the type of every cell",
            fix="Set the role cell type, or choose another scheme.",
        )
    return ConfigError(
        f"sampling, scheme {options.scheme}",
        found="no latents",
        needed="a place for every sample",
        fix="Choose an embedding, or a method with latents.",
    )
