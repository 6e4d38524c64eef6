"""Small generated cells of several types, with and without treatment, for tests of scGen."""

from __future__ import annotations

from typing import Any

import anndata
import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.methods.method import Results, Tensors
from scdyn_core.methods.scgen.config import ScgenConfig
from scdyn_core.methods.scgen.method import Scgen
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions

METHOD, QUIET = Scgen(), SilentReporter()
TYPES, GENES = ("B", "CD4", "CD8", "mono", "dendritic"), 60
SHORT: dict[str, Any] = {"latents": 4, "hidden": 16, "layers": 1, "epochs": 3, "batch_size": 64}
ROLES = {
    "cell_type": "type", "condition": "state", "control_condition": "ctrl", "counts": "X",
}  # fmt: skip


def cells(seed: int = 0, *, each: int = 40, roles: dict[str, str] | None = None) -> Dataset:
    """Return counts of five types in two lineages, half of the cells treated.

    All types answer with genes 0-9; lymphoid ones (the first three) with 10-19 too, myeloid ones
    with 20-29, and genes 30-34 fall in myeloid cells, which alone express them.
    """
    rng = np.random.default_rng(seed)
    rate = np.exp(rng.normal(0.0, 0.7, GENES))
    rates, types, states = [], [], []
    for number, name in enumerate(TYPES):
        myeloid = number >= 3
        own = rate.copy()
        own[30:40] *= 6.0 if myeloid else 0.2
        own[40:50] *= 0.2 if myeloid else 6.0
        own[50 + 2 * number : 52 + 2 * number] *= 5.0
        changed = own.copy()
        changed[:10] *= 4.0
        changed[20 : 30 if myeloid else 20] *= 6.0
        changed[10 : 10 if myeloid else 20] *= 6.0
        changed[30:35] *= 0.2
        for state, mean in (("ctrl", own), ("stim", changed)):
            rates.append(np.tile(mean, (each, 1)) * rng.gamma(8.0, 1 / 8.0, (each, 1)))
            types += [name] * each
            states += [state] * each
    counts = rng.poisson(np.concatenate(rates)).astype(np.float64)
    obs = pd.DataFrame({"type": types, "state": states}, index=[f"c{i}" for i in range(len(types))])
    var = pd.DataFrame(index=[f"g{i}" for i in range(GENES)])
    adata = anndata.AnnData(counts, obs=obs, var=var)
    return Dataset(adata, Roles(**(ROLES if roles is None else roles)), "small", "0" * 16)


def config(**changes: Any) -> ScgenConfig:
    """Return a configuration that trains in no time."""
    return ScgenConfig(**{**SHORT, **changes})


def arrays(dataset: Dataset, settings: ScgenConfig, seed: int = 0) -> Tensors:
    """Return what the method reads."""
    split = METHOD.split(dataset, settings, seed)
    return METHOD.tensors(dataset, settings, split, seed, QUIET)


def run(dataset: Dataset, settings: ScgenConfig, replicates: int = 1, seed: int = 0) -> Results:
    """Train and read out."""
    tensors = arrays(dataset, settings, seed)
    options = TrainingOptions(seed=seed, replicates=replicates, device="cpu", threads=1)
    models = fit(
        lambda start: METHOD.build(tensors, settings, start),
        METHOD.phases(settings),
        tensors.parts["train"],
        tensors.parts["validation"],
        options,
        QUIET,
    )
    return METHOD.results(models, tensors, dataset, settings, QUIET)
