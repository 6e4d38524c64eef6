"""Small generated counts and short trainings for tests of scVI."""

from __future__ import annotations

from typing import Any

import anndata
import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.scvi.config import ScviConfig
from scdyn_core.methods.scvi.method import Scvi
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions

METHOD, QUIET = Scvi(), SilentReporter()
SHORT: dict[str, Any] = {
    "latents": 3, "hidden": 12, "epochs": 4, "kl_epochs": 2, "batch_size": 32,
    "evidence_draws": 2,
}  # fmt: skip
TINY = ScviConfig(**SHORT)


def counted(
    cells: int = 150, genes: int = 30, batches: int = 1, seed: int = 0, depth: float = 120.0,
    dispersion: float = 4.0, batch_effect: float = 0.0,
) -> Dataset:  # fmt: skip
    """Return counts of cells of three types on a bent surface of two dimensions.

    ``layers["share"]`` holds the true share of every gene, without what batches do to it.
    """
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, cells)
    centres = np.array([[-2.0, 0.0], [2.0, 0.0], [0.0, 2.5]])
    place = centres[kind] + 0.6 * rng.standard_normal((cells, 2))
    bent = np.tanh(place @ rng.standard_normal((2, 12)) + rng.standard_normal(12))
    logits = rng.standard_normal(genes) + bent @ (0.5 * rng.standard_normal((12, genes)))
    batch = rng.integers(0, batches, cells)
    moved = logits + batch_effect * rng.standard_normal((batches, genes))[batch]
    share, seen = (np.exp(v) / np.exp(v).sum(1, keepdims=True) for v in (logits, moved))
    library = depth * rng.lognormal(0.0, 0.3, (cells, 1))
    counts = rng.poisson(rng.gamma(dispersion, library * seen / dispersion)).astype(np.float32)
    obs = pd.DataFrame(
        {
            "kind": pd.Categorical(np.array(["a", "b", "c"])[kind]),
            "plate": pd.Categorical(batch.astype(str)),
        },
        index=[f"cell{i}" for i in range(cells)],
    )
    adata = anndata.AnnData(csr_matrix(counts), obs=obs)
    adata.var_names = [f"gene{i}" for i in range(genes)]
    adata.layers["share"] = share
    roles = Roles(counts="X", cell_type="kind", batch="plate" if batches > 1 else None)
    return Dataset(adata, roles, "counted", "0" * 16)


def tensors_of(dataset: Dataset, config: ScviConfig = TINY, seed: int = 0) -> Tensors:
    """Return what the network learns from."""
    split = METHOD.split(dataset, config, seed)
    return METHOD.tensors(dataset, config, split, seed, QUIET)


def train(
    tensors: Tensors, config: ScviConfig = TINY, *, seed: int = 0, replicates: int = 1,
    reporter: Any = None, checkpoints: Any = None,
) -> list[Any]:  # fmt: skip
    """Return trained networks."""
    return fit(
        lambda own: METHOD.build(tensors, config, own),
        METHOD.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(seed=seed, replicates=replicates, device="cpu"),
        reporter or QUIET,
        checkpoints,
    )
