"""A step of a recipe: typed parameters and one change to the data."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from scdyn_core.data.roles import RoleName, Roles

if TYPE_CHECKING:
    from anndata import AnnData


class StepRecord(BaseModel):
    """What one step did, shown to the user and stored with the recipe's result."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    title: str
    cells_before: int
    cells_after: int
    genes_before: int
    genes_after: int
    seconds: float
    message: str
    facts: dict[str, float | int | str] = Field(default_factory=dict)


class Outcome(BaseModel):
    """What ``Step.apply`` has to say beyond the data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message: str
    facts: dict[str, float | int | str] = Field(default_factory=dict)
    roles: dict[RoleName, str | None] = Field(
        default_factory=dict,
        description="roles the step newly fills, such as pseudotime, or empties (None)",
    )


class Step(BaseModel):
    """Base of every step; a subclass is its parameters plus ``apply``.

    Steps never change a matrix that has a role (raw, spliced, unspliced counts): normalised
    values go to ``X``, moments and velocity to layers of their own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ClassVar[str]
    summary: ClassVar[str]
    needs: ClassVar[tuple[RoleName, ...]] = ()
    gives: ClassVar[tuple[RoleName, ...]] = ()

    @abstractmethod
    def apply(self, adata: AnnData, roles: Roles, seed: int) -> tuple[AnnData, Outcome]:
        """Return the changed data. ``adata`` is the recipe's own copy and may be changed.

        ``seed`` is the recipe's; whatever is random in the step starts from it.
        """
