"""Small generated data with planted classes, and what a method makes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators import simulate
from scdyn_core.data.split import PARTS
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.response_mixture.config import ResponseMixtureConfig
from scdyn_core.methods.response_mixture.method import ResponseMixture
from scdyn_core.reporter import SilentReporter

METHOD = ResponseMixture()
QUIET = SilentReporter()


def counted(adata: Any, **roles: str) -> Dataset:
    """Return a dataset of counts in X with the time in obs."""
    return Dataset(adata, Roles(time="time", counts="X", **roles), "planted", "0" * 16)


def logged(adata: Any, **roles: str) -> Dataset:
    """Return a dataset whose X holds log values and no counts."""
    return Dataset(adata, Roles(time="time", **roles), "planted", "0" * 16)


def planted(name: str = "responses", seed: int = 0, **params: Any) -> Dataset:
    """Return a generated dataset of counts."""
    return counted(simulate(name, seed, **params))


def tensors_of(dataset: Dataset, config: ResponseMixtureConfig, seed: int = 0) -> Tensors:
    """Return the arrays a method learns from."""
    split = METHOD.split(dataset, config, seed)
    return METHOD.tensors(dataset, config, split, seed, QUIET)


def positions(tensors: Tensors) -> NDArray[np.int64]:
    """Return the position in the dataset of every gene, in the order of ``all_curves``."""
    return np.concatenate([tensors.samples[part] for part in PARTS])


def classes(dataset: Dataset, genes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the planted class of some genes."""
    codes: NDArray[np.int64] = dataset.adata.var["response_class_true"].cat.codes.to_numpy()
    return codes[genes]
