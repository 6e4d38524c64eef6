"""What is known besides: recovery of the planted truth, and held-out perturbations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.plots.synthetic_screen.planted import REPLICATES


def truth_of(rng: np.random.Generator) -> pd.DataFrame:
    level = {"this run": 0.94, "iVAE + rotation": 0.92, "VAE + rotation": 0.9,
             "PCA + rotation": 0.86, "ICA": 0.72, "PCA": 0.46}  # fmt: skip
    quantities = ("MCC", "R2", "mask precision", "mask recall", "mask F1")
    return pd.DataFrame(
        [
            (quantity, model, replicate, float(np.clip(value + rng.normal(0, 0.01), 0, 1)))
            for quantity in quantities
            for model, value in level.items()
            for replicate in range(REPLICATES)
        ],
        columns=["quantity", "model", "replicate", "value"],
    )


def held_out_of(rng: np.random.Generator, perturbations: pd.DataFrame) -> pd.DataFrame:
    own = perturbations[perturbations["held_out"]]
    rows = []
    for name, cells, on in own[["perturbation", "cells", "latents_on"]].itertuples(index=False):
        elbo = -150 + rng.normal(0, 3)
        gain = 0.5 + 2.5 * float(on)
        rows += [
            ("before", name, cells, elbo, elbo + rng.uniform(1, 2), 0.0),
            ("after", name, cells, elbo + gain, elbo + gain + rng.uniform(1, 2), float(on)),
        ]
    return pd.DataFrame(
        rows, columns=["stage", "perturbation", "cells", "elbo", "iwelbo", "latents_on"]
    )
