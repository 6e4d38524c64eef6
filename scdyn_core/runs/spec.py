"""What a run is asked to do: the contents of ``config.json``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from scdyn_core.data.roles import Roles
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.training.options import TrainingOptions

SCHEMA_VERSION = 1


class DatasetRef(BaseModel):
    """Which data a run reads: a path, checked against the fingerprint when the run starts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    name: str
    fingerprint: str
    roles: Roles


class RunSpec(BaseModel):
    """Everything needed to repeat a run.

    ``prepare`` applies the recipe and stores the result; ``train`` prepares (from the cache
    where it can) and fits ``method`` with ``config``; ``check`` asks what the data can tell the
    method before it is trained; ``explain`` reads the trained run in the folder ``explains``
    closer, as ``explanation`` asks, and leaves its tables there; ``experiment`` trains the method
    many times to answer the question of ``experiment`` (``scdyn_core.experiments.config``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = SCHEMA_VERSION
    kind: Literal["prepare", "train", "check", "explain", "experiment"]
    dataset: DatasetRef
    recipe: Recipe
    method: str | None = None
    preset: str | None = None
    config: dict[str, Any] = Field(default_factory=dict)
    options: TrainingOptions = TrainingOptions()
    explains: Path | None = None
    explanation: dict[str, Any] = Field(default_factory=dict)
    experiment: dict[str, Any] = Field(default_factory=dict)
