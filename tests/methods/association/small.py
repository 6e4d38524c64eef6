"""Small data with a planted network: counts of a screen, or of cells that vary on their own."""

from __future__ import annotations

import numpy as np
import pandas as pd
from anndata import AnnData
from scipy import sparse

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.methods.association.config import AssociationConfig
from scdyn_core.methods.association.method import Association
from scdyn_core.reporter import Reporter, SilentReporter
from tests.evaluation.network import planted

#: Genes that take no part in the network keep the shares of the others apart.
BYSTANDERS = 20
QUICK = AssociationConfig(trees=10, genes=50)
METHOD = Association()


def screen_data(*, truth: bool = True, **sizes: int) -> Dataset:
    """Return counts of a screen of six nodes, with the truth in ``uns``."""
    screen = planted.screen(**sizes)
    obs = pd.DataFrame({"label": screen.labels})
    data = _dataset(screen.values, obs, Roles(
        perturbation="label", control_perturbation="NT", counts="X"))  # fmt: skip
    if truth:
        nodes = len(planted.NODES)
        data.adata.uns["regulation"] = {
            "nodes": np.array(planted.NODES, dtype=object),
            "genes": np.array(planted.GENES, dtype=object),
            "direct": planted.direct()[:nodes],
            "total": planted.total()[:nodes],
            "dose": np.full(nodes, planted.DOSE),
        }
    return data


def plain_data(cells: int = 300, *, roles: Roles | None = None) -> Dataset:
    """Return counts of cells in which nothing was perturbed."""
    values = planted.cells(cells)
    types = pd.Categorical(np.where(np.arange(cells) % 3, "one", "two"))
    return _dataset(values, pd.DataFrame({"type": types}), roles or Roles(counts="X"))


def run(dataset: Dataset, config: AssociationConfig = QUICK, *, seed: int = 0, replicates: int = 1,
        reporter: Reporter | None = None):  # fmt: skip
    """Return split, tensors, models and results of one run."""
    reporter = reporter or SilentReporter()
    split = METHOD.split(dataset, config, seed)
    tensors = METHOD.tensors(dataset, config, split, seed, reporter)
    models = METHOD.fit(tensors, config, list(range(seed, seed + replicates)), reporter)
    return split, tensors, models, METHOD.results(models, tensors, dataset, config, reporter)


def _dataset(logs: sparse.csr_matrix, obs: pd.DataFrame, roles: Roles) -> Dataset:
    rng = np.random.default_rng(9)
    others = rng.poisson(30.0, (logs.shape[0], BYSTANDERS))
    counts = np.column_stack([np.round(np.expm1(logs.toarray())), others])
    genes = [*planted.GENES, *(f"other{number:02d}" for number in range(BYSTANDERS))]
    obs.index = [f"c{row}" for row in range(len(obs))]
    adata = AnnData(sparse.csr_matrix(counts), obs=obs, var=pd.DataFrame(index=genes))
    return Dataset(adata, roles, "small", "0" * 16)
