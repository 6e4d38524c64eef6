"""sVAE+ on the common contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.method import (
    MethodConfig,
    Results,
    Tensors,
    TrainedMethod,
)
from scdyn_core.methods.perturbations.method import ScreenMethod
from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.published import IVAE, PUBLISHED, VAE
from scdyn_core.reporter import Reporter
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.phase import Phase

if TYPE_CHECKING:
    from scdyn_core.training.module import TrainableModule


class Svae(ScreenMethod, TrainedMethod):
    """A variational autoencoder whose latents each perturbation shifts only few of."""

    key = "svae"
    title = "sVAE+"
    summary = (
        "Latent programs, and which of them each perturbation moves: most perturbations move few."
    )
    citation = "Lopez et al., CLeaR 2023, arXiv:2211.03553"
    Config = SvaeConfig
    options = TrainingOptions(replicates=5)
    presets: ClassVar = {
        "scdyn": SvaeConfig(),
        "iVAE": IVAE,
        "VAE": VAE,
        "published": PUBLISHED,
    }

    def tensors(
        self, dataset: Dataset, config: MethodConfig, split: Split, seed: int, reporter: Reporter
    ) -> Tensors:
        """Return counts, labels and totals of the cells that take part."""
        from scdyn_core.methods.perturbations.arrays import screen_tensors

        return screen_tensors(dataset, cast(SvaeConfig, config), split, seed, reporter)

    def build(self, tensors: Tensors, config: MethodConfig, seed: int) -> TrainableModule:
        """Return an untrained network for these genes and labels."""
        from scdyn_core.methods.perturbations.reading import reading_of
        from scdyn_core.methods.svae.trained import TrainableSvae

        return TrainableSvae(cast(SvaeConfig, config), reading_of(tensors), seed)

    def phases(self, config: MethodConfig) -> Sequence[Phase]:
        """Warm up with every target open, fit, and turn to what was held out."""
        from scdyn_core.methods.svae.phases import svae_phases

        return svae_phases(cast(SvaeConfig, config))

    def settle(
        self, modules: Sequence[TrainableModule], tensors: Tensors, config: MethodConfig
    ) -> Sequence[TrainableModule]:
        """Match the latents of the replicates."""
        from scdyn_core.methods.perturbations.reading import cells_of
        from scdyn_core.methods.svae.network import SvaeNetwork
        from scdyn_core.methods.svae.replicates import in_one_frame

        return in_one_frame(cast(Sequence[SvaeNetwork], modules), cells_of(tensors, "train"))

    def results(
        self,
        models: Sequence[Any],
        tensors: Tensors,
        dataset: Dataset,
        config: MethodConfig,
        reporter: Reporter,
    ) -> Results:
        """Read targets, latents and predictions out, and set them beside their baselines."""
        from scdyn_core.methods.svae.results import svae_results

        return svae_results(models, tensors, dataset, cast(SvaeConfig, config), reporter)
