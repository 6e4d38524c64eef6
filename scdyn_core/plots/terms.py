"""The grammar of library terms: reading, evaluating and typesetting them without ``eval``.

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
_FUNCTIONS: dict[str, Callable[[Values], Values]] = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "reciprocal": lambda z: 1.0 / (1.0 + z * z),
}
_HTML = {"exp": "exp({})", "reciprocal": "1/(1+{}<sup>2</sup>)"}


@dataclass(frozen=True)
class Factor:
    """A function of one latent (counted from 0); ``power`` for plain powers."""

    latent: int
    function: str = "power"
    power: int = 1


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
            column = z[:, factor.latent]
            if factor.function == "power":
                value = value * column**factor.power
            else:
                value = value * _FUNCTIONS[factor.function](column)
        return value

    def html(self) -> str:
        """Return the term for a figure's label."""
        if not self.factors:
            return "1"
        return " ".join(_factor_html(factor) for factor in self.factors)


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


def _factor_html(factor: Factor) -> str:
    latent = f"z<sub>{factor.latent + 1}</sub>"
    if factor.function == "power":
        return latent if factor.power == 1 else f"{latent}<sup>{factor.power}</sup>"
    return _HTML.get(factor.function, factor.function + " {}").format(latent)
