"""Options of the trainer that every method shares."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from scdyn_core.training.resampling.options import SamplingOptions
from scdyn_core.training.seeding import derive_seed


class TrainingOptions(BaseModel):
    """How a model is trained, whatever the model is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = Field(0, ge=0, lt=2**31, description="Controls the split, the start and every draw")
    replicates: int = Field(1, ge=1, le=64, description="Models trained at once from other seeds")
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="Where to train; auto takes a GPU when there is one"
    )
    threads: int = Field(
        0,
        ge=0,
        le=256,
        description="CPU threads; 0 leaves one core free for the dashboard",
        json_schema_extra={"advanced": True},
    )
    checkpoint_seconds: float = Field(
        15.0,
        ge=0,
        le=3600,
        description="Seconds between checkpoints: the most a crash can cost",
        json_schema_extra={"advanced": True, "unit": "s"},
    )

    sampling: SamplingOptions = Field(
        SamplingOptions(), description="Which training samples are drawn how often"
    )

    def replicate_seeds(self) -> list[int]:
        """Return the seed of every replicate."""
        return [derive_seed(self.seed, "replicate", k) for k in range(self.replicates)]
