"""Parameters of GPO-VAE and its relatives."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scdyn_core.methods.method import show
from scdyn_core.methods.regulation.config import RegulationConfig


class GpoVaeConfig(RegulationConfig):
    """Where perturbations act, what is believed of it, and how all is learned."""

    acts_on: Literal["rates", "nodes", "latents"] = Field(
        "rates",
        description="Where perturbations act: on the rates of genes, along paths of the network; "
        "on a vector of nodes that the decoder reads (GPO-VAE); or on the latents (SAMS-VAE)",
        json_schema_extra=show("Model"),
    )
    masked: bool = Field(
        True,
        description="Effects on nodes or latents are there or not (SAMS-VAE); dense if not "
        "(CPA-VAE)",
        json_schema_extra=show("Model", advanced=True),
    )
    guide: Literal["mean_field", "correlated"] = Field(
        "mean_field",
        description="Posterior of effects on nodes or latents: independent of which are there, or "
        "given by a network that reads which are",
        json_schema_extra=show("Model", advanced=True, term="guide"),
    )
    latents: int = Field(
        10,
        ge=1,
        le=500,
        description="Latents of the state of a cell, apart from its perturbation",
        json_schema_extra=show("Model", term="n_latent"),
    )
    hidden: int = Field(
        128, ge=8, le=2048, description="Units of a hidden layer",
        json_schema_extra=show("Model", advanced=True, term="decoder_n_hidden"),
    )  # fmt: skip
    encoder_layers: int = Field(
        2, ge=1, le=6, description="Hidden layers of the encoder",
        json_schema_extra=show("Model", advanced=True),
    )  # fmt: skip
    decoder_layers: int = Field(
        2, ge=1, le=6, description="Hidden layers of the decoder",
        json_schema_extra=show("Model", advanced=True, term="decoder_n_layers + 1"),
    )  # fmt: skip
    activation: Literal["silu", "leaky"] = Field(
        "silu",
        description="Function between the layers: silu is smooth, leaky is not",
        json_schema_extra=show("Model", advanced=True),
    )
    guide_hidden: int = Field(
        400, ge=8, le=2048, description="Units of a hidden layer of a correlated guide",
        json_schema_extra=show("Model", advanced=True, term="embedding_encoder_n_hidden"),
    )  # fmt: skip
    guide_layers: int = Field(
        4, ge=1, le=8, description="Hidden layers of a correlated guide",
        json_schema_extra=show("Model", advanced=True, term="embedding_encoder_n_layers"),
    )  # fmt: skip
    standardise: bool = Field(
        True,
        description="Read counts scaled to one depth; raw log counts if not",
        json_schema_extra=show("Model", advanced=True),
    )
    mask_prior: float = Field(
        0.05,
        gt=0,
        lt=1,
        description="Share of effects on nodes or latents that are expected to be there",
        json_schema_extra=show("Model", advanced=True, term="mask_prior_prob"),
    )
    particles: int = Field(
        5,
        ge=1,
        le=100,
        description="Draws of the effects in a step, where they are drawn",
        json_schema_extra=show("Model", advanced=True, term="n_particles"),
    )
    every_draw: bool = Field(
        False,
        description="Every cell is decoded under every draw, as published; else each cell under "
        "one of them, which costs a fraction and is right on average too",
        json_schema_extra=show("Model", advanced=True),
    )
    alignment: float = Field(
        0.0,
        ge=0,
        le=1e5,
        description="Weight of the published alignment of masks with the changes of single cells",
        json_schema_extra=show("Published alignment", advanced=True, term="gloss_coeff"),
    )
    criterion: float = Field(
        0.4,
        ge=0,
        le=10,
        description="Change of a gene above which the alignment asks for an edge",
        json_schema_extra=show("Published alignment", advanced=True, term="fc_criteria"),
    )
    hops: int = Field(
        5, ge=0, le=20, description="Longest path that the alignment counts, less one",
        json_schema_extra=show("Published alignment", advanced=True, term="hop"),
    )  # fmt: skip
    edge_penalty: float = Field(
        0.0,
        ge=0,
        le=1e4,
        description="Weight of the mean probability of an edge",
        json_schema_extra=show("Published alignment", advanced=True, term="penalty_coeff"),
    )
    matching: Literal[
        "relaxed transport", "optimal transport", "nearest", "assignment", "random", "mean",
        "published",
    ] = Field(
        "relaxed transport",
        description="How cells are matched with control cells for the alignment",
        json_schema_extra=show("Published alignment", advanced=True),
    )  # fmt: skip
    quality: bool = Field(
        False,
        description="Learn what cells that fail quality control look like, apart from the others",
        json_schema_extra=show("Quality", advanced=True, term="QC"),
    )
    counterfactual: float = Field(
        0.1,
        ge=0,
        le=100,
        description="Weight with which the latents of a cell are kept where they would be had its "
        "quality been the other",
        json_schema_extra=show("Quality", advanced=True, term="beta"),
    )
    weight_kl: float = Field(
        1.0,
        ge=0,
        le=100,
        description="Weight of the distance between posterior and prior",
        json_schema_extra=show("Loss", advanced=True),
    )
    kl_epochs: int = Field(
        5,
        ge=0,
        le=10000,
        description="Epochs over which that weight grows from 0",
        json_schema_extra=show("Loss", advanced=True),
    )
    epochs: int = Field(
        50,
        ge=1,
        le=10000,
        description="Passes over the training cells",
        json_schema_extra=show("Training"),
    )
    batch_size: int = Field(
        256, ge=8, le=100000, description="Cells a step",
        json_schema_extra=show("Training", advanced=True),
    )  # fmt: skip
    learning_rate: float = Field(
        3e-3, gt=0, le=1, description="Step size of Adam for the networks",
        json_schema_extra=show("Training", advanced=True),
    )  # fmt: skip
    effect_rate: float = Field(
        0.01,
        gt=0,
        le=1,
        description="Step size for edges and effects",
        json_schema_extra=show("Training", advanced=True),
    )
    schedule: Literal["cosine", "constant"] = Field(
        "cosine", description="How the step size falls",
        json_schema_extra=show("Training", advanced=True),
    )  # fmt: skip
    clip_norm: float = Field(
        100.0, gt=0, le=1e6, description="Largest norm of a gradient",
        json_schema_extra=show("Training", advanced=True),
    )  # fmt: skip
    patience: int = Field(
        0,
        ge=0,
        le=1000,
        description="Evaluations without a better validation loss before training ends; 0: never",
        json_schema_extra=show("Training", advanced=True),
    )
    importance_samples: int = Field(
        100,
        ge=1,
        le=10000,
        description="Draws per cell by which the evidence of test cells is estimated",
        json_schema_extra=show("Evaluation", advanced=True),
    )
