"""Replicates in one frame: the latents of each are matched to those of a reference replicate.

Equations do not change when latents change place or sign, so replicates that found the same
thing may call it by other names. The matching gives each latent of a replicate the number and
the sign of the reference's latent it goes along with on validation cells.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from scdyn_core.methods.clera.library import Library
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.method import Tensors

Matrix = NDArray[np.floating]


@dataclass(frozen=True)
class Matching:
    """Latent ``i`` of the reference is ``signs[i]`` times latent ``order[i]`` of the replicate.

    Attributes
    ----------
    correlation
        Of the matched latents after the change of sign, shape ``(d,)``.
    """

    order: tuple[int, ...]
    signs: tuple[float, ...]
    correlation: Matrix

    @property
    def agreement(self) -> float:
        """Mean |correlation| of the matched latents."""
        return float(np.abs(self.correlation).mean())


def match_latents(reference: Matrix, replicate: Matrix, *, flips: bool) -> Matching:
    """Match latents one to one with the largest sum of |correlation| (Hungarian algorithm).

    Parameters
    ----------
    reference, replicate
        Latents of the same cells, shape ``(n, d)``.
    flips
        Whether signs may change.
    """
    correlation = correlations(reference, replicate)
    _, order = linear_sum_assignment(-np.abs(correlation))
    found = correlation[np.arange(len(order)), order]
    signs = np.where((found < 0) & flips, -1.0, 1.0)
    return Matching(tuple(map(int, order)), tuple(map(float, signs)), signs * found)


def reference_replicate(latents: Sequence[Matrix]) -> int:
    """Return the replicate whose latents agree best with those of all others on average.

    Parameters
    ----------
    latents
        Latents of the same cells in every replicate, each ``(n, d)``.
    """
    agreement = np.zeros((len(latents), len(latents)))
    for i, first in enumerate(latents):
        for j in range(i):
            agreement[i, j] = agreement[j, i] = match_latents(
                latents[j], first, flips=True
            ).agreement
    return int(agreement.sum(axis=1).argmax())


def matched_networks(
    networks: Sequence[CleraNetwork], tensors: Tensors
) -> tuple[list[CleraNetwork], int]:
    """Return the replicates with matched latents, and which one they are matched to.

    Matching again changes nothing. Only validation cells are looked at.
    """
    latents = _validation_latents(networks, tensors)
    reference = reference_replicate(latents)
    flips = may_flip(networks[0].library)
    # Where the equations may not all use the same terms, latents must keep their numbers.
    if not bool((networks[0].allowed == networks[0].allowed[:, :1]).all()):
        return [copy.deepcopy(network) for network in networks], reference
    matched = []
    for network, z in zip(networks, latents, strict=True):
        found = match_latents(latents[reference], z, flips=flips)
        own = copy.deepcopy(network)
        own.relabel_latents(found.order, found.signs)
        matched.append(own)
    return matched, reference


def reference_of(networks: Sequence[CleraNetwork], tensors: Tensors) -> int:
    """Return the replicate the others are matched to."""
    return reference_replicate(_validation_latents(networks, tensors))


@torch.no_grad()
def _validation_latents(networks: Sequence[CleraNetwork], tensors: Tensors) -> list[Matrix]:
    x = torch.as_tensor(tensors.parts["validation"]["x"], dtype=torch.float32)
    return [network.encode(x).double().numpy() for network in networks]


def may_flip(library: Library) -> bool:
    """Return whether every term has a mirror image, so that a latent may change its sign."""
    try:
        library.relabelled(range(library.latents), [-1.0] * library.latents)
    except ValueError:
        return False
    return True


def correlations(a: Matrix, b: Matrix) -> Matrix:
    """Return the correlation of every column of ``a`` with every one of ``b``; 0 if constant."""
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    norms = np.outer(np.linalg.norm(a, axis=0), np.linalg.norm(b, axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nan_to_num(a.T @ b / norms, nan=0.0, posinf=0.0, neginf=0.0)
