"""What an experiment asks."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Arm = Literal[
    "uniform", "balanced", "half", "sketch", "marginal", "neighbours", "clusters", "components",
    "published",
]  # fmt: skip
TypeName = Annotated[str, Field(min_length=1, max_length=200)]
ALL_ARMS: tuple[Arm, ...] = get_args(Arm)


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names without those that were there before: a pair counted twice is no second one."""
    return tuple(dict.fromkeys(names))


class ResamplingExperiment(BaseModel):
    """Whether resampling helps on these data: every arm against uniform, from the same starts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Literal["resampling"] = "resampling"
    arms: Annotated[tuple[Arm, ...], AfterValidator(_once)] = Field(
        ("half", "balanced", "clusters", "components"),
        description="Ways of drawing cells that are set beside uniform",
    )
    seeds: int = Field(
        5,
        ge=2,
        le=50,
        description="Pairs: each seed gives every arm the same split and the same start",
    )
    rare_share: float = Field(
        0.05,
        gt=0,
        lt=1,
        description="Types with a smaller share of the cells count as rare",
    )


class UnseenExperiment(BaseModel):
    """How well the response of a type is predicted whose treated cells were never seen.

    Every type is held out in turn.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Literal["unseen response"] = "unseen response"
    types: Annotated[tuple[TypeName, ...], AfterValidator(_once)] = Field(
        (),
        max_length=1000,
        description="Types held out, one after another; empty: all that have both conditions",
    )
    arms: Annotated[tuple[Arm, ...], AfterValidator(_once)] = Field(
        ("uniform",),
        min_length=1,
        description="Ways of drawing cells",
    )
    seeds: int = Field(3, ge=1, le=50, description="Models of every type and arm")


Experiment = Annotated[ResamplingExperiment | UnseenExperiment, Field(discriminator="question")]
