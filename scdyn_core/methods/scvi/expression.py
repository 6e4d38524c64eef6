"""What the decoder says of every gene, summed over cells, beside what was counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.methods.scvi.network import ScviNetwork
from scdyn_core.methods.scvi.read_cells import decoded_blocks

Matrix = NDArray[np.float64]
Cells = dict[str, Tensor]


@dataclass(frozen=True)
class GeneSums:
    """Means over cells and replicates, each of shape ``(G,)``; meanings in ``tables.GENES``."""

    observed: Matrix
    expected: Matrix
    zeros_observed: Matrix
    zeros_expected: Matrix
    dispersion: Matrix
    zero_inflation: Matrix


def gene_sums(networks: Sequence[ScviNetwork], cells: Cells) -> GeneSums:
    """Return means over some cells."""
    said = np.mean([_said(network, cells) for network in networks], axis=0)
    scaled = cells["counts"] * (networks[0].depth - cells["library"]).exp().unsqueeze(-1)
    return GeneSums(
        observed=_numpy(scaled.mean(0)),
        expected=said[0],
        zeros_observed=_numpy((cells["counts"] == 0).double().mean(0)),
        zeros_expected=said[1],
        dispersion=said[2],
        zero_inflation=said[3],
    )


@torch.no_grad()
def _said(network: ScviNetwork, cells: Cells) -> Matrix:
    """Return expected expression, zeros, dispersion and zero inflation, shape ``(4, G)``."""
    total = torch.zeros(4, cells["counts"].shape[1], dtype=torch.float64)
    for _, own, decoded in decoded_blocks(network, cells):
        rate = (own["library"].unsqueeze(-1) + decoded.log_share).exp()
        theta = decoded.log_dispersion.exp().expand_as(rate)
        zero = (-theta * (rate / theta).log1p()).exp()
        expected = decoded.log_share.exp() * float(np.exp(network.depth))
        inflation = torch.full_like(rate, torch.nan)
        if decoded.dropout is not None:
            inflation = decoded.dropout.sigmoid()
            zero = inflation + (1.0 - inflation) * zero
            # What is expected of counts: the mean of the mixture, not of one of its parts.
            expected = expected * (1.0 - inflation)
        total += torch.stack([each.double().sum(0) for each in (expected, zero, theta, inflation)])
    return np.asarray((total / len(cells["counts"])).numpy())


@torch.no_grad()
def type_means(
    networks: Sequence[ScviNetwork], cells: Cells, types: NDArray[np.int64], number: int
) -> tuple[Matrix, Matrix]:
    """Return observed and denoised expression of every type, each of shape ``(T, G)``.

    Parameters
    ----------
    types
        Number of the type of every cell, shape ``(n,)``.
    """
    depth = networks[0].depth
    members = torch.nn.functional.one_hot(torch.as_tensor(types), number).double()
    sizes = members.sum(0).clamp_min(1.0).unsqueeze(-1)
    denoised = torch.zeros(number, cells["counts"].shape[1], dtype=torch.float64)
    observed = torch.zeros_like(denoised)
    for network in networks:
        for rows, own, decoded in decoded_blocks(network, cells):
            denoised += members[rows].T @ decoded.log_share.double().exp() / len(networks)
            share = own["counts"] * (-own["library"]).exp().unsqueeze(-1)
            observed += members[rows].T @ share.double() / len(networks)
    scale = float(np.exp(depth))
    return _numpy(observed / sizes * scale), _numpy(denoised / sizes * scale)


def _numpy(values: Tensor) -> Matrix:
    return np.asarray(values.double().numpy())
