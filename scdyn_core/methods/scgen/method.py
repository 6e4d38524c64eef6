"""scGen on the common contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.method import MethodConfig, Results, RoleNeeds, Tensors, TrainedMethod
from scdyn_core.methods.scgen.config import ScgenConfig
from scdyn_core.methods.scgen.published import PUBLISHED
from scdyn_core.reporter import Reporter
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.phase import Phase
from scdyn_core.training.seeding import derive_seed

if TYPE_CHECKING:
    from scdyn_core.training.module import TrainableModule


class Scgen(TrainedMethod):
    """A variational autoencoder in whose latents a treatment is a shift."""

    key = "scgen"
    title = "scGen"
    summary = (
        "The response of a cell type that was never seen treated, from types that were seen "
        "with and without treatment."
    )
    citation = "Lotfollahi et al., Nature Methods 2019, doi:10.1038/s41592-019-0494-8"
    roles = RoleNeeds(
        required=("cell_type", "condition", "control_condition"),
        optional=("counts", "sample"),
    )
    Config = ScgenConfig
    options = TrainingOptions(replicates=3)
    presets: ClassVar = {"scdyn": ScgenConfig(), "published": PUBLISHED}

    def split(self, dataset: Dataset, config: MethodConfig, seed: int) -> Split:
        """Divide the cells within every type and condition; what is predicted is test only."""
        from scdyn_core.methods.scgen.design import design_of

        settings = cast(ScgenConfig, config)
        return design_of(dataset, settings).split(settings, derive_seed(seed, "split"))

    def sample_names(self, dataset: Dataset, config: MethodConfig) -> Sequence[str]:
        """Return the names of the cells that take part."""
        from scdyn_core.methods.scgen.design import design_of

        cells = design_of(dataset, cast(ScgenConfig, config)).cells
        return [str(name) for name in dataset.adata.obs_names[cells]]

    def tensors(
        self, dataset: Dataset, config: MethodConfig, split: Split, seed: int, reporter: Reporter
    ) -> Tensors:
        """Return log-normalised expression of every cell that takes part."""
        from scdyn_core.methods.scgen.arrays import scgen_tensors

        return scgen_tensors(dataset, cast(ScgenConfig, config), split, seed, reporter)

    def build(self, tensors: Tensors, config: MethodConfig, seed: int) -> TrainableModule:
        """Return an untrained network for these genes."""
        import torch

        from scdyn_core.methods.scgen.network import ScgenNetwork

        mean, scale = (torch.as_tensor(tensors.constants[name]) for name in ("mean", "scale"))
        return ScgenNetwork(cast(ScgenConfig, config), mean, scale, seed)

    def phases(self, config: MethodConfig) -> Sequence[Phase]:
        """Fit everything together."""
        from scdyn_core.methods.scgen.phases import scgen_phases

        return scgen_phases(cast(ScgenConfig, config))

    def results(
        self,
        models: Sequence[Any],
        tensors: Tensors,
        dataset: Dataset,
        config: MethodConfig,
        reporter: Reporter,
    ) -> Results:
        """Predict the types that were held out, beside baselines; latents and reconstruction."""
        from scdyn_core.methods.scgen.results import scgen_results

        return scgen_results(models, tensors, dataset, cast(ScgenConfig, config), reporter)
