"""GPO-VAE on the common contract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.presets import CPA, PUBLISHED, SAMS
from scdyn_core.methods.method import MethodConfig, Results, Tensors, TrainedMethod
from scdyn_core.methods.perturbations.method import ScreenMethod
from scdyn_core.reporter import Reporter
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.phase import Phase

if TYPE_CHECKING:
    from scdyn_core.training.module import TrainableModule


class GpoVae(ScreenMethod, TrainedMethod):
    """A variational autoencoder with a network of genes inside."""

    key = "gpo_vae"
    title = "GPO-VAE"
    summary = (
        "Responses to perturbations, with the network of genes that carries them, learned "
        "together from the counts of every cell."
    )
    citation = (
        "Baek et al., Bioinformatics 2025 (GPO-VAE); Bereket and Karaletsos, NeurIPS 2023, "
        "arXiv:2311.02794 (SAMS-VAE, CPA-VAE)"
    )
    Config = GpoVaeConfig
    options = TrainingOptions(replicates=3)
    presets: ClassVar = {
        "scdyn": GpoVaeConfig(),
        "SAMS-VAE": SAMS,
        "CPA-VAE": CPA,
        "published": PUBLISHED,
    }

    def tensors(
        self, dataset: Dataset, config: MethodConfig, split: Split, seed: int, reporter: Reporter
    ) -> Tensors:
        """Return the cells, nodes and doses, and what else was asked for."""
        from scdyn_core.methods.gpo_vae.arrays import gpo_tensors

        return gpo_tensors(dataset, cast(GpoVaeConfig, config), split, seed, reporter)

    def build(self, tensors: Tensors, config: MethodConfig, seed: int) -> TrainableModule:
        """Return an untrained network for these genes and labels."""
        from scdyn_core.methods.gpo_vae.build import build_network

        return build_network(tensors, cast(GpoVaeConfig, config), seed)

    def phases(self, config: MethodConfig) -> Sequence[Phase]:
        """Fit everything together."""
        from scdyn_core.methods.gpo_vae.phases import gpo_phases

        return gpo_phases(cast(GpoVaeConfig, config))

    def edges(
        self, table: Callable[[str], pd.DataFrame | None], replicate: int
    ) -> pd.DataFrame | None:
        """Direct and total effects, or the published alignment, and the baselines' networks."""
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
        """Read networks, predictions and evidence out, and set them beside their baselines."""
        from scdyn_core.methods.gpo_vae.results import gpo_results

        return gpo_results(models, tensors, dataset, cast(GpoVaeConfig, config), reporter)
