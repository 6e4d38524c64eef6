"""The zero-inflated negative binomial likelihood of counts."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import softplus

from scdyn_core.nn import negative_binomial


def log_likelihood(
    counts: Tensor, log_mean: Tensor, log_dispersion: Tensor, dropout: Tensor
) -> Tensor:
    r"""Return ``log ZINB(counts)`` without the term ``-log counts!``, shape of ``counts``.

    ``π 1[x = 0] + (1 - π) NB(x)`` with ``π = σ(dropout)``. ``log_factorials`` of the negative
    binomial gives what is left out: at a count of 0, where it would stand inside a sum, it is 0.

    Parameters
    ----------
    counts
        ``x``, shape ``(n, G)``.
    log_mean, log_dispersion
        Of the negative binomial, as there.
    dropout
        Log odds of a zero that no mean explains, shape ``(n, G)``.
    """
    # log((1 - π) NB) = log NB - l - log(1 + e^-l): what zeros have in addition is π itself.
    inside = negative_binomial.log_likelihood(counts, log_mean, log_dispersion) - dropout
    return torch.where(counts == 0, softplus(inside), inside) - softplus(-dropout)
