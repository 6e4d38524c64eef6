"""The candidate terms of the latent equations (SINDy library).

Symbols
-------
z : (n, d)   latent coordinates
Theta : (n, p)   library values
Xi : (p, d)   coefficients; zdot = Theta(z) Xi

Order of the terms: constant, z_i, 1/(1+z_i²), exp z_i, products of two (i ≤ j) up to five
factors, then sin z_i, cos z_i, tanh z_i.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from scdyn_core.methods.clera.config import LibraryConfig

if TYPE_CHECKING:
    from torch import Tensor

Factors = tuple[int, ...]


@dataclass(frozen=True)
class Term:
    """One candidate term: how to read it in text and in LaTeX."""

    text: str
    latex: str


def _product(factors: Factors) -> Term:
    latex = " ".join(
        f"z_{{{i + 1}}}" + (f"^{{{factors.count(i)}}}" if factors.count(i) > 1 else "")
        for i in sorted(set(factors))
    )
    return Term("*".join(f"z{i + 1}" for i in factors), latex)


#: Function -> (text, latex) patterns for one coordinate, in library order around the products.
_BEFORE: dict[str, tuple[str, str]] = {
    "reciprocal": ("1/(1+{t}^2)", r"\frac{{1}}{{1+{x}^{{2}}}}"),
    "exp": ("exp({t})", r"e^{{{x}}}"),
}
_AFTER: dict[str, tuple[str, str]] = {
    "sin": ("sin({t})", r"\sin {x}"),
    "cos": ("cos({t})", r"\cos {x}"),
    "tanh": ("tanh({t})", r"\tanh {x}"),
}


def _evaluators() -> dict[str, Callable[[Tensor], Tensor]]:
    import torch

    return {
        "reciprocal": lambda z: 1.0 / (1.0 + z * z),
        "exp": torch.exp,
        "sin": torch.sin,
        "cos": torch.cos,
        "tanh": torch.tanh,
    }


@dataclass(frozen=True)
class Library:
    """The candidate terms for ``latents`` coordinates."""

    latents: int
    config: LibraryConfig

    def _enabled(self, patterns: dict[str, tuple[str, str]]) -> list[str]:
        return [name for name in patterns if getattr(self.config, name)]

    def _products(self, order: int) -> list[Factors]:
        return list(combinations_with_replacement(range(self.latents), order))

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The terms in order."""
        coordinates = [(f"z{i + 1}", f"z_{{{i + 1}}}") for i in range(self.latents)]

        def functions(patterns: dict[str, tuple[str, str]]) -> list[Term]:
            return [
                Term(patterns[name][0].format(t=text), patterns[name][1].format(x=latex))
                for name in self._enabled(patterns)
                for text, latex in coordinates
            ]

        constant = [Term("1", "1")] if self.config.constant else []
        linear = [Term(text, latex) for text, latex in coordinates]
        products = [
            _product(factors)
            for order in range(2, self.config.order + 1)
            for factors in self._products(order)
        ]
        return tuple(constant + linear + functions(_BEFORE) + products + functions(_AFTER))

    @cached_property
    def size(self) -> int:
        """Number of terms ``p``."""
        return len(self.terms)

    @cached_property
    def _product_indices(self) -> list[tuple[list[int], list[int]]]:
        """Per order ≥ 2: position of the product without its last factor, and that factor."""
        indices: list[tuple[list[int], list[int]]] = []
        previous: dict[Factors, int] = {(i,): i for i in range(self.latents)}
        for order in range(2, self.config.order + 1):
            products = self._products(order)
            indices.append(
                ([previous[factors[:-1]] for factors in products], [f[-1] for f in products])
            )
            previous = {factors: position for position, factors in enumerate(products)}
        return indices

    def __call__(self, z: Tensor) -> Tensor:
        """Evaluate every term: ``Theta``, shape ``(n, p)``, for ``z`` of shape ``(n, d)``."""
        import torch

        evaluators = _evaluators()
        columns = [torch.ones_like(z[..., :1])] if self.config.constant else []
        columns.append(z)
        columns += [evaluators[name](z) for name in self._enabled(_BEFORE)]
        lower = z
        for left, right in self._product_indices:
            lower = lower[..., left] * z[..., right]
            columns.append(lower)
        columns += [evaluators[name](z) for name in self._enabled(_AFTER)]
        return torch.cat(columns, dim=-1)

    def relabelled(
        self, order: Sequence[int], signs: Sequence[float]
    ) -> tuple[list[int], list[float]]:
        """Return which term each becomes, and its sign, when latents change place and sign.

        With ``z'_i = signs[i] · z_{order[i]}``, term ``k`` of ``z'`` is ``signs_k`` times term
        ``terms[k]`` of ``z``. Found by value at random points: two terms of a library that agree
        there are the same function.

        Raises
        ------
        ValueError
            When a term has no counterpart: ``exp(-z)`` is not in the library.
        """
        import torch

        generator = torch.Generator().manual_seed(0)
        old = torch.randn(16, self.latents, generator=generator, dtype=torch.float64)
        new = old[:, list(order)] * torch.as_tensor(signs, dtype=torch.float64)
        before, after = self(old).T, self(new).T
        exact = "donot_use_mm_for_euclid_dist"
        same, same_term = torch.cdist(after, before, compute_mode=exact).min(1)
        mirror, mirror_term = torch.cdist(after, -before, compute_mode=exact).min(1)
        if bool((torch.minimum(same, mirror) > 1e-9 * after.norm(dim=1)).any()):
            raise ValueError("a term of the library has no mirror image")
        terms = torch.where(same <= mirror, same_term, mirror_term)
        return terms.tolist(), torch.where(same <= mirror, 1.0, -1.0).tolist()
