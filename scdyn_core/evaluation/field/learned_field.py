"""The learned equations as a function: the vector field and its Jacobian.

Symbols: z (n, d) latents; Theta (n, p) terms; Xi (p, d) coefficients.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.errors import InputError
from scdyn_core.evaluation.field.terms import LibraryTerm, Values, parse_term

#: States up to which all terms are evaluated in one call.
FEW = 30


@dataclass(frozen=True)
class LearnedField:
    """Right-hand side of ``dz/dt = Theta(z) Xi`` of one replicate.

    Attributes
    ----------
    terms
        The ``p`` terms that are active in at least one equation.
    coefficients
        Xi, shape ``(p, d)``; zero where a term is not active.
    """

    terms: tuple[LibraryTerm, ...]
    coefficients: NDArray[np.float64]

    @classmethod
    def of(cls, equations: pd.DataFrame, replicate: int) -> LearnedField:
        """Read one replicate of a run's ``equations`` table.

        Raises
        ------
        InputError
            When a term is not in the grammar or names a latent without an equation.
        """
        rows = equations[equations["replicate"] == replicate]
        dimension = int(rows["equation"].max())
        active = rows[rows["active"].astype(bool)]
        names = list(dict.fromkeys(active["term"].astype(str)))
        terms = tuple(parse_term(name) for name in names)
        if any(term.latents > dimension for term in terms):
            raise InputError(
                "table equations",
                found=f"a term with more latents than the {dimension} equations",
                needed="one equation for every latent",
                fix="Open a run made by scdyn; this table is not whole.",
            )
        coefficients = np.zeros((len(terms), dimension))
        position = {name: index for index, name in enumerate(names)}
        at = [position[name] for name in active["term"].astype(str)]
        coefficients[at, active["equation"].to_numpy(int) - 1] = active["coefficient"]
        return cls(terms, coefficients)

    @property
    def dimension(self) -> int:
        """Number of latents ``d``."""
        return int(self.coefficients.shape[1])

    def __call__(self, z: Values) -> Values:
        """Return ``dz/dt``, shape ``(n, d)``, at ``z`` of shape ``(n, d)``."""
        if not self.terms:
            return np.zeros_like(z)
        with np.errstate(all="ignore"):
            return np.asarray(self._theta(z) @ self.coefficients, dtype=np.float64)

    def jacobian(self, z: Values) -> Values:
        """Return ``∂(dz_i/dt)/∂z_j``, shape ``(n, d, d)``, at ``z`` of shape ``(n, d)``."""
        if not self.terms:
            return np.zeros((*z.shape, z.shape[1]))
        with np.errstate(all="ignore"):
            return np.asarray(np.einsum("npj,pi->nij", self._gradients(z), self.coefficients))

    @cached_property
    def _exponents(self) -> NDArray[np.int64] | None:
        """Power of every latent in every term, shape ``(p, d)``; ``None`` beyond polynomials."""
        factors = [(row, factor) for row, term in enumerate(self.terms) for factor in term.factors]
        if any(factor.function != "power" for _, factor in factors):
            return None
        exponents = np.zeros((len(self.terms), self.dimension), dtype=np.int64)
        for row, factor in factors:
            exponents[row, factor.latent] += factor.power
        return exponents

    def _theta(self, z: Values) -> Values:
        """Return every term, shape ``(n, p)``."""
        # One call for all terms is quick for few states, a loop over the terms for many: powers
        # of every latent in every term are mostly ones.
        if self._exponents is None or len(z) > FEW:
            return np.column_stack([term.evaluate(z) for term in self.terms])
        return np.asarray(np.prod(z[:, None, :] ** self._exponents, axis=2))

    def _gradients(self, z: Values) -> Values:
        """Return every term's derivative along every latent, shape ``(n, p, d)``."""
        exponents = self._exponents
        if exponents is None:
            return np.stack([term.gradient(z) for term in self.terms], axis=1)
        columns = []
        for latent in range(self.dimension):
            lowered = exponents.copy()
            lowered[:, latent] = np.maximum(lowered[:, latent] - 1, 0)
            slopes = np.prod(z[:, None, :] ** lowered, axis=2)
            columns.append(exponents[:, latent] * slopes)
        return np.stack(columns, axis=2)
