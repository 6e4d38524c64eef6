"""A simulator: parameters with bounds, and the sample they give for a seed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from anndata import AnnData


class Simulator(BaseModel, ABC):
    """Parameters of a generated sample; a subclass adds them and says what follows from them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]

    @abstractmethod
    def sample(self, seed: int) -> AnnData:
        """Generate one sample; the same seed gives the same counts."""

    def provenance(self, seed: int) -> dict[str, Any]:
        """Return what a sample keeps in ``uns["simulator"]``: name, seed and every parameter."""
        return {"name": self.name, "seed": seed, **self.model_dump(mode="json")}
