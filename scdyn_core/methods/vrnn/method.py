"""The VRNN on the common contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.method import MethodConfig, Results, Tensors, TrainedMethod
from scdyn_core.methods.responses.method import GeneMethod
from scdyn_core.methods.vrnn.config import VrnnConfig
from scdyn_core.methods.vrnn.published import PUBLISHED, TRUE_VRNN
from scdyn_core.reporter import Reporter
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.phase import Phase

if TYPE_CHECKING:
    from scdyn_core.training.module import TrainableModule


class Vrnn(GeneMethod, TrainedMethod):
    """A variational recurrent network of every gene's curve; clusters of its latents."""

    key = "vrnn"
    title = "VRNN gene clustering"
    summary = (
        "A recurrent network learns latent values of every gene over time: clusters of genes, and "
        "predictions of times that were not measured."
    )
    citation = (
        "VRNN gene clustering (software); the network: Chung et al., NeurIPS 2015, arXiv:1506.02216"
    )
    Config = VrnnConfig
    options = TrainingOptions(replicates=5)
    presets: ClassVar = {"scdyn": VrnnConfig(), "true VRNN": TRUE_VRNN, "published": PUBLISHED}

    def tensors(
        self, dataset: Dataset, config: MethodConfig, split: Split, seed: int, reporter: Reporter
    ) -> Tensors:
        """Average the cells of every time, gene by gene, and put every gene on its scale."""
        from scdyn_core.methods.vrnn.arrays import vrnn_tensors

        return vrnn_tensors(dataset, cast(VrnnConfig, config), split, seed, reporter)

    def build(self, tensors: Tensors, config: MethodConfig, seed: int) -> TrainableModule:
        """Return an untrained network for these times."""
        import torch

        from scdyn_core.methods.vrnn.network import VrnnNetwork

        gaps = np.diff(tensors.constants["times"], prepend=tensors.constants["times"][0])
        gap = np.log1p(gaps / np.median(gaps[1:]))
        return VrnnNetwork(
            cast(VrnnConfig, config), torch.as_tensor(gap, dtype=torch.float32), seed
        )

    def phases(self, config: MethodConfig) -> Sequence[Phase]:
        """Train on the evidence lower bound, the divergence growing in weight."""
        config = cast(VrnnConfig, config)
        return [
            Phase(
                "fit",
                config.epochs,
                {"reconstruction": 1.0, "kl": 1.0},
                learning_rate=config.learning_rate,
                schedule=config.schedule,
                batch_size=config.batch_size,
                clip_norm=config.clip_norm,
                validate_every=config.validate_every,
            )
        ]

    def results(
        self,
        models: Sequence[Any],
        tensors: Tensors,
        dataset: Dataset,
        config: MethodConfig,
        reporter: Reporter,
    ) -> Results:
        """Divide the genes, and set the clusters and predictions beside their baselines."""
        from scdyn_core.methods.responses.results import response_results
        from scdyn_core.methods.vrnn.trained import TrainedVrnn

        shared = np.asarray(tensors.constants["offset"], dtype=np.float64)
        seed = int(str(tensors.info["seed"]))
        trained = [TrainedVrnn(network, shared, seed) for network in models]
        return response_results(trained, tensors, dataset, cast(VrnnConfig, config), reporter)
