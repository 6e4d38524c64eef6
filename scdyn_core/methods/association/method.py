"""The association network on the common contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, cast

import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.association.config import AssociationConfig
from scdyn_core.methods.method import (
    Arrays,
    FittedMethod,
    MethodConfig,
    Results,
    RoleNeeds,
    Table,
    Tensors,
)
from scdyn_core.reporter import Reporter
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.seeding import derive_seed


class Association(FittedMethod):
    """Networks of genes without a model of what a perturbation does."""

    key = "association"
    title = "Association network"
    summary = (
        "Genes that vary together, predict each other, or change when another one is perturbed. "
        "No training, any expression data; what every other network is compared with."
    )
    citation = (
        "Trees: Huynh-Thu et al., PLoS ONE 2010, and Moerman et al., Bioinformatics 2019; partial "
        "correlations: Schäfer and Strimmer, SAGMB 2005"
    )
    roles: ClassVar[RoleNeeds] = RoleNeeds(
        optional=(
            "counts",
            "perturbation",
            "control_perturbation",
            "guide",
            "pseudotime",
            "cell_type",
        )
    )
    Config = AssociationConfig
    options = TrainingOptions(replicates=5)
    presets: ClassVar = {
        "scdyn": AssociationConfig(),
        "quick": AssociationConfig(
            estimators=("mean shift", "partial correlation", "correlation"), genes=1000
        ),
        "GENIE3": AssociationConfig(
            estimators=("regression trees",),
            tree_kind="random forest",
            trees=200,
            tree_cells=1000,
            genes=200,
        ),
        "GRNBoost2": AssociationConfig(
            estimators=("regression trees",),
            tree_kind="boosting",
            trees=300,
            tree_cells=1000,
            genes=200,
        ),
    }

    def split(self, dataset: Dataset, config: MethodConfig, seed: int) -> Split:
        """Divide the cells within every perturbation, or else within every cell type."""
        from scdyn_core.methods.association.cells import participants
        from scdyn_core.methods.perturbations.split import screen_split

        screen = participants(dataset, cast(AssociationConfig, config)).screen
        if screen is None:
            return super().split(dataset, config, seed)
        return screen_split(screen, derive_seed(seed, "split"))

    def sample_names(self, dataset: Dataset, config: MethodConfig) -> Sequence[str]:
        """Return the names of the cells that take part."""
        from scdyn_core.methods.association.cells import participants

        cells = participants(dataset, cast(AssociationConfig, config)).cells
        return [str(name) for name in dataset.adata.obs_names[cells]]

    def tensors(
        self, dataset: Dataset, config: MethodConfig, split: Split, seed: int, reporter: Reporter
    ) -> Tensors:
        """Return log-normalised expression of the chosen genes."""
        from scdyn_core.methods.association.arrays import association_tensors

        return association_tensors(dataset, cast(AssociationConfig, config), split, seed, reporter)

    def check(
        self, dataset: Dataset, config: MethodConfig, seed: int, reporter: Reporter
    ) -> Mapping[str, Table]:
        """Say how many cells there are for how many genes, and what a screen adds."""
        from scdyn_core.methods.association.check import check_associations

        split = self.split(dataset, config, seed)
        return check_associations(dataset, cast(AssociationConfig, config), split, seed, reporter)

    def fit(
        self, tensors: Tensors, config: MethodConfig, seeds: Sequence[int], reporter: Reporter
    ) -> Sequence[Arrays]:
        """Estimate every network from the training cells and from draws of them."""
        from scdyn_core.methods.association.fit import fitted_networks

        return fitted_networks(tensors, cast(AssociationConfig, config), seeds, reporter)

    def results(
        self,
        models: Sequence[Any],
        tensors: Tensors,
        dataset: Dataset,
        config: MethodConfig,
        reporter: Reporter,
    ) -> Results:
        """Return the networks, and how well they do where that can be told."""
        from scdyn_core.methods.association.results import association_results

        config = cast(AssociationConfig, config)
        return association_results(models, tensors, dataset, config, reporter)

    def edges(
        self, table: Callable[[str], pd.DataFrame | None], replicate: int
    ) -> pd.DataFrame | None:
        """Return the edges of all estimators, each as evidence of its own."""
        from scdyn_core.methods.regulation.edges import network_edges

        return network_edges(table)
