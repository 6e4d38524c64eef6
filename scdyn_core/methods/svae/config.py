"""Parameters of sVAE+."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scdyn_core.methods.method import show
from scdyn_core.methods.perturbations.config import PerturbationConfig


class SvaeConfig(PerturbationConfig):
    """What the network is made of, what makes its latents sparse, and how it learns."""

    latents: int = Field(
        10,
        ge=2,
        le=100,
        description="Number of latents; too many open false targets, too few mix programs",
        json_schema_extra=show("Model", term="n_latent"),
    )
    prior: Literal["sparse", "perturbation", "none"] = Field(
        "sparse",
        description="What a perturbation may shift: few latents (sVAE+), all of them (iVAE), or "
        "none (a plain VAE, whose latents know of no perturbation)",
        json_schema_extra=show("Model"),
    )
    hidden: int = Field(
        128,
        ge=8,
        le=2048,
        description="Units of a hidden layer",
        json_schema_extra=show("Model", advanced=True, term="n_hidden"),
    )
    layers: int = Field(
        2,
        ge=1,
        le=6,
        description="Hidden layers of encoder and decoder",
        json_schema_extra=show("Model", advanced=True, term="n_layers"),
    )
    activation: Literal["silu", "relu"] = Field(
        "silu",
        description="Function between the layers: silu is smooth, relu is not",
        json_schema_extra=show("Model", advanced=True),
    )
    normalisation: Literal["none", "batch"] = Field(
        "none",
        description="Batch normalisation in the layers",
        json_schema_extra=show("Model", advanced=True),
    )
    dropout: float = Field(
        0.0,
        ge=0,
        le=0.9,
        description="Share of the encoder's units that are silenced in a step",
        json_schema_extra=show("Model", advanced=True, term="dropout_rate"),
    )
    standardise: bool = Field(
        True,
        description="Read counts scaled to one depth and genes on one scale; raw log counts if not",
        json_schema_extra=show("Model", advanced=True),
    )
    mask: Literal["solved", "gradient", "sampled"] = Field(
        "solved",
        description="How targets are found: solved exactly after every epoch; by gradient of the "
        "expected loss; or by gradient through random draws, as published",
        json_schema_extra=show("Sparsity", advanced=True),
    )
    rotation: bool = Field(
        True,
        description="Turn the latents once, after the warm-up, to where perturbations are sparse",
        json_schema_extra=show("Sparsity", advanced=True),
    )
    sparsity: float = Field(
        0.05,
        ge=0,
        le=50,
        description="Cost of a target in nats per cell: shifts below the square root of twice this "
        "(in sd) stay closed",
        json_schema_extra=show("Sparsity", unit="nats per cell"),
    )
    relative_sparsity: float = Field(
        0.04,
        ge=0,
        le=1,
        description="Share of a perturbation's squared shift that a latent must carry to be its "
        "target: small shifts beside large ones are what is left of a bent map",
        json_schema_extra=show("Sparsity"),
    )
    false_targets: float = Field(
        0.05,
        gt=0,
        le=1e6,
        description="Number of targets that may open by chance alone in the whole matrix: shifts "
        "that few cells cannot tell from noise stay closed",
        json_schema_extra=show("Sparsity", advanced=True),
    )
    beta_penalty: float = Field(
        1.0,
        ge=1,
        le=1000,
        description="Second parameter of the Beta prior of a target's probability; 1 is flat",
        json_schema_extra=show("Sparsity", advanced=True, term="sparse_mask_penalty"),
    )
    decoder_decay: float = Field(
        0.1,
        ge=0,
        le=100,
        description="Penalty on the squared weights of the decoder: the straighter it is, the "
        "better latents keep their direction from one perturbation to the next",
        json_schema_extra=show("Loss", advanced=True),
    )
    weight_kl: float = Field(
        1.0,
        ge=0,
        le=100,
        description="Weight of the distance between posterior and prior",
        json_schema_extra=show("Loss", advanced=True, term="beta"),
    )
    kl_epochs: int = Field(
        10,
        ge=0,
        le=10000,
        description="Epochs over which that weight grows from 0",
        json_schema_extra=show("Loss", advanced=True, term="n_epochs_kl_warmup"),
    )
    warm_up: int = Field(
        15,
        ge=0,
        le=10000,
        description="Epochs with every target open, before latents are turned",
        json_schema_extra=show("Training"),
    )
    epochs: int = Field(
        25,
        ge=1,
        le=10000,
        description="Epochs after the warm-up, in which targets close",
        json_schema_extra=show("Training", term="max_epochs"),
    )
    refine: int = Field(
        5,
        ge=0,
        le=10000,
        description="Epochs with fixed targets before held-out perturbations are looked at",
        json_schema_extra=show("Training", advanced=True, term="stage 2"),
    )
    adapt: int = Field(
        50,
        ge=1,
        le=10000,
        description="Epochs in which the shifts of held-out perturbations are learned, where "
        "targets are not solved",
        json_schema_extra=show("Training", advanced=True, term="stage 3"),
    )
    batch_size: int = Field(
        128,
        ge=8,
        le=100000,
        description="Cells a step",
        json_schema_extra=show("Training", advanced=True, term="batch_size"),
    )
    learning_rate: float = Field(
        3e-3,
        gt=0,
        le=1,
        description="Step size of Adam for the networks",
        json_schema_extra=show("Training", advanced=True, term="lr"),
    )
    mask_rate: float = Field(
        0.05,
        gt=0,
        le=1,
        description="Step size for the targets, where they are learned by gradient",
        json_schema_extra=show("Training", advanced=True),
    )
    shift_rate: float = Field(
        0.02,
        gt=0,
        le=1,
        description="Step size for the shifts, where they are learned by gradient",
        json_schema_extra=show("Training", advanced=True),
    )
    schedule: Literal["cosine", "constant"] = Field(
        "cosine",
        description="How the step size falls after the warm-up",
        json_schema_extra=show("Training", advanced=True),
    )
    epsilon: float = Field(
        1e-8,
        gt=0,
        le=1,
        description="Adam's guard against division by zero",
        json_schema_extra=show("Training", advanced=True, term="eps"),
    )
    importance_samples: int = Field(
        100,
        ge=1,
        le=10000,
        description="Draws per cell by which the evidence of held-out cells is estimated",
        json_schema_extra=show("Evaluation", advanced=True),
    )
