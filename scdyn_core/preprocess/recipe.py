"""Recipes: ordered steps with their parameters, hashed, written and read as YAML."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scdyn_core.data.roles import RoleName, Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess.recipe_errors import readable
from scdyn_core.preprocess.steps import (
    AnyStep,
    DiffusionPseudotime,
    FilterGenes,
    Log1p,
    Moments,
    Neighbours,
    Normalise,
    Pca,
    QcMetrics,
    SharedCounts,
    Umap,
    VariableGenes,
    Velocity,
    VelocityGraph,
    VelocityPseudotime,
    Windows,
)

#: A recipe is a few kilobytes; anything larger is not one.
MAX_FILE_BYTES = 100_000
MAX_DEPTH = 20


class Recipe(BaseModel):
    """An ordered list of steps; the same recipe on the same data gives the same result."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field("recipe", min_length=1, max_length=100, description="Name for people.")
    steps: tuple[AnyStep, ...] = Field((), max_length=100, description="What is done, in order.")
    seed: int = Field(
        0, ge=0, le=2**31 - 1, description="Seed of every step that draws random numbers."
    )

    def digest(self) -> str:
        """Return a hexadecimal digest of steps, parameters and seed, not of the name."""
        content = self.model_dump(mode="json", exclude={"name"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]

    def check(self, roles: Roles) -> None:
        """Check before any work that every step finds its roles, given or made on the way.

        Raises
        ------
        ConfigError
            Naming the roles that are missing and the first step that needs one.
        """
        known = set(roles.assigned())
        if "spliced" in known:
            # Spliced counts stand in where no other counts are known.
            known.add("counts")
        missing: dict[RoleName, str] = {}
        for step in self.steps:
            for role in step.needs:
                if role not in known:
                    missing.setdefault(role, step.kind)
            known.update(step.gives)
        if missing:
            wanted = ("the role " if len(missing) == 1 else "the roles ") + ", ".join(missing)
            raise ConfigError(
                f"recipe {self.name}, step {next(iter(missing.values()))}",
                found=f"no column or layer with {wanted}",
                needed=wanted,
                fix="Set this in the roles of the dataset, or choose a recipe without this step.",
            )

    def to_yaml(self) -> str:
        """Return the recipe as YAML that ``from_yaml`` reads."""
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True)

    @classmethod
    def from_yaml(cls, text: str, place: str = "recipe") -> Recipe:
        """Read a recipe.

        Raises
        ------
        ConfigError
            Naming the line, step and field that does not fit.
        """
        try:
            _refuse_costly_yaml(text)
            content = yaml.safe_load(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f"line {mark.line + 1}" if mark is not None else "the text"
            raise ConfigError(
                place,
                found=f"{where} is not plain YAML",
                needed="a YAML mapping with a list of steps, without aliases",
                fix="Correct the line; `to_yaml` of a named recipe shows the form.",
            ) from None
        return cls.from_content(content, place)

    @classmethod
    def from_content(cls, content: Any, place: str = "recipe") -> Recipe:
        """Read a recipe from plain data, such as parsed YAML or JSON.

        Raises
        ------
        ConfigError
            Naming the step and field that does not fit.
        """
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            raise readable(error, place) from None

    @classmethod
    def from_file(cls, path: Path) -> Recipe:
        """Read a recipe from a YAML file.

        Raises
        ------
        ConfigError
            When the file cannot be read, or does not hold a recipe.
        """
        place = f"recipe {path.name}"
        try:
            with path.open("rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
            if len(data) > MAX_FILE_BYTES:
                raise ValueError(f"more than {MAX_FILE_BYTES} bytes")
            text = data.decode("utf-8")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise ConfigError(
                place,
                found=f"a file that cannot be read ({reason})",
                needed="a YAML file with a recipe",
                fix="Give the path of a recipe.",
            ) from None
        return cls.from_yaml(text, place)


def _refuse_costly_yaml(text: str) -> None:
    """Raise ``YAMLError`` on what makes a short text costly: aliases and deep nesting."""
    depth = 0
    for event in yaml.parse(text):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH or isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError


_LOG_VALUES: tuple[AnyStep, ...] = (QcMetrics(), FilterGenes(), Normalise(), Log1p())
_MAP: tuple[AnyStep, ...] = (VariableGenes(), Pca(), Neighbours(), Umap())
_VELOCITY: tuple[AnyStep, ...] = (
    QcMetrics(), SharedCounts(), Normalise(), Log1p(), *_MAP,
    Moments(), Velocity(), VelocityGraph(),
)  # fmt: skip

#: The recipes that come with scdyn. ``log_values`` suits data without counts.
RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(name="velocity", steps=_VELOCITY),
        Recipe(name="expression", steps=(*_LOG_VALUES, *_MAP)),
        Recipe(name="log_values", steps=_MAP),
        Recipe(name="pseudotime", steps=(*_LOG_VALUES, *_MAP, DiffusionPseudotime())),
        Recipe(name="velocity_pseudotime", steps=(*_VELOCITY, VelocityPseudotime())),
        Recipe(name="windows", steps=(*_VELOCITY, VelocityPseudotime(), Windows())),
        Recipe(name="none"),
    )
}


def default_recipe(roles: Roles) -> Recipe:
    """Return the recipe that makes the most of what the data has."""
    if roles.spliced is not None and roles.unspliced is not None:
        return RECIPES["velocity"]
    return RECIPES["log_values" if roles.counts is None else "expression"]
