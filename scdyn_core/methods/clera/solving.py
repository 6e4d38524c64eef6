"""After an epoch: the frame of the latents, their coefficients, and which terms stay.

Symbols as in ``network``: raw (n, d) encoder output, z, dz (n, d), Theta (n, p), J (n, d, G).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.func import functional_call

from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.elimination import eliminate, normal_equations
from scdyn_core.methods.clera.frame import LatentFrame
from scdyn_core.nn.mlp import MLP
from scdyn_core.training.module import EpochContext

if TYPE_CHECKING:
    from scdyn_core.methods.clera.network import CleraNetwork

#: Share of the fit after which the last term may have been removed: the rest is for adapting.
LAST_REMOVAL = 0.9


def may_remove(config: CleraConfig, context: EpochContext) -> bool:
    """Return whether the fit has gone on for long enough to remove terms."""
    return context.epoch >= config.threshold_from * context.epochs


def solve(
    network: CleraNetwork,
    state: dict[str, Tensor],
    data: Mapping[str, Tensor],
    context: EpochContext,
) -> None:
    """Fix the frame of the latents, then solve for the coefficients and remove terms.

    Parameters
    ----------
    network
        Gives the functions; weights, coefficients and mask are those of ``state``.
    state
        Name -> tensor of one replicate; changed in place.
    data
        The training part.
    """
    raw, raw_tangent = _dual(network.encoder, "encoder", state, data["x"], data["dx"])
    if not bool(raw.isfinite().all()):
        return  # This replicate broke, which the next evaluation says; others go on.
    frame = _frame(network, raw, data["x"])
    frame.store(state)
    if context.phase != "fit":
        return
    z, dz = frame.apply(raw, raw_tangent)
    equations = normal_equations(
        network.library(z), dz, data["dx"], _derivative_weights(network, dz, data["dx"]),
        lambda samples: _decoder_slopes(network, state, z[samples]),
    )  # fmt: skip
    if not bool(equations.matrix.isfinite().all() and equations.right.isfinite().all()):
        return
    kept = torch.nonzero(state["mask"].flatten()).flatten()
    kept, solution = eliminate(
        equations,
        kept,
        ridge=network.config.ridge,
        threshold=network.config.threshold,
        smallest_share=network.config.smallest_share,
        fewest=_fewest(network, context, len(kept)),
    )
    for name, values in (("coefficients", solution), ("mask", torch.ones_like(solution))):
        full = torch.zeros(state[name].numel()).to(solution)
        full[kept] = values
        state[name].copy_(full.view_as(state[name]))


def _frame(network: CleraNetwork, raw: Tensor, x: Tensor) -> LatentFrame:
    if network.config.frame == "components":
        return LatentFrame.along(raw, x @ network.axes.to(x).T)
    if network.config.frame == "standardised":
        return LatentFrame.standardised(raw)
    return LatentFrame.free(raw)


def _derivative_weights(network: CleraNetwork, dz: Tensor, dx: Tensor) -> tuple[float, float]:
    """Return what a squared error of ``dz`` and of ``dx`` weighs in the loss of the fit."""
    config = network.config
    normal = float(dz.double().square().mean()) if config.normalise_losses else 1.0
    latent = config.weight_latent_derivative / max(normal, 1e-30) / dz.numel()
    genes = config.weight_derivative / float(network.loss_scale[1]) / dx.numel()
    # Where the loss asks for neither, the equations still say how the latents move.
    return (latent, genes) if latent or genes else (1.0 / dz.numel(), 0.0)


def _decoder_slopes(network: CleraNetwork, state: Mapping[str, Tensor], z: Tensor) -> Tensor:
    """Return the decoder's derivative along every latent, shape ``(n, d, G)``."""
    along = torch.eye(z.shape[1]).to(z)
    slopes = [
        _dual(network.decoder, "decoder", state, z, direction.expand_as(z))[1]
        for direction in along
    ]
    return torch.stack(slopes, dim=1) * state["input_scale"]


def _fewest(network: CleraNetwork, context: EpochContext, kept: int) -> int:
    """Return how many terms must stay at this point of the fit: they go one after another."""
    if not may_remove(network.config, context):
        return kept
    first, last = network.config.threshold_from, LAST_REMOVAL
    done = (context.epoch / context.epochs - first) / (last - first) if last > first else 1.0
    offered = int(network.allowed.sum())
    fewest = offered // 2 if network.config.terms is None else network.config.terms
    return max(offered - round((offered - fewest) * min(max(done, 0.0), 1.0)), fewest)


class _Dual(nn.Module):
    """A network's dual pass as a ``forward``, which ``functional_call`` needs."""

    def __init__(self, network: MLP) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor, tangent: Tensor) -> tuple[Tensor, Tensor]:
        return self.network.dual(x, tangent)


def _dual(
    network: MLP, name: str, state: Mapping[str, Tensor], x: Tensor, tangent: Tensor
) -> tuple[Tensor, Tensor]:
    """Run one of the networks with the weights of ``state``; the encoder reads scaled input."""
    weights = {
        "network." + key.removeprefix(f"{name}."): value
        for key, value in state.items()
        if key.startswith(f"{name}.")
    }
    if name == "encoder":
        x, tangent = x / state["input_scale"], tangent / state["input_scale"]
    dual: tuple[Tensor, Tensor] = functional_call(_Dual(network), weights, (x, tangent))
    return dual
