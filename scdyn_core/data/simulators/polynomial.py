"""Latent equations of motion with polynomial right-hand sides, given by their terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Term:
    """One term of one latent equation: ``coefficient * prod(z_i ** powers_i)``.

    Attributes
    ----------
    equation
        Number of the equation, from 1.
    powers
        Power of every latent, shape ``(d,)``.
    coefficient
        In latent units an hour.
    """

    equation: int
    powers: tuple[int, ...]
    coefficient: float

    @property
    def name(self) -> str:
        """The term as text: ``1``, ``z1``, ``z1*z2``, ``z1^2*z2``."""
        factors = [
            f"z{latent}" if power == 1 else f"z{latent}^{power}"
            for latent, power in enumerate(self.powers, start=1)
            if power
        ]
        return "*".join(factors) or "1"


@dataclass(frozen=True)
class PolynomialSystem:
    """``dz/dt = f(z)`` with polynomial ``f``; the terms are the only definition of ``f``."""

    terms: Sequence[Term]

    def velocity(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``dz/dt`` per hour at ``z``, both of shape ``(n, d)``."""
        dz = np.zeros_like(z)
        for term in self.terms:
            product = np.full(len(z), term.coefficient)
            for latent, power in enumerate(term.powers):
                product = product * z[:, latent] ** power
            dz[:, term.equation - 1] += product
        return dz

    def paths(
        self, start: NDArray[np.float64], hours: NDArray[np.float64], n_steps: int
    ) -> NDArray[np.float64]:
        """Follow every cell from its start for its own time (classical Runge-Kutta).

        Parameters
        ----------
        start
            Latent position of every cell at time 0, shape ``(n, d)``.
        hours
            How long every cell is followed, shape ``(n,)``.
        n_steps
            Equal steps per cell.

        Returns
        -------
        Positions, shape ``(n_steps + 1, n, d)``.
        """
        step = (hours / n_steps)[:, None]
        path = np.empty((n_steps + 1, *start.shape))
        path[0] = start
        for i in range(n_steps):
            z = path[i]
            k1 = self.velocity(z)
            k2 = self.velocity(z + step / 2 * k1)
            k3 = self.velocity(z + step / 2 * k2)
            k4 = self.velocity(z + step * k3)
            path[i + 1] = z + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        return path
