"""What if: the learned equations with some coefficients changed, or latents held at a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from scdyn_core.errors import InputError
from scdyn_core.evaluation.field.learned_field import LearnedField
from scdyn_core.evaluation.field.terms import Values, parse_term


@dataclass(frozen=True)
class Change:
    """A change of the equations.

    Attributes
    ----------
    coefficients
        (equation from 1, term as text) -> new coefficient; 0 removes the term.
    held
        Latent (counted from 0) -> value it is kept at, sd.
    """

    coefficients: Mapping[tuple[int, str], float] = field(default_factory=dict)
    held: Mapping[int, float] = field(default_factory=dict)

    def equations(self, learned: LearnedField) -> LearnedField:
        """Return the changed equations; a held latent has no term left.

        Raises
        ------
        InputError
            When an equation or a term does not exist.
        """
        terms = list(learned.terms)
        coefficients = learned.coefficients.copy()
        for (equation, text), value in self.coefficients.items():
            term = parse_term(text)
            if not 1 <= equation <= learned.dimension or term.latents > learned.dimension:
                raise InputError(
                    "changed equations",
                    found=f"term {text!r} in equation {equation}",
                    needed=f"equations and latents from 1 to {learned.dimension}",
                    fix="Choose a term of the library.",
                )
            if term not in terms:
                terms.append(term)
                coefficients = np.vstack([coefficients, np.zeros(learned.dimension)])
            coefficients[terms.index(term), equation - 1] = value
        for axis in self.held:
            coefficients[:, axis] = 0.0
        return LearnedField(tuple(terms), coefficients)

    def starts(self, z: Values) -> Values:
        """Return the states ``(n, d)`` with every held latent at its value."""
        held = z.copy()
        for axis, value in self.held.items():
            held[:, axis] = value
        return held
