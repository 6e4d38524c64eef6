"""What the network reads: every gene's curve on its own scale, and how sure each value is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Split
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.responses.arrays import part_curves, response_tensors
from scdyn_core.methods.responses.mixture.starting import fit_mixture
from scdyn_core.methods.responses.pseudobulk import Curves, Matrix
from scdyn_core.methods.responses.scaling import Scale, scale_of
from scdyn_core.methods.vrnn.config import VrnnConfig
from scdyn_core.reporter import Reporter

#: Classes and starts of the mixture that tells which training genes do not respond.
CLASSES, STARTS = 6, 5


def vrnn_tensors(
    dataset: Dataset, config: VrnnConfig, split: Split, seed: int, reporter: Reporter
) -> Tensors:
    """Return curves of every part, raw (``mean``, ``se``) and as read (``x``, ``variance``).

    Raises
    ------
    ConfigError
        When times, cells or genes do not suffice.
    Cancelled
        When the reporter says so.
    """
    plain = response_tensors(dataset, config, split, seed)
    constants = dict(plain.constants)
    if plain.info["offset"] == "flat genes":
        constants["offset"] = _flat_offset(plain, config, seed, reporter)
    plain = replace(plain, constants=constants)
    offset = np.asarray(constants["offset"], dtype=np.float64)
    parts = {
        part: dict(plain.parts[part]) | _arrays(part_curves(plain, part), offset, config)
        for part in PARTS
    }
    return replace(plain, parts=parts)


@dataclass(frozen=True)
class Read:
    """Curves as the network reads them.

    Attributes
    ----------
    x, variance
        Scaled values and their variances, shape ``(G, T)``; 0 and infinite where nothing was
        measured.
    scatter
        Variance that a true value has about what the genes share, on the same scale, ``(G, 1)``.
    scale
        From log2 to that scale and back.
    """

    x: Matrix
    variance: Matrix
    scatter: Matrix
    scale: Scale


def read(found: Curves, offset: Matrix, config: VrnnConfig) -> Read:
    """Remove the offset and put every gene on its scale."""
    known = np.isfinite(found.se)
    y = np.where(known, found.mean - offset, 0.0)
    scale = scale_of(y, found.se, config.scaling)
    square = scale.divisor**2
    return Read(
        x=np.where(known, scale.scaled(y), 0.0),
        variance=(found.se**2 + config.noise**2) / square,
        scatter=config.noise**2 / square,
        scale=scale,
    )


def _flat_offset(tensors: Tensors, config: VrnnConfig, seed: int, reporter: Reporter) -> Matrix:
    """Return what the training genes share once their responses are taken off."""
    reporter.progress("what all genes share", 0, 1)
    train = part_curves(tensors, "train")
    mixture, _ = fit_mixture(
        train.mean, train.se, train.times, np.asarray(tensors.constants["offset"]), config.noise,
        config.clusters or CLASSES, seed, reporter, starts=STARTS,
    )  # fmt: skip
    reporter.progress("what all genes share", 1, 1)
    return mixture.o


def _arrays(found: Curves, offset: Matrix, config: VrnnConfig) -> dict[str, Matrix]:
    """Return what is read of all times, and where each gene would stand without one of them.

    ``centre_without`` and ``divisor_without`` have shape ``(G, T)``, one column per left out time,
    and are on the scale of ``x``.
    """
    whole = read(found, offset, config)
    centres, divisors = [], []
    for t in range(len(found.times)):
        se = found.se.copy()
        se[:, t] = np.inf
        scale = read(replace(found, se=se), offset, config).scale
        centres.append((scale.centre - whole.scale.centre) / whole.scale.divisor)
        divisors.append(scale.divisor / whole.scale.divisor)
    return {
        "x": whole.x,
        "variance": whole.variance,
        "centre_without": np.concatenate(centres, axis=1),
        "divisor_without": np.concatenate(divisors, axis=1),
    }
