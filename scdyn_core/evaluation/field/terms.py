"""The grammar of library terms: reading, evaluating and differentiating them without ``eval``.

A term is ``1`` or a product of factors joined by ``*``: ``z2``, ``z2^3``, ``sin(z1)``
(also cos, tan, exp, log, tanh) and ``1/(1+z1^2)``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.errors import InputError

Values = NDArray[np.float64]

_POWER = re.compile(r"z([1-9]\d{0,2})(?:\^([1-9]))?")
_FUNCTION = re.compile(r"(sin|cos|tan|exp|log|tanh)\(z([1-9]\d{0,2})\)")
_RECIPROCAL = re.compile(r"1/\(1\+z([1-9]\d{0,2})\^2\)")
_LONGEST = 200
#: Function of one latent -> (value, derivative).
_FUNCTIONS: dict[str, tuple[Callable[[Values], Values], Callable[[Values], Values]]] = {
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda z: -np.sin(z)),
    "tan": (np.tan, lambda z: 1.0 + np.tan(z) ** 2),
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda z: 1.0 / z),
    "tanh": (np.tanh, lambda z: 1.0 - np.tanh(z) ** 2),
    "reciprocal": (lambda z: 1.0 / (1.0 + z * z), lambda z: -2.0 * z / (1.0 + z * z) ** 2),
}


@dataclass(frozen=True)
class Factor:
    """A function of one latent (counted from 0); ``power`` for plain powers."""

    latent: int
    function: str = "power"
    power: int = 1

    def value(self, z: Values) -> Values:
        """Return the factor, shape ``(n,)``, at ``z`` of shape ``(n, d)``."""
        column = z[:, self.latent]
        if self.function == "power":
            return np.asarray(column**self.power, dtype=np.float64)
        return _FUNCTIONS[self.function][0](column)

    def slope(self, z: Values) -> Values:
        """Return its derivative along its latent, shape ``(n,)``."""
        column = z[:, self.latent]
        if self.function == "power":
            return np.asarray(self.power * column ** (self.power - 1), dtype=np.float64)
        return _FUNCTIONS[self.function][1](column)


@dataclass(frozen=True)
class LibraryTerm:
    """A product of factors; none of them is the constant."""

    factors: tuple[Factor, ...]

    @property
    def latents(self) -> int:
        """How many latents the term needs at least."""
        return max((factor.latent + 1 for factor in self.factors), default=0)

    def evaluate(self, z: Values) -> Values:
        """Return the term's value, shape ``(n,)``, at ``z`` of shape ``(n, d)``."""
        value = np.ones(len(z))
        for factor in self.factors:
            value = value * factor.value(z)
        return value

    def gradient(self, z: Values) -> Values:
        """Return the term's derivative along every latent, shape ``(n, d)`` (product rule)."""
        gradient = np.zeros_like(z)
        for position, factor in enumerate(self.factors):
            others = LibraryTerm((*self.factors[:position], *self.factors[position + 1 :]))
            gradient[:, factor.latent] += factor.slope(z) * others.evaluate(z)
        return gradient


def parse_term(text: str) -> LibraryTerm:
    """Read a term.

    Raises
    ------
    InputError
        When the text is not in the grammar.
    """
    if text == "1":
        return LibraryTerm(())
    powers: Counter[int] = Counter()
    functions: list[Factor] = []
    for part in text[:_LONGEST].split("*"):
        if power := _POWER.fullmatch(part):
            powers[int(power[1]) - 1] += int(power[2] or 1)
        elif function := _FUNCTION.fullmatch(part):
            functions.append(Factor(int(function[2]) - 1, function[1]))
        elif reciprocal := _RECIPROCAL.fullmatch(part):
            functions.append(Factor(int(reciprocal[1]) - 1, "reciprocal"))
        else:
            raise InputError(
                "table equations",
                found=f"the term {text[:40]!r}",
                needed="products of z1, z1^2, sin(z1), cos, tan, exp, log, tanh, 1/(1+z1^2)",
                fix="Open a run made by scdyn; this table was written by something else.",
            )
    plain = (Factor(latent, power=power) for latent, power in sorted(powers.items()))
    return LibraryTerm((*plain, *functions))
