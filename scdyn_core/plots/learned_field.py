"""The learned equations as a function: the vector field, and paths through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.errors import InputError
from scdyn_core.plots.terms import LibraryTerm, Values, parse_term

#: Evaluations of the field after which a path counts as too stiff to follow.
MOST_EVALUATIONS = 20_000


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
            theta = np.column_stack([term.evaluate(z) for term in self.terms])
            return np.asarray(theta @ self.coefficients, dtype=np.float64)

    def path(self, start: Sequence[float] | Values, times: Values, bound: Values) -> Values:
        """Follow the field from one point; NaN after it leaves the box or becomes too stiff.

        Parameters
        ----------
        start
            Shape ``(d,)``.
        times
            Increasing, shape ``(n,)``, from the time of the start.
        bound
            Largest ``|z|`` per latent, shape ``(d,)``.

        Returns
        -------
        Shape ``(n, d)``.
        """
        from scipy.integrate import solve_ivp

        evaluations = 0

        def field(_: float, z: Values) -> Values:
            nonlocal evaluations
            evaluations += 1
            if evaluations > MOST_EVALUATIONS:
                raise _TooStiff
            return np.asarray(self(z[None])[0], dtype=np.float64)

        def outside(_: float, z: Values) -> float:
            return float(np.min(bound - np.abs(z)))

        outside.terminal = True  # type: ignore[attr-defined]
        path = np.full((len(times), self.dimension), np.nan)
        path[0] = start
        try:
            solution = solve_ivp(
                field, (times[0], times[-1]), path[0], t_eval=times, events=outside, rtol=1e-5
            )
        except (_TooStiff, ValueError):
            return path
        path[: solution.y.shape[1]] = solution.y.T
        return path


class _TooStiff(Exception):
    pass
