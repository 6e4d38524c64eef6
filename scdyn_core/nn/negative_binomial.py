"""The negative binomial likelihood of counts."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid


def log_likelihood(counts: Tensor, log_mean: Tensor, log_dispersion: Tensor) -> Tensor:
    r"""Return ``log NB(counts)`` without the term ``-log counts!``, shape of ``counts``.

    ``log Γ(x + θ) - log Γ(θ) + θ log(θ / (θ + m)) + x log(m / (θ + m))`` with mean ``m`` and
    inverse dispersion ``θ``: variance ``m + m² / θ``. What is left out depends on no parameter;
    ``log_factorials`` gives it.

    Parameters
    ----------
    counts
        ``x``, shape ``(n, G)``.
    log_mean
        ``log m``, shape ``(n, G)``.
    log_dispersion
        ``log θ``, shape ``(G,)`` or ``(n, G)``.
    """
    dispersion = log_dispersion.exp()
    odds = log_mean - log_dispersion
    return (
        torch.lgamma(counts + dispersion)
        - torch.lgamma(dispersion)
        + dispersion * logsigmoid(-odds)
        + counts * logsigmoid(odds)
    )


def log_factorials(counts: Tensor) -> Tensor:
    """Return ``log counts!``, shape of ``counts``."""
    return torch.lgamma(counts + 1.0)
