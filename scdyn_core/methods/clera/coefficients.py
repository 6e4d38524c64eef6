"""How the coefficients of the latent equations start, and how trained ones are removed.

Symbols: Xi (p, d) coefficients, mask and allowed (p, d) 1 where a term is kept, or may be.
``state`` is one replicate's name -> tensor; functions change it in place.
"""

from __future__ import annotations

import torch
from torch import Tensor

from scdyn_core.errors import ConfigError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.library import Library


def start_coefficients(config: CleraConfig, terms: int, generator: torch.Generator) -> Tensor:
    """Return the start of Xi, shape ``(terms, latents)``; zero where it will be solved for."""
    shape = (terms, config.latents)
    if config.solver == "least_squares":
        return torch.zeros(shape)
    if config.coefficient_start == "constant":
        return torch.full(shape, 0.3)
    normal = torch.randn(shape, generator=generator)
    if config.coefficient_start == "specified":
        return torch.where(normal < 0, -1.0, 1.0)
    if config.coefficient_start == "xavier":
        return normal.mul((2.0 / sum(shape)) ** 0.5)
    return normal


def allowed_terms(config: CleraConfig, library: Library) -> Tensor:
    """Return 1 where a term may enter an equation, shape ``(p, d)``.

    Raises
    ------
    ConfigError
        When an excluded term is not in the library, or its equation does not exist.
    """
    names = [term.text for term in library.terms]
    allowed = torch.ones(len(names), config.latents)
    for entry in config.excluded_terms:
        equation, term = entry.split(":", 1) if ":" in entry else ("", entry)
        number, term = equation.strip().removeprefix("dz"), term.strip()
        known = not number or (number.isdecimal() and 1 <= int(number) <= config.latents)
        if term not in names or not known:
            raise ConfigError(
                "excluded_terms",
                found=entry[:80],
                needed=f"a term of the library, alone or after dz1: … dz{config.latents}:, such "
                f"as {names[-1]} or dz1:{names[-1]}",
                fix="Take it out, or write it as the library does: " + ", ".join(names[:40]),
            )
        allowed[names.index(term), slice(None) if not number else int(number) - 1] = 0.0
    return allowed


def threshold_coefficients(state: dict[str, Tensor], threshold: float) -> None:
    """Keep the terms with ``|Xi| > threshold``, judged on the unmasked Xi as published."""
    large = (state["coefficients"].abs() > threshold).to(state["mask"].dtype)
    state["mask"].copy_(large * state["allowed"])
