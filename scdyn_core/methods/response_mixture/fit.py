"""Fitting the mixtures of one replicate."""

from __future__ import annotations

import numpy as np

from scdyn_core.methods.method import Tensors
from scdyn_core.methods.response_mixture.config import ResponseMixtureConfig
from scdyn_core.methods.response_mixture.fitted import MixtureFamily
from scdyn_core.methods.responses.arrays import part_curves
from scdyn_core.methods.responses.mixture.starting import fit_mixture
from scdyn_core.reporter import Reporter


def fit_family(
    tensors: Tensors,
    config: ResponseMixtureConfig,
    seed: int,
    replicate: int,
    replicates: int,
    reporter: Reporter,
) -> MixtureFamily:
    """Fit mixtures of two and more classes to the training genes.

    Parameters
    ----------
    seed
        Decides where the searches start.
    replicate, replicates
        Which one of how many this is, for the progress.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    train = part_curves(tensors, "train")
    offset = np.asarray(tensors.constants["offset"], dtype=np.float64)
    numbers = config.numbers(len(train.mean))
    shared = tensors.info["offset"] == "flat genes"
    fitted = {}
    for done, k in enumerate(numbers, start=replicate * len(numbers)):
        reporter.progress("fitting", done, replicates * len(numbers), f"{k} clusters")
        fitted[k] = fit_mixture(
            train.mean, train.se, train.times, offset, config.noise, k,
            seed + k, reporter, shared=shared, starts=config.starts,
        )  # fmt: skip
    reporter.progress("fitting", (replicate + 1) * len(numbers), replicates * len(numbers))
    return MixtureFamily(
        {k: mixture for k, (mixture, _) in fitted.items()},
        {k: likelihood for k, (_, likelihood) in fitted.items()},
        len(train.mean),
        shared,
    )
