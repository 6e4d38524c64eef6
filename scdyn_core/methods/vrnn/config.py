"""Parameters of the VRNN."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scdyn_core.methods.method import show
from scdyn_core.methods.responses.config import ResponseConfig


class VrnnConfig(ResponseConfig):
    """What the network reads, what it is made of and how it learns."""

    scaling: Literal["shrunken", "unit variance", "centre", "first time", "none"] = Field(
        "shrunken",
        description="How each gene is scaled: shrunken divides by its size beyond its noise, so "
        "that shapes are compared and noise stays small; none compares levels",
        json_schema_extra=show("Data", term="scaling"),
    )
    hidden: int = Field(
        32,
        ge=4,
        le=512,
        description="Size of the recurrent state",
        json_schema_extra=show("Model", term="h_dim"),
    )
    latents: int = Field(
        4,
        ge=1,
        le=256,
        description="Latent values per time",
        json_schema_extra=show("Model", term="z_dim"),
    )
    cell: Literal["gru", "lstm"] = Field(
        "gru",
        description="Kind of the recurrent cell: gru has two gates, lstm three and a second state",
        json_schema_extra=show("Model", advanced=True),
    )
    widths: tuple[Annotated[int, Field(ge=1, le=1024)], ...] = Field(
        (64, 64),
        max_length=4,
        description="Hidden layers of encoder and prior",
        json_schema_extra=show("Model", advanced=True),
    )
    decoder_widths: tuple[Annotated[int, Field(ge=1, le=1024)], ...] = Field(
        (64,),
        max_length=4,
        description="Hidden layers of the decoder",
        json_schema_extra=show("Model", advanced=True),
    )
    decoder_state: Literal["previous", "updated"] = Field(
        "previous",
        description="State the decoder reads: the previous one has not seen the value it decodes; "
        "the updated one has, so that it can be copied",
        json_schema_extra=show("Model", advanced=True),
    )
    time_gaps: bool = Field(
        True,
        description="Tell the network how long ago the previous time was",
        json_schema_extra=show("Model", advanced=True),
    )
    likelihood: Literal["measured", "unit"] = Field(
        "measured",
        description="Noise of a value: as its cells say, plus the scatter below; or one for all",
        json_schema_extra=show("Loss", advanced=True),
    )
    weight_kl: float = Field(
        1.0,
        ge=0,
        le=100,
        description="Weight of the distance between posterior and prior at the end of training",
        json_schema_extra=show("Loss", term="beta"),
    )
    annealing: float = Field(
        0.4,
        ge=0,
        le=1,
        description="Share of the training over which that weight grows from 0",
        json_schema_extra=show("Loss", advanced=True),
    )
    latent_summary: Literal["all times", "mean over times"] = Field(
        "all times",
        description="What clusters are made from: posterior means side by side, or their mean",
        json_schema_extra=show("Clusters", advanced=True),
    )
    hide: float = Field(
        0.5,
        ge=0,
        le=1,
        description="Share of genes of which one random time is hidden at each step of training, "
        "so that the network learns to predict what was not measured",
        json_schema_extra=show("Training", advanced=True),
    )
    epochs: int = Field(
        120,
        ge=1,
        le=20000,
        description="Passes over the training genes",
        json_schema_extra=show("Training"),
    )
    learning_rate: float = Field(
        3e-3,
        gt=0,
        le=1,
        description="Step size of Adam",
        json_schema_extra=show("Training", advanced=True),
    )
    schedule: Literal["cosine", "constant"] = Field(
        "cosine",
        description="How the step size falls over training",
        json_schema_extra=show("Training", advanced=True),
    )
    batch_size: int = Field(
        250,
        ge=8,
        le=100000,
        description="Genes a step",
        json_schema_extra=show("Training", advanced=True),
    )
    clip_norm: float | None = Field(
        5.0,
        gt=0,
        le=1e6,
        description="Largest norm of a gradient; empty leaves it free",
        json_schema_extra=show("Training", advanced=True),
    )
    validate_every: int = Field(
        10,
        ge=1,
        le=1000,
        description="Epochs between evaluations",
        json_schema_extra=show("Training", advanced=True),
    )
    samples: int = Field(
        100,
        ge=1,
        le=10000,
        description="Random paths by which a hidden time is predicted",
        json_schema_extra=show("Prediction", advanced=True),
    )
