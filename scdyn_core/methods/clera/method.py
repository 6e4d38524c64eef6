"""CLERA on the common contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.errors import ConfigError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.explain.config import ExplainConfig
from scdyn_core.methods.clera.published import PUBLISHED
from scdyn_core.methods.method import (
    MethodConfig,
    Results,
    RoleNeeds,
    Table,
    Tensors,
    TrainedMethod,
)
from scdyn_core.reporter import Reporter
from scdyn_core.training.phase import Phase

if TYPE_CHECKING:
    from scdyn_core.training.module import TrainableModule


class Clera(TrainedMethod):
    """Sparse equations of motion of a latent space, learned with the space itself."""

    key = "clera"
    title = "CLERA"
    summary = (
        "Learns a few latent coordinates and the sparse equations that move cells through them, "
        "from expression and RNA velocity or an order of the cells."
    )
    citation = (
        "CLERA, NAR Genomics and Bioinformatics 2025; SINDy autoencoder: Champion et al., "
        "PNAS 2019, doi:10.1073/pnas.1906995116"
    )
    roles = RoleNeeds(
        one_of=(("spliced", "unspliced"), ("velocity",), ("pseudotime",)),
        optional=("cell_type",),
    )
    Config = CleraConfig
    presets: ClassVar = {"scdyn": CleraConfig(), "published": PUBLISHED}
    Explanation = ExplainConfig

    def tensors(
        self, dataset: Dataset, config: MethodConfig, split: Split, seed: int, reporter: Reporter
    ) -> Tensors:
        """Build expression, derivative and classes of every part."""
        from scdyn_core.methods.clera.arrays import clera_tensors

        return clera_tensors(dataset, cast(CleraConfig, config), split, seed, reporter)

    def check(
        self, dataset: Dataset, config: MethodConfig, seed: int, reporter: Reporter
    ) -> Mapping[str, Table]:
        """Compare the sources of the derivative, each with its null, on validation cells."""
        from scdyn_core.methods.clera.check import check_sources

        split = self.split(dataset, config, seed)
        return check_sources(dataset, cast(CleraConfig, config), split, seed, reporter)

    def build(self, tensors: Tensors, config: MethodConfig, seed: int) -> TrainableModule:
        """Return an untrained network for these arrays."""
        import torch

        from scdyn_core.methods.clera.network import CleraNetwork

        config = cast(CleraConfig, config)
        train = tensors.parts["train"]
        learns_classes = "classes" in train and config.weight_classification > 0
        variances = torch.as_tensor(tensors.constants["variances"], dtype=torch.float32)
        d, components = config.latents, tensors.constants["components"]
        if d > len(components):
            raise ConfigError(
                "latents",
                found=f"{d} latents",
                needed=f"at most {len(components)}, the principal components of these data",
                fix="Lower latents, or use more cells and genes.",
            )
        # The network reads either the components themselves or the genes.
        axes = np.eye(len(components))[:d] if config.components else components[:d]
        return CleraNetwork(
            config,
            inputs=train["x"].shape[1],
            scale=float(tensors.constants["scale"]) if config.scale_input else 1.0,
            variances=variances if config.normalise_losses else torch.ones(2),
            classes=train["classes"].shape[1] if learns_classes else 0,
            seed=seed,
            axes=torch.as_tensor(axes, dtype=torch.float32),
            axis_sd=torch.as_tensor(tensors.constants["score_sd"][:d], dtype=torch.float32),
        )

    def phases(self, config: MethodConfig) -> Sequence[Phase]:
        """Warm-up of the latent space, fit of space and equations, refinement of the terms."""
        config = cast(CleraConfig, config)
        shared = {"reconstruction": config.weight_reconstruction, "network": config.weight_network}
        if config.weight_classification:
            shared["classification"] = config.weight_classification
        if not config.weight_network:
            del shared["network"]
        moving = {
            "derivative": config.weight_derivative,
            "latent_derivative": config.weight_latent_derivative,
        }
        solved = config.solver == "least_squares"
        pull = {} if solved else {"sparsity": config.weight_sparsity}
        warmup = _phase(
            config, "warmup", config.warmup_epochs,
            shared | {"tangent": config.weight_derivative}, frozen=True,
        )  # fmt: skip
        fit = _phase(config, "fit", config.fit_epochs, shared | moving | pull, frozen=solved)
        refine = _phase(
            config, "refine", config.refine_epochs, shared | moving,
            fresh_optimiser=config.fresh_refinement, restore_best=config.keep_best,
        )  # fmt: skip
        return [phase for phase in (warmup, fit, refine) if phase.epochs]

    def settle(
        self, modules: Sequence[TrainableModule], tensors: Tensors, config: MethodConfig
    ) -> Sequence[TrainableModule]:
        """Match the latents of the replicates, so that z1 of one is z1 of the other."""
        from scdyn_core.methods.clera.alignment import matched_networks
        from scdyn_core.methods.clera.network import CleraNetwork

        return matched_networks([cast(CleraNetwork, module) for module in modules], tensors)[0]

    def edges(
        self, table: Callable[[str], pd.DataFrame | None], replicate: int
    ) -> pd.DataFrame | None:
        """Latents that drive latents, from the equations, and the genes that latents drive."""
        from scdyn_core.methods.clera.interactions import clera_edges

        return clera_edges(table, replicate)

    def results(
        self,
        models: Sequence[TrainableModule],
        tensors: Tensors,
        dataset: Dataset,
        config: MethodConfig,
        reporter: Reporter,
    ) -> Results:
        """Read equations, latents, programs and scores beside baselines."""
        from scdyn_core.methods.clera.network import CleraNetwork
        from scdyn_core.methods.clera.results import clera_results

        networks = [cast(CleraNetwork, module) for module in models]
        return clera_results(networks, tensors, dataset, cast(CleraConfig, config), reporter)

    def explain(
        self,
        models: Sequence[TrainableModule],
        tensors: Tensors,
        config: MethodConfig,
        request: MethodConfig,
        reporter: Reporter,
    ) -> Mapping[str, Table]:
        """Attribute genes to latents, latents to genes, and cell types to both."""
        from scdyn_core.methods.clera.explain.explain import explain_networks
        from scdyn_core.methods.clera.network import CleraNetwork

        networks = [cast(CleraNetwork, module) for module in models]
        return explain_networks(networks, tensors, cast(ExplainConfig, request), reporter)


def _phase(
    config: CleraConfig,
    name: str,
    epochs: int,
    weights: dict[str, float],
    *,
    frozen: bool = False,
    fresh_optimiser: bool = False,
    restore_best: bool = False,
) -> Phase:
    return Phase(
        name=name,
        epochs=epochs,
        weights=weights,
        learning_rate=config.learning_rate,
        schedule=config.schedule,
        batch_size=config.batch_size,
        clip_norm=config.clip_norm,
        frozen=("coefficients",) if frozen else (),
        fresh_optimiser=fresh_optimiser,
        restore_best=restore_best,
        validate_every=config.validate_every,
    )
