"""Roles: which column or layer of a dataset plays which part in an analysis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from scdyn_core.errors import ConfigError

RoleName = Literal[
    "cell_type",
    "time",
    "pseudotime",
    "condition",
    "control_condition",
    "perturbation",
    "control_perturbation",
    "guide",
    "batch",
    "sample",
    "counts",
    "spliced",
    "unspliced",
    "velocity",
]


class Roles(BaseModel):
    """The part each obs column, level and layer plays; ``None`` where nothing plays it.

    ``counts`` may be ``"X"``; every other matrix role names a layer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cell_type: str | None = Field(None, description="obs column with the type of each cell")
    time: str | None = Field(None, description="numeric obs column with the sampling time")
    pseudotime: str | None = Field(None, description="numeric obs column that orders the cells")
    condition: str | None = Field(None, description="obs column with the treatment")
    control_condition: str | None = Field(None, description="level of the condition: untreated")
    perturbation: str | None = Field(None, description="obs column with the perturbed target")
    control_perturbation: str | None = Field(
        None, description="level of the perturbation: not targeted"
    )
    guide: str | None = Field(None, description="obs column with the guide RNA of each cell")
    batch: str | None = Field(None, description="obs column with the technical batch")
    sample: str | None = Field(None, description="obs column with the biological sample or donor")
    counts: str | None = Field(None, description="layer with raw counts, or X")
    spliced: str | None = Field(None, description="layer with spliced counts")
    unspliced: str | None = Field(None, description="layer with unspliced counts")
    velocity: str | None = Field(None, description="layer with a velocity per cell and gene")

    def assigned(self) -> dict[str, str]:
        """Return the roles that are played, by name."""
        return {name: value for name, value in self.model_dump().items() if value is not None}

    def replace(self, changes: Mapping[str, str | None]) -> Roles:
        """Return roles with some assignments changed.

        Raises
        ------
        ConfigError
            When a key is not the name of a role.
        """
        unknown = sorted(set(changes) - set(type(self).model_fields))
        if unknown:
            raise ConfigError(
                "roles",
                found=f"unknown role {unknown[0]!r}",
                needed="one of " + ", ".join(type(self).model_fields),
                fix="Correct the name of the role.",
            )
        return type(self)(**{**self.model_dump(), **changes})


#: Roles that name an obs column.
COLUMN_ROLES: tuple[RoleName, ...] = (
    "cell_type", "time", "pseudotime", "condition", "perturbation", "guide", "batch", "sample",
)  # fmt: skip
#: Roles that name a level of another role's column: level role -> column role.
LEVEL_ROLES: dict[RoleName, RoleName] = {
    "control_condition": "condition",
    "control_perturbation": "perturbation",
}
#: Roles that name a matrix of cells × genes.
LAYER_ROLES: tuple[RoleName, ...] = ("counts", "spliced", "unspliced", "velocity")


class RoleGuess(BaseModel):
    """A role guessed from names and contents, with the reason shown to the user."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: RoleName
    value: str
    reason: str
