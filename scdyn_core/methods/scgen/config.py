"""Parameters of scGen."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scdyn_core.methods.method import MethodConfig, show

Predictor = Literal[
    "latent arithmetic",
    "decoded difference",
    "nearest types",
    "combined",
    "nearest type's shift",
    "similar types' shift",
]


class ScgenConfig(MethodConfig):
    """Which type is held out, the autoencoder, and what predicts the response."""

    held_out: str = Field(
        "",
        max_length=200,
        description="Type whose treated cells take no part and are predicted; empty: every type "
        "that has no treated cells",
        json_schema_extra=show("Cells"),
    )
    treated: str = Field(
        "",
        max_length=200,
        description="Condition that is predicted; empty: the commonest beside the control",
        json_schema_extra=show("Cells"),
    )
    predictor: Predictor = Field(
        "combined",
        description="What predicts the response; all are scored, this one is the headline",
        json_schema_extra=show("Prediction"),
    )
    width: float = Field(
        0.3,
        gt=0,
        le=100,
        description="How fast the weight of a type falls with the distance of its control cells, "
        "in mean distances",
        json_schema_extra=show("Prediction", advanced=True),
    )
    validation: float = Field(
        0.1,
        gt=0,
        le=0.5,
        description="Share of the cells of every type and condition that training is watched on",
        json_schema_extra=show("Cells", advanced=True),
    )
    test: float = Field(
        0.1,
        gt=0,
        le=0.5,
        description="Share of the cells of every type and condition that nothing is learned from",
        json_schema_extra=show("Cells", advanced=True),
    )
    genes: int = Field(
        2000,
        ge=10,
        le=50_000,
        description="Most variable genes of the training cells that are used, at most",
        json_schema_extra=show("Cells", term="n_top_genes"),
    )
    latents: int = Field(
        32,
        ge=1,
        le=1000,
        description="Latents of a cell",
        json_schema_extra=show("Model", term="z_dim"),
    )
    hidden: int = Field(
        256,
        ge=8,
        le=4096,
        description="Units of a hidden layer",
        json_schema_extra=show("Model", advanced=True),
    )
    layers: int = Field(
        2,
        ge=1,
        le=6,
        description="Hidden layers of encoder and decoder each",
        json_schema_extra=show("Model", advanced=True),
    )
    activation: Literal["leaky", "relu", "silu"] = Field(
        "silu",
        description="Function between the layers: silu is smooth, relu and leaky are not",
        json_schema_extra=show("Model", advanced=True),
    )
    normalisation: Literal["none", "batch"] = Field(
        "none",
        description="Bring hidden units of a batch to one mean and spread",
        json_schema_extra=show("Model", advanced=True),
    )
    dropout: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of hidden units that a training step leaves out",
        json_schema_extra=show("Model", advanced=True),
    )
    standardise: bool = Field(
        False,
        description="Read and fit genes in units of their standard deviation, so that quiet genes "
        "count like loud ones",
        json_schema_extra=show("Model", advanced=True),
    )
    weight_kl: float = Field(
        0.1,
        ge=0,
        le=1000,
        description="Weight of the distance between posterior and prior",
        json_schema_extra=show("Loss", term="kl_weight"),
    )
    weight_decay: float = Field(
        0.0,
        ge=0,
        le=10,
        description="Pulls all parameters towards 0: added to the gradient times the parameter",
        json_schema_extra=show("Loss", advanced=True, term="weight_decay"),
    )
    epochs: int = Field(
        100,
        ge=1,
        le=100_000,
        description="Passes over the training cells",
        json_schema_extra=show("Training"),
    )
    batch_size: int = Field(
        128,
        ge=8,
        le=100_000,
        description="Cells a step",
        json_schema_extra=show("Training", advanced=True, term="batch_size"),
    )
    learning_rate: float = Field(
        1e-3,
        gt=0,
        le=1,
        description="Step size of Adam",
        json_schema_extra=show("Training", advanced=True, term="lr"),
    )
    schedule: Literal["cosine", "constant"] = Field(
        "cosine",
        description="How the step size falls",
        json_schema_extra=show("Training", advanced=True),
    )
    restore_best: bool = Field(
        True,
        description="Keep the weights with the lowest validation loss",
        json_schema_extra=show("Training", advanced=True),
    )
