"""A score: a number on data the model never saw, beside the baselines a sceptic would ask for."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Score(BaseModel):
    """One metric of one run, with its baselines."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    value: float
    split: str
    better: Literal["higher", "lower"]
    replicate_sd: float | None = None
    baselines: dict[str, float] = Field(default_factory=dict)

    @property
    def measured_on(self) -> str:
        """What the score was measured on, for people: a part of the cells if not said otherwise."""
        return self.split if " " in self.split else f"{self.split} cells"

    def beaten_by(self) -> list[str]:
        """Return the baselines that are at least as good as the model."""
        sign = 1.0 if self.better == "higher" else -1.0
        return [name for name, value in self.baselines.items() if sign * value >= sign * self.value]
