"""scVI on the common contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.method import (
    MethodConfig,
    Results,
    RoleNeeds,
    Table,
    Tensors,
    TrainedMethod,
)
from scdyn_core.methods.scvi.config import ScviConfig
from scdyn_core.methods.scvi.denoise_config import DenoiseConfig
from scdyn_core.methods.scvi.presets import PUBLISHED
from scdyn_core.reporter import Reporter
from scdyn_core.training.phase import Phase

if TYPE_CHECKING:
    from scdyn_core.training.module import TrainableModule


class Scvi(TrainedMethod):
    """A variational autoencoder of counts."""

    key = "scvi"
    title = "scVI"
    summary = (
        "A map of the cells and denoised expression, from raw counts, with the differences "
        "between batches taken out."
    )
    citation = "Lopez et al., Nature Methods 2018, doi:10.1038/s41592-018-0229-2"
    roles = RoleNeeds(required=("counts",), optional=("batch", "cell_type"))
    Config = ScviConfig
    presets: ClassVar = {"scdyn": ScviConfig(), "published": PUBLISHED}
    Explanation = DenoiseConfig

    def tensors(
        self, dataset: Dataset, config: MethodConfig, split: Split, seed: int, reporter: Reporter
    ) -> Tensors:
        """Return counts, totals and batches of all cells."""
        from scdyn_core.methods.scvi.arrays import scvi_tensors

        return scvi_tensors(dataset, cast(ScviConfig, config), split, seed, reporter)

    def build(self, tensors: Tensors, config: MethodConfig, seed: int) -> TrainableModule:
        """Return an untrained network for these genes and batches."""
        from scdyn_core.methods.scvi.network import ScviNetwork
        from scdyn_core.methods.scvi.reading import Reading

        return ScviNetwork(cast(ScviConfig, config), Reading.of(tensors), seed)

    def phases(self, config: MethodConfig) -> Sequence[Phase]:
        """Warm up while the prior gains weight, then fit."""
        from scdyn_core.methods.scvi.phases import scvi_phases

        return scvi_phases(cast(ScviConfig, config))

    def results(
        self,
        models: Sequence[Any],
        tensors: Tensors,
        dataset: Dataset,
        config: MethodConfig,
        reporter: Reporter,
    ) -> Results:
        """Read latents and expression out, and score them beside simple methods."""
        from scdyn_core.methods.scvi.results import scvi_results

        return scvi_results(models, tensors, dataset, cast(ScviConfig, config), reporter)

    def explain(
        self,
        models: Sequence[Any],
        tensors: Tensors,
        config: MethodConfig,
        request: MethodConfig,
        reporter: Reporter,
    ) -> Mapping[str, Table]:
        """Denoise some genes in every cell."""
        from scdyn_core.methods.scvi.denoising import denoised_genes

        return denoised_genes(models, tensors, cast(DenoiseConfig, request), reporter)
