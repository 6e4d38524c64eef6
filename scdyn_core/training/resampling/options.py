"""How the samples of a step are drawn, for every method."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Scheme = Literal["uniform", "balanced", "sketch", "marginal", "neighbours", "clusters"]
#: Schemes that read an embedding of the samples.
DENSITY_SCHEMES: tuple[Scheme, ...] = ("sketch", "marginal", "neighbours", "clusters")

#: In place of an embedding: principal components of the training cells.
COMPONENTS = "components"


class SamplingOptions(BaseModel):
    """Which training samples are drawn how often; every choice takes equally many steps."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scheme: Scheme = Field(
        "uniform",
        description="Uniform: every sample once an epoch. Balanced: every cell type equally often. "
        "The others draw more of what looks rare: one axis of the latents at a time (marginal), "
        "far from its neighbours, in small clusters, or evenly over space (sketch)",
    )
    embedding: str = Field(
        "",
        max_length=200,
        description="Where rare samples are looked for, once, before training: an embedding of the "
        "data (obsm), or ``components`` (principal components of the training cells). Empty: the "
        "latents of the model while it learns",
        json_schema_extra={"advanced": True},
    )
    bins: int = Field(
        100,
        ge=2,
        le=10_000,
        description="Bins of a histogram along one axis (marginal)",
        json_schema_extra={"advanced": True, "term": "bins"},
    )
    smoothing: float = Field(
        1e-3,
        ge=0,
        le=1e6,
        description="Added to the density of every bin, in units of density (marginal)",
        json_schema_extra={"advanced": True, "term": "alpha"},
    )
    neighbours: int = Field(
        15,
        ge=2,
        le=500,
        description="Neighbours of a sample, for its distance to them and for clusters",
        json_schema_extra={"advanced": True},
    )
    standardise: bool = Field(
        True,
        description="Bring every axis of the latents to mean 0 and standard deviation 1 first "
        "(marginal); the others compare distances, in which wide axes are to count more",
        json_schema_extra={"advanced": True},
    )
    strength: float = Field(
        1.0,
        ge=0,
        le=4,
        description="Power of the weights: 0 is uniform, .5 halfway, 1 the full scheme",
        json_schema_extra={"advanced": True},
    )
    most: float = Field(
        20.0,
        ge=1,
        le=1e9,
        title="Largest weight",
        description="Largest weight, in times the uniform one",
        json_schema_extra={"advanced": True, "unit": "x uniform"},
    )
    floor: float = Field(
        0.5,
        ge=0,
        le=1,
        title="Smallest weight",
        description="Smallest weight, in times the uniform one: no sample is drawn less often",
        json_schema_extra={"advanced": True, "unit": "x uniform"},
    )
    effective: float = Field(
        0.3,
        ge=0,
        le=1,
        title="Least effective sample size",
        description="Least effective sample size, as a share of the samples",
        json_schema_extra={"advanced": True},
    )
    warm_up: float = Field(
        0.15,
        ge=0,
        le=0.95,
        description="Share of the epochs that is uniform, until the latents say something",
        json_schema_extra={"advanced": True},
    )
    refreshes: int = Field(
        6,
        ge=1,
        le=1_000_000,
        description="How often weights are found again after that; at most once an epoch",
        json_schema_extra={"advanced": True},
    )
    memory: float = Field(
        0.5,
        ge=0,
        le=0.99,
        description="Share of the old weights that stays when they are found again",
        json_schema_extra={"advanced": True},
    )
    draw: Literal["systematic", "independent"] = Field(
        "systematic",
        description="Systematic: as often as the weight says, up to rounding. Independent: with "
        "replacement, as published; leaves a third of the samples out even where weights are equal",
        json_schema_extra={"advanced": True},
    )

    @property
    def adaptive(self) -> bool:
        """Return whether weights follow the latents of the model while it learns."""
        return self.scheme in DENSITY_SCHEMES and not self.embedding


#: Named choices. ``published`` is sc-AR as its authors ran it.
SAMPLING: Mapping[str, SamplingOptions] = MappingProxyType(
    {
        "uniform": SamplingOptions(),
        "balanced": SamplingOptions(scheme="balanced", floor=0.0, effective=0.0, most=1e9),
        "half": SamplingOptions(
            scheme="balanced", strength=0.5, floor=0.0, effective=0.0, most=1e9
        ),
        "sketch": SamplingOptions(scheme="sketch"),
        "marginal": SamplingOptions(scheme="marginal"),
        "neighbours": SamplingOptions(scheme="neighbours"),
        "clusters": SamplingOptions(scheme="clusters"),
        "components": SamplingOptions(scheme="clusters", embedding=COMPONENTS),
        "published": SamplingOptions(
            scheme="marginal",
            smoothing=1e-4,
            standardise=False,
            most=1e9,
            floor=0.0,
            effective=0.0,
            warm_up=0.0,
            refreshes=1_000_000,
            memory=0.0,
            draw="independent",
        ),
    }
)
