"""Small generated screens and short trainings for tests of sVAE+."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import torch

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators import simulate
from scdyn_core.methods.method import Results, Tensors
from scdyn_core.methods.perturbations.reading import Reading
from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.method import Svae
from scdyn_core.methods.svae.trained import TrainableSvae
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions

METHOD, QUIET = Svae(), SilentReporter()
SCREEN = {"interventions": 8, "cells_per_intervention": 40, "genes": 30, "latents": 4}
SHORT: dict[str, Any] = {
    "latents": 4, "hidden": 12, "layers": 1, "warm_up": 2, "epochs": 3, "kl_epochs": 2,
    "refine": 1, "adapt": 2, "importance_samples": 4, "batch_size": 64,
}  # fmt: skip
TINY = SvaeConfig(**SHORT)


def screen(seed: int = 0, roles: dict[str, str] | None = None, **changes: Any) -> Dataset:
    """Return a generated screen, with control cells unless ``control_cells`` is 0."""
    params = {**SCREEN, "control_cells": 120, **changes}
    adata = simulate("mechanism_shift", seed, **params)
    played = {"perturbation": "perturbation", "counts": "X", **(roles or {})}
    if params["control_cells"]:
        played["control_perturbation"] = "control"
    if params.get("guides"):
        played["guide"] = "guide"
    return Dataset(adata, Roles(**played), "screen", "0" * 16)


def with_groups(dataset: Dataset, *roles: str) -> Dataset:
    """Return the dataset with a column of three groups of cells that plays some roles."""
    rng = np.random.default_rng(0)
    adata = dataset.adata.copy()
    adata.obs["group"] = pd.Categorical(rng.choice(["a", "b", "c"], adata.n_obs, p=[0.5, 0.3, 0.2]))
    played = dataset.roles.model_copy(update=dict.fromkeys(roles, "group"))
    return Dataset(adata, played, dataset.name, dataset.fingerprint)


def tensors_of(dataset: Dataset, config: SvaeConfig = TINY, seed: int = 0) -> Tensors:
    """Return what the network learns from."""
    split = METHOD.split(dataset, config, seed)
    return METHOD.tensors(dataset, config, split, seed, QUIET)


def train(
    tensors: Tensors,
    config: SvaeConfig = TINY,
    *,
    build: Any = None,
    phases: Any = None,
    seed: int = 0,
    replicates: int = 1,
    reporter: Any = None,
    checkpoints: Any = None,
) -> list[Any]:
    """Return trained networks, latents as each found them."""
    return fit(
        build or (lambda each: METHOD.build(tensors, config, each)),
        phases or METHOD.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(seed=seed, replicates=replicates, device="cpu"),
        reporter or QUIET,
        checkpoints,
        tensors.parts.get("adapt"),
    )


def results_of(dataset: Dataset, config: SvaeConfig = TINY, **options: Any) -> Results:
    """Train and read out."""
    tensors = tensors_of(dataset, config, options.get("seed", 0))
    networks = METHOD.settle(train(tensors, config, **options), tensors, config)
    return METHOD.results(networks, tensors, dataset, config, QUIET)


def network_of(
    config: SvaeConfig, *, members: Any = ((4, 4), (0, 4), (1, 4), (2, 4), (0, 1), (2, 3)),
    targets: int = 4, genes: int = 9, batches: int = 0, seed: int = 0,
) -> TrainableSvae:  # fmt: skip
    """Return a network whose parameters are all random, in double precision; label 0 is control."""
    generator = torch.Generator().manual_seed(seed)
    reading = Reading(
        members=torch.tensor(members),
        targets=targets,
        batches=batches,
        depth=4.0,
        mean=torch.rand(genes, generator=generator),
        scale=1.0 + torch.rand(genes, generator=generator),
        log_share=torch.randn(genes, generator=generator),
        cells=torch.full((targets,), 20.0),
        control=0,
    )
    network = TrainableSvae(config, reading, seed).double()
    with torch.no_grad():
        for value in network.parameters():
            value.add_(0.3 * torch.randn(value.shape, generator=generator, dtype=value.dtype))
        network.shift.mul_(5.0)
        network.mask_logit.copy_(torch.randn(network.mask_logit.shape, generator=generator))
        network.beta.fill_(0.7)
        network.strictness.fill_(0.6)
        network.origin.copy_(torch.randn(config.latents, generator=generator))
        frame = torch.randn(config.latents, config.latents, generator=generator)
        network.frame.add_(0.4 * frame.double())
        network.log_volume.copy_(torch.linalg.slogdet(network.frame).logabsdet)
    return network


def cells_for(network: TrainableSvae, n: int = 11, seed: int = 1) -> dict[str, torch.Tensor]:
    """Return random cells that a network can read, in double precision."""
    generator = torch.Generator().manual_seed(seed)
    counts = torch.poisson(
        4.0 * torch.rand(n, len(network.mean), generator=generator), generator=generator
    ).double()
    cells = {
        "counts": counts,
        "library": counts.sum(1).log(),
        "log_factorials": torch.lgamma(counts + 1.0).sum(1),
        "label": torch.randint(len(network.members), (n,), generator=generator).double(),
    }
    width = network.decoder.weights[0].shape[1] - network.config.latents
    if width:
        levels = torch.randint(width, (n,), generator=generator)
        cells["batch"] = torch.nn.functional.one_hot(levels, width).double()
    return cells
