"""Small networks and short trainings for tests of GPO-VAE and its relatives."""

from __future__ import annotations

from typing import Any

import torch

from scdyn_core.data.dataset import Dataset
from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.effects import PathEffects
from scdyn_core.methods.gpo_vae.method import GpoVae
from scdyn_core.methods.gpo_vae.network import GpoNetwork
from scdyn_core.methods.gpo_vae.presets import CPA, PUBLISHED, SAMS
from scdyn_core.methods.method import Results, Tensors
from scdyn_core.methods.perturbations.reading import Reading
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions
from tests.methods.regulation import small
from tests.methods.regulation.small import QUIET

METHOD = GpoVae()
SHORT: dict[str, Any] = {
    "latents": 3, "hidden": 12, "guide_hidden": 10, "guide_layers": 2, "epochs": 2, "kl_epochs": 1,
    "batch_size": 64, "importance_samples": 4,
}  # fmt: skip
TINY = GpoVaeConfig(**SHORT)
#: Every preset, small: as published but for sizes.
PRESETS = {
    "scdyn": TINY,
    "published": PUBLISHED.model_copy(update=SHORT),
    "SAMS-VAE": SAMS.model_copy(update=SHORT),
    "CPA-VAE": CPA.model_copy(update=SHORT),
}
TARGETS, GENES = 4, 9
#: Label 0 is the control; two pairs.
MEMBERS = ((4, 4), (0, 4), (1, 4), (2, 4), (0, 1), (2, 3))


def tensors_of(dataset: Dataset, config: GpoVaeConfig = TINY, seed: int = 0) -> Tensors:
    """Return what the network learns from."""
    return small.tensors_of(dataset, config, METHOD, seed)


def train(
    tensors: Tensors,
    config: GpoVaeConfig = TINY,
    *,
    build: Any = None,
    seed: int = 0,
    replicates: int = 1,
    reporter: Any = None,
    checkpoints: Any = None,
) -> list[Any]:
    """Return trained networks."""
    return fit(
        build or (lambda each: METHOD.build(tensors, config, each)),
        METHOD.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(seed=seed, replicates=replicates, device="cpu"),
        reporter or QUIET,
        checkpoints,
        tensors.parts.get("adapt"),
    )


def results_of(dataset: Dataset, config: GpoVaeConfig = TINY, **options: Any) -> Results:
    """Train and read out."""
    tensors = tensors_of(dataset, config, options.get("seed", 0))
    return METHOD.results(train(tensors, config, **options), tensors, dataset, config, QUIET)


def reading(batches: int = 0, generator: torch.Generator | None = None) -> Reading:
    """Return what a network must know of cells of ``GENES`` genes, the last never seen."""
    generator = generator or torch.Generator().manual_seed(0)
    mean = torch.rand(GENES, generator=generator)
    mean[-1] = 0.0
    return Reading(
        members=torch.tensor(MEMBERS),
        targets=TARGETS,
        batches=batches,
        depth=4.0,
        mean=mean,
        scale=1.0 + torch.rand(GENES, generator=generator),
        log_share=torch.randn(GENES, generator=generator),
        cells=torch.full((TARGETS,), 20.0),
        control=0,
    )


def network_of(config: GpoVaeConfig, *, batches: int = 0, seed: int = 0) -> GpoNetwork:
    """Return a network whose parameters are all random, in double precision."""
    generator = torch.Generator().manual_seed(seed)
    effects = None
    if config.acts_on == "rates":
        cost = torch.full((TARGETS, GENES), 3.0)
        column = torch.tensor([0, 2, GENES, 5])
        cost[[0, 1, 3], [0, 2, 5]] = torch.inf
        effects = PathEffects(
            0.3 * torch.randn(TARGETS, GENES, generator=generator),
            torch.zeros(TARGETS, GENES), column, torch.tensor([-1.5, -1.0, -1.0, 2.0]), cost,
            config.size, torch.tensor(MEMBERS), 100,
        )  # fmt: skip
    network = GpoNetwork(config, reading(batches, generator), 100, seed, effects).double()
    with torch.no_grad():
        for value in network.parameters():
            value.add_(0.3 * torch.randn(value.shape, generator=generator, dtype=value.dtype))
        network.beta.fill_(0.7)
    return network


def cells_for(network: GpoNetwork, n: int = 11, seed: int = 1) -> dict[str, torch.Tensor]:
    """Return random cells that a network can read, in double precision."""
    generator = torch.Generator().manual_seed(seed)

    def drawn() -> torch.Tensor:
        rate = 4.0 * torch.rand(n, GENES, generator=generator)
        return torch.poisson(rate, generator=generator).double()

    counts = drawn()
    known = (torch.rand(n, generator=generator) < 0.6).double()
    cells = {
        "counts": counts,
        "library": counts.sum(1).log(),
        "log_factorials": torch.lgamma(counts + 1.0).sum(1),
        "label": torch.randint(len(MEMBERS), (n,), generator=generator).double(),
        "fails": (torch.rand(n, generator=generator) < 0.4).double(),
        "has_counterfactual": known,
        "counterfactual": 0.5 * drawn() * known.unsqueeze(1),
        "delta": torch.rand(n, TARGETS, generator=generator).double(),
    }
    cells["delta"][:, 2] = torch.nan
    width = network.decoder.weights[0].shape[1] - network.config.latents
    if width:
        levels = torch.randint(width, (n,), generator=generator)
        cells["batch"] = torch.nn.functional.one_hot(levels, width).double()
    return cells
