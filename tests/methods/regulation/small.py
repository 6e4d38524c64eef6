"""Small generated screens with a planted network, and what methods learn from them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators import simulate
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.mean_shift import mean_shift
from scdyn_core.evaluation.network.suite import score_networks
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.path_network.config import PathNetworkConfig
from scdyn_core.methods.path_network.method import PathNetwork
from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.perturbations.stored_cells import screen_cells
from scdyn_core.methods.regulation.arrays import nodes_from
from scdyn_core.methods.regulation.learned import LearnedNetwork
from scdyn_core.methods.regulation.least_squares import fitted
from scdyn_core.methods.regulation.planted import PlantedNetwork
from scdyn_core.reporter import SilentReporter

QUIET = SilentReporter()
SCREEN = {
    "nodes": 8, "downstream": 12, "edges": 16, "cells_per_perturbation": 40, "control_cells": 200,
    "feedback": 2, "depth": 400,
}  # fmt: skip
#: Enough cells that a network can be told.
RICH = {"cells_per_perturbation": 100, "control_cells": 400, "depth": 1000}
PLAIN = PathNetworkConfig()


def screen(name: str = "regulation", seed: int = 0, **changes: Any) -> Dataset:
    """Return a generated screen, with control cells unless ``control_cells`` is 0."""
    params = {**SCREEN, **changes}
    played = {"perturbation": "perturbation", "counts": "X"}
    if params["control_cells"]:
        played["control_perturbation"] = "control"
    return Dataset(simulate(name, seed, **params), Roles(**played), "screen", "0" * 16)


def with_counts(dataset: Dataset, change: Any) -> Dataset:
    """Return the dataset with the counts that ``change`` makes of its own, dense ``(n, G)``."""
    adata = dataset.adata.copy()
    adata.X = csr_matrix(change(np.asarray(adata.X.toarray())))
    return Dataset(adata, dataset.roles, dataset.name, "1" * 16)


def with_other_counts(dataset: Dataset, cells: Any) -> Dataset:
    """Return the dataset with quite other counts, and other depths, of some cells."""

    def other(counts: Any) -> Any:
        rng = np.random.default_rng(5)
        counts[cells] = rng.poisson(rng.gamma(0.5, 40, counts[cells].shape))
        return counts

    return with_counts(dataset, other)


def with_batches(dataset: Dataset) -> Dataset:
    """Return the dataset with a column of three batches."""
    adata = dataset.adata.copy()
    codes = np.random.default_rng(0).choice(["a", "b", "c"], adata.n_obs)
    adata.obs["group"] = pd.Categorical(codes)
    roles = dataset.roles.model_copy(update={"batch": "group"})
    return Dataset(adata, roles, dataset.name, dataset.fingerprint)


def tensors_of(dataset: Dataset, config: Any = PLAIN, method: Any = None, seed: int = 0) -> Tensors:
    """Return what a method learns from."""
    method = method or PathNetwork()
    split = method.split(dataset, config, seed)
    tensors: Tensors = method.tensors(dataset, config, split, seed, QUIET)
    return tensors


def learned(dataset: Dataset, config: Any = PLAIN) -> LearnedNetwork:
    """Return the network that least squares find."""
    tensors = tensors_of(dataset, config)
    genes = tuple(map(str, tensors.info["genes"]))
    return LearnedNetwork(fitted(tensors, config), nodes_from(tensors), genes)


def shifts(dataset: Dataset, config: Any = PLAIN, seed: int = 0) -> NetworkEstimate:
    """Return the mean shifts of the training cells."""
    tensors, known = tensors_of(dataset, config, seed=seed), labelled(dataset, config, seed)
    cells = screen_cells(dataset, known, tensors)
    return mean_shift(cells.whole().of(cells.part == "train"), known.genes)


def auprc(estimate: NetworkEstimate, dataset: Dataset, kind: str = "direct") -> float:
    """Return how well the true edges are found."""
    planted = PlantedNetwork.of(dataset.adata)
    assert planted is not None
    truth = planted.references(planted.nodes, planted.genes)[f"truth, {kind}"]
    found = score_networks({"it": estimate}, {"truth": truth}, None)
    return float(found.query("model == 'it' and metric == 'AUPRC'")["value"].iloc[0])
