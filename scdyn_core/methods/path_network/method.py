"""The path network on the common contract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, cast

import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.method import Arrays, FittedMethod, MethodConfig, Results, Tensors
from scdyn_core.methods.path_network.config import PathNetworkConfig
from scdyn_core.methods.perturbations.method import ScreenMethod
from scdyn_core.reporter import Reporter
from scdyn_core.training.options import TrainingOptions


class PathNetwork(ScreenMethod, FittedMethod):
    """Direct effects between genes, such that paths of them explain every perturbation."""

    key = "path_network"
    title = "Path network"
    summary = (
        "Which gene acts on which directly, with sign and size, such that paths through the "
        "network explain what every perturbation does. Seconds; the place to start."
    )
    citation = (
        "scdyn; linear cyclic models under interventions: Hyttinen, Eberhardt and Hoyer, JMLR 13 "
        "(2012) 3387"
    )
    Config = PathNetworkConfig
    options = TrainingOptions(replicates=10)
    presets: ClassVar = {"scdyn": PathNetworkConfig()}

    def tensors(
        self, dataset: Dataset, config: MethodConfig, split: Split, seed: int, reporter: Reporter
    ) -> Tensors:
        """Return the cells, nodes and doses."""
        from scdyn_core.methods.regulation.arrays import regulation_tensors

        return regulation_tensors(dataset, cast(PathNetworkConfig, config), split, seed, reporter)

    def fit(
        self, tensors: Tensors, config: MethodConfig, seeds: Sequence[int], reporter: Reporter
    ) -> Sequence[Arrays]:
        """Fit the training cells, then resamples of them."""
        from scdyn_core.methods.path_network.fit import fit_replicates

        return fit_replicates(tensors, cast(PathNetworkConfig, config), seeds, reporter)

    def edges(
        self, table: Callable[[str], pd.DataFrame | None], replicate: int
    ) -> pd.DataFrame | None:
        """Direct and total effects, and the networks of the baselines."""
        from scdyn_core.methods.regulation.edges import network_edges

        return network_edges(table)

    def results(
        self,
        models: Sequence[Any],
        tensors: Tensors,
        dataset: Dataset,
        config: MethodConfig,
        reporter: Reporter,
    ) -> Results:
        """Set network and predicted responses beside their baselines."""
        from scdyn_core.methods.path_network.results import path_results

        return path_results(models, tensors, dataset, cast(PathNetworkConfig, config), reporter)
