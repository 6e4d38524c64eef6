"""Fitting the mixtures of one replicate."""

from __future__ import annotations

import numpy as np

from scdyn_core.methods.method import Tensors
from scdyn_core.methods.response_mixture.config import ResponseMixtureConfig
from scdyn_core.methods.response_mixture.fitted import MixtureFamily
from scdyn_core.methods.responses.arrays import part_curves
from scdyn_core.methods.responses.mixture.model import Mixture
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
    fitted: dict[int, tuple[Mixture, float]] = {}
    # The more classes, the better the flat genes stand apart: their offset is worth a try with
    # fewer classes too, where a wrong one may look as likely.
    for done, k in enumerate(reversed(numbers), start=replicate * len(numbers)):
        guesses = np.stack([offset, fitted[k + 1][0].o]) if fitted else offset
        reporter.progress("fitting", done, replicates * len(numbers), f"{k} clusters")
        fitted[k] = fit_mixture(
            train.mean, train.se, train.times, guesses, config.noise, k,
            seed + k, reporter, shared=shared, starts=config.starts,
        )  # fmt: skip
    reporter.progress("fitting", (replicate + 1) * len(numbers), replicates * len(numbers))
    return MixtureFamily(
        {k: mixture for k, (mixture, _) in fitted.items()},
        {k: likelihood for k, (_, likelihood) in fitted.items()},
        len(train.mean),
        shared,
    )
