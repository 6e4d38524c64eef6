"""A limit cycle: the normal form of a Hopf bifurcation past its critical point."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from scdyn_core.data.simulators.latent_dynamics import LatentDynamics
from scdyn_core.data.simulators.polynomial import PolynomialSystem, Term


class Hopf(LatentDynamics):
    """``dz1/dt = m z1 - w z2 - m z1 r^2``, ``dz2/dt = w z1 + m z2 - m z2 r^2``, ``r = |z|``.

    The cycle is the unit circle; ``m`` is ``attraction``, ``w`` is ``frequency``.
    """

    name: ClassVar[str] = "hopf"
    title: ClassVar[str] = "Limit cycle (generated)"
    summary: ClassVar[str] = (
        "Cells spiral onto a cycle, as in the cell cycle; the latent equations are known."
    )

    attraction: float = Field(
        0.15, gt=0, le=10, description="How fast cells approach the cycle, per hour."
    )
    frequency: float = Field(
        0.35, gt=0, le=10, description="Angular speed on the cycle, radians per hour."
    )

    def system(self) -> PolynomialSystem:
        """Return the normal form with the unit circle as its cycle."""
        m, w = self.attraction, self.frequency
        return PolynomialSystem(
            (
                Term(1, (1, 0), m),
                Term(1, (0, 1), -w),
                Term(1, (3, 0), -m),
                Term(1, (1, 2), -m),
                Term(2, (1, 0), w),
                Term(2, (0, 1), m),
                Term(2, (2, 1), -m),
                Term(2, (0, 3), -m),
            )
        )

    def start(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """Cells start at any phase, inside and outside the cycle."""
        phase = rng.uniform(0, 2 * np.pi, self.n_cells)
        radius = rng.uniform(0.1, 2.5, self.n_cells)
        return np.column_stack([radius * np.cos(phase), radius * np.sin(phase)])

    def hours_range(self) -> tuple[float, float]:
        """From one radian after the start, when transcripts follow the motion, for one turn."""
        return 1.0 / self.frequency, (1.0 + 2 * np.pi) / self.frequency

    def cell_types(self, z: NDArray[np.float64]) -> NDArray[np.str_]:
        """Quarter of the cycle."""
        quarter = (np.arctan2(z[:, 1], z[:, 0]) // (np.pi / 2)).astype(int) % 4
        return np.array([f"phase {number + 1}" for number in quarter])
