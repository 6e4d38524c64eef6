"""What one trained network says about every part of the data.

Symbols: z, dz, dzhat (n, d) latents, carried and predicted derivative; xhat, dxhat (n, G).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from scdyn_core.data.split import PARTS, Part
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.method import Tensors

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Readout:
    """One replicate on one part; genes in the units of ``tensors.reference``.

    Attributes
    ----------
    z, dz, dzhat
        Shape ``(n, d)``.
    xhat, dxhat
        Shape ``(n, G)``.
    classes
        Most probable class of each sample, shape ``(n,)``; ``None`` without a classifier.
    """

    z: Matrix
    dz: Matrix
    dzhat: Matrix
    xhat: Matrix
    dxhat: Matrix
    classes: NDArray[np.int64] | None


@torch.no_grad()
def read_part(network: CleraNetwork, tensors: Tensors, part: Part) -> Readout:
    """Run ``network`` over one part."""
    x, dx = (
        torch.as_tensor(tensors.parts[part][name], dtype=torch.float32) for name in ("x", "dx")
    )
    z, dz = network.encode_dual(x, dx)
    dzhat = network.velocity(z)
    xhat, dxhat = network.decode_dual(z, dzhat)
    classes = None if network.classifier is None else network.classifier(z).argmax(1).numpy()
    to_genes = gene_loadings(network.config.components, tensors)
    centre = np.zeros(1) if to_genes is None else tensors.constants["centre"]
    return Readout(
        z=z.double().numpy(),
        dz=dz.double().numpy(),
        dzhat=dzhat.double().numpy(),
        xhat=_genes(xhat, to_genes) + centre,
        dxhat=_genes(dxhat, to_genes),
        classes=classes,
    )


def read_all(network: CleraNetwork, tensors: Tensors) -> Mapping[Part, Readout]:
    """Run ``network`` over every part."""
    return {part: read_part(network, tensors, part) for part in PARTS}


def gene_loadings(components: int, tensors: Tensors) -> Matrix | None:
    """Return genes per component, ``(k, G)``; ``None`` where the network reads genes."""
    return np.asarray(tensors.constants["components"]) if components else None


def _genes(values: torch.Tensor, loadings: Matrix | None) -> Matrix:
    dense: Matrix = values.double().numpy()
    return dense if loadings is None else dense @ loadings


@torch.no_grad()
def gene_effects(network: CleraNetwork, tensors: Tensors) -> Matrix:
    """Return the mean change of each gene per sd of each latent, ``(d, G)``, in data units.

    The decoder's derivative along each latent, averaged over the training samples.
    """
    x = torch.as_tensor(tensors.parts["train"]["x"], dtype=torch.float32)
    z = network.encode(x)
    sd = z.std(0)
    to_genes = gene_loadings(network.config.components, tensors)
    effects = []
    for latent in range(z.shape[1]):
        direction = torch.zeros_like(z)
        direction[:, latent] = sd[latent]
        mean = network.decode_dual(z, direction)[1].mean(0, keepdim=True)
        effects.append(_genes(mean, to_genes)[0])
    per_sd: Matrix = np.stack(effects) * tensors.constants["gene_sd"]
    return per_sd
