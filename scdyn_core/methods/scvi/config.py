"""Parameters of scVI."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scdyn_core.methods.method import MethodConfig, show


class ScviConfig(MethodConfig):
    """What the network is made of, how counts are distributed, and how it learns."""

    genes: int = Field(
        2000,
        ge=10,
        le=60000,
        description="Most variable genes of the training cells that are used",
        json_schema_extra=show("Data"),
    )
    latents: int = Field(
        10,
        ge=2,
        le=200,
        description="Number of latents",
        json_schema_extra=show("Model", term="n_latent"),
    )
    likelihood: Literal["nb", "zinb"] = Field(
        "nb",
        description="How counts vary around their mean: negative binomial, or with zeros beyond "
        "that (zero-inflated), which counts of molecules hardly have",
        json_schema_extra=show("Model", term="gene_likelihood"),
    )
    dispersion: Literal["gene", "gene-batch"] = Field(
        "gene",
        description="One dispersion for every gene, or one for every gene in every batch",
        json_schema_extra=show("Model", advanced=True, term="dispersion"),
    )
    batch: Literal["decoder", "both", "none"] = Field(
        "decoder",
        description="Who is told the batch of a cell: the decoder, so that latents need not know "
        "it; the encoder as well; or nobody. Without effect where the data have no batches",
        json_schema_extra=show("Model", term="encode_covariates"),
    )
    hidden: int = Field(
        128,
        ge=8,
        le=2048,
        description="Units of a hidden layer",
        json_schema_extra=show("Model", advanced=True, term="n_hidden"),
    )
    layers: int = Field(
        1,
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
        json_schema_extra=show("Model", advanced=True, term="use_batch_norm"),
    )
    dropout: float = Field(
        0.1,
        ge=0,
        le=0.9,
        description="Share of the encoder's units that are silenced in a step",
        json_schema_extra=show("Model", advanced=True, term="dropout_rate"),
    )
    input_dropout: float = Field(
        0.3,
        ge=0,
        le=0.9,
        description="Share of the genes that the encoder is not shown in a step: what it finds "
        "must not hang on single genes",
        json_schema_extra=show("Model", advanced=True),
    )
    standardise: bool = Field(
        True,
        description="Read counts scaled to one depth and genes on one scale; raw log counts if not",
        json_schema_extra=show("Model", advanced=True),
    )
    informed_start: bool = Field(
        True,
        description="Begin from the shares and dispersions of genes in the training cells; from "
        "random numbers if not",
        json_schema_extra=show("Model", advanced=True),
    )
    weight_kl: float = Field(
        1.0,
        ge=0,
        le=100,
        description="Weight of the distance between posterior and prior",
        json_schema_extra=show("Loss", advanced=True, term="max_kl_weight"),
    )
    kl_epochs: int = Field(
        20,
        ge=0,
        le=10000,
        description="Epochs over which that weight grows from 0",
        json_schema_extra=show("Loss", advanced=True, term="n_epochs_kl_warmup"),
    )
    weight_decay: float = Field(
        1e-6,
        ge=0,
        le=1,
        description="Penalty on the squared parameters (half of their sum, times this)",
        json_schema_extra=show("Loss", advanced=True, term="weight_decay"),
    )
    epochs: int = Field(
        150,
        ge=1,
        le=10000,
        description="Passes over the training cells, at most",
        json_schema_extra=show("Training", term="max_epochs"),
    )
    patience: int = Field(
        25,
        ge=0,
        le=10000,
        description="Epochs without a better validation loss before training stops and the best "
        "weights are taken; 0 trains to the end and keeps the last",
        json_schema_extra=show("Training", term="early_stopping"),
    )
    batch_size: int = Field(
        128,
        ge=8,
        le=100000,
        description="Cells a step",
        json_schema_extra=show("Training", advanced=True, term="batch_size"),
    )
    learning_rate: float = Field(
        5e-3,
        gt=0,
        le=1,
        description="Step size of Adam",
        json_schema_extra=show("Training", advanced=True, term="lr"),
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
    evidence_draws: int = Field(
        10,
        ge=1,
        le=1000,
        description="Draws per cell by which the evidence of test cells is estimated",
        json_schema_extra=show("Evaluation", advanced=True),
    )
