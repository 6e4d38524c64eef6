"""A branching: progenitors choose between two fates that exclude each other."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from scdyn_core.data.simulators.latent_dynamics import LatentDynamics
from scdyn_core.data.simulators.polynomial import PolynomialSystem, Term


class Bistable(LatentDynamics):
    """Lotka-Volterra competition of two fate programmes.

    ``dz1/dt = r z1 (1 - z1 - c z2)``, ``dz2/dt = r z2 (1 - z2 - c z1)`` with ``c > 1``: both
    programmes rise together until one suppresses the other.
    """

    name: ClassVar[str] = "bistable"
    title: ClassVar[str] = "Branching into two fates (generated)"
    summary: ClassVar[str] = (
        "Progenitors become one of two cell types; the latent equations are known."
    )

    growth: float = Field(0.5, gt=0, le=10, description="Growth of each programme, per hour.")
    competition: float = Field(
        2.0, gt=1, le=10, description="How strongly each programme suppresses the other."
    )
    gain: float = Field(
        5.0, gt=0, le=10, description="How strongly promoters respond to the latent state."
    )
    hours: float = Field(14.0, gt=0, le=1000, description="Hours over which cells are taken.")

    def system(self) -> PolynomialSystem:
        """Return symmetric competition with both pure states stable."""
        r, c = self.growth, self.competition
        return PolynomialSystem(
            (
                Term(1, (1, 0), r),
                Term(1, (2, 0), -r),
                Term(1, (1, 1), -r * c),
                Term(2, (0, 1), r),
                Term(2, (1, 1), -r * c),
                Term(2, (0, 2), -r),
            )
        )

    def start(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """Progenitors express a little of both programmes."""
        return rng.uniform(0.02, 0.2, (self.n_cells, 2))

    def hours_range(self) -> tuple[float, float]:
        """From the start."""
        return 0.0, self.hours

    def cell_types(self, z: NDArray[np.float64]) -> NDArray[np.str_]:
        """Early until one programme is clearly ahead."""
        ahead = z[:, 0] - z[:, 1]
        fate = np.where(ahead > 0, "branch A", "branch B")
        return np.where(np.abs(ahead) > 0.3, fate, "early")
