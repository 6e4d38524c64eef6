"""The network of CLERA: encoder, latent equations, decoder, classifier, and their losses.

Symbols (Champion et al. 2019, doi:10.1073/pnas.1906995116)
-------
x, dx : (n, G)   input (genes or principal components) and its derivative
z, dz : (n, d)   latent coordinates and the derivative carried over by the encoder
Theta : (n, p)   library;  Xi : (p, d) coefficients;  mask : (p, d) 1 where a term is kept
dzhat = Theta(z) (mask ∘ Xi);  xhat, dxhat : decoder of z and its derivative along dzhat
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.func import functional_call

from scdyn_core.methods.clera.coefficients import (
    LatentStatistics,
    solve_coefficients,
    start_coefficients,
    threshold_coefficients,
)
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.library import Library
from scdyn_core.nn.mlp import MLP
from scdyn_core.training.module import EpochContext, TrainableModule

DERIVATIVE_TERMS = frozenset({"derivative", "latent_derivative", "tangent"})


class CleraNetwork(TrainableModule):
    """Everything CLERA learns.

    Parameters
    ----------
    config
        Method configuration.
    inputs
        Number of inputs ``G``.
    scale
        One number; the networks see ``x / scale``.
    variances
        Mean squares of ``x`` and ``dx`` on the training part, shape ``(2,)``; 1 where losses
        are not normalised.
    classes
        Number of cell types; 0 leaves the classifier out.
    seed
        Start of all weights and coefficients.
    """

    input_scale: Tensor
    loss_scale: Tensor
    latent_mean: Tensor
    latent_sd: Tensor
    mask: Tensor

    def __init__(
        self,
        config: CleraConfig,
        inputs: int,
        scale: float,
        variances: Tensor,
        classes: int,
        seed: int,
    ) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        d = config.latents
        self.config = config
        self.library = Library(d, config.library)
        self.encoder = MLP((inputs, *config.widths, d), config.activation, generator)
        self.decoder = MLP((d, *reversed(config.widths), inputs), config.activation, generator)
        self.classifier = (
            MLP((d, *config.classifier_widths, classes), config.activation, generator)
            if classes
            else None
        )
        start = start_coefficients(config, self.library.size, generator)
        self.coefficients = nn.Parameter(start)
        self.register_buffer("mask", torch.ones_like(start))
        self.register_buffer("input_scale", torch.tensor(scale))
        self.register_buffer("loss_scale", variances)
        self.register_buffer("latent_mean", torch.zeros(d))
        self.register_buffer("latent_sd", torch.ones(d))

    def encode(self, x: Tensor) -> Tensor:
        """Return ``z`` for ``x``."""
        raw: Tensor = self.encoder(x / self.input_scale)
        return (raw - self.latent_mean) / self.latent_sd

    def encode_dual(self, x: Tensor, dx: Tensor) -> tuple[Tensor, Tensor]:
        """Return ``z`` and ``dz`` for ``x`` moving along ``dx``."""
        z, dz = self.encoder.dual(x / self.input_scale, dx / self.input_scale)
        return (z - self.latent_mean) / self.latent_sd, dz / self.latent_sd

    def velocity(self, z: Tensor) -> Tensor:
        """Return ``dzhat``, the derivative the equations give."""
        return self.library(z) @ (self.mask * self.coefficients)

    def decode(self, z: Tensor) -> Tensor:
        """Return ``xhat`` for ``z``."""
        decoded: Tensor = self.decoder(z) * self.input_scale
        return decoded

    def decode_dual(self, z: Tensor, tangent: Tensor) -> tuple[Tensor, Tensor]:
        """Return ``xhat`` and its derivative along ``tangent``."""
        x, dx = self.decoder.dual(z, tangent)
        return x * self.input_scale, dx * self.input_scale

    def forward(self, batch: Mapping[str, Tensor], terms: frozenset[str]) -> dict[str, Tensor]:
        """Return the asked loss terms of a batch with ``x``, ``dx`` and maybe ``classes``."""
        x = batch["x"]
        losses: dict[str, Tensor] = {}
        if terms & DERIVATIVE_TERMS:
            z, dz = self.encode_dual(x, batch["dx"])
            xhat = self._derivative_losses(z, dz, batch["dx"], terms, losses)
        else:
            z = self.encode(x)
            xhat = self.decode(z)
        losses["reconstruction"] = _mean_square(x - xhat) / self.loss_scale[0]
        if "classification" in terms:
            losses["classification"] = (
                # Without cell types there is nothing to tell apart.
                torch.zeros_like(losses["reconstruction"])
                if self.classifier is None
                else _CLASS_LOSSES[self.config.class_loss](self.classifier(z), batch["classes"])
            )
        if "sparsity" in terms:
            losses["sparsity"] = self.coefficients.abs().mean()
        if "network" in terms:
            losses["network"] = self._network_l1()
        return losses

    def _derivative_losses(
        self,
        z: Tensor,
        dz: Tensor,
        dx: Tensor,
        terms: frozenset[str],
        losses: dict[str, Tensor],
    ) -> Tensor:
        """Add the derivative terms to ``losses``; return ``xhat``, which they share."""
        if "tangent" in terms:
            xhat, carried = self.decode_dual(z, dz)
            losses["tangent"] = _mean_square(dx - carried) / self.loss_scale[1]
            return xhat
        dzhat = self.velocity(z)
        xhat, dxhat = self.decode_dual(z, dzhat)
        error = _mean_square(dz - dzhat)
        # Against its own variance the latent error has nothing to gain from shrinking z.
        losses["latent_derivative"] = (
            error / _mean_square(dz) if self.config.normalise_losses else error
        )
        losses["derivative"] = _mean_square(dx - dxhat) / self.loss_scale[1]
        return xhat

    def _network_l1(self) -> Tensor:
        total = self.encoder.weight_l1() + self.decoder.weight_l1()
        return total if self.classifier is None else total + self.classifier.weight_l1()

    def after_epoch(
        self, state: dict[str, Tensor], data: Mapping[str, Tensor], context: EpochContext
    ) -> None:
        """Re-standardise the latents, then solve or threshold the coefficients."""
        if context.phase == "refine":
            return
        if self.config.solver == "gradient":
            self._threshold(state, context)
        elif context.epoch % self.config.threshold_every == 0 or context.epoch == context.epochs:
            self._solve(state, data, context)

    def _threshold(self, state: dict[str, Tensor], context: EpochContext) -> None:
        # The published loop counts its epochs from 0 and looks after the epoch numbered so.
        number = context.epoch - 1
        due = context.phase == "fit" and number > 1 and number % self.config.threshold_every == 0
        if due and self._may_remove(context):
            threshold_coefficients(state, self.config.threshold)

    def _solve(
        self, state: dict[str, Tensor], data: Mapping[str, Tensor], context: EpochContext
    ) -> None:
        raw, raw_tangent = _encoder_of(self, state, data)
        statistics = LatentStatistics.of(raw, standardise=self.config.standardise_latent)
        statistics.store(state)
        if context.phase == "fit":
            z, dz = statistics.apply(raw, raw_tangent)
            solve_coefficients(
                state,
                self.library(z),
                dz,
                ridge=self.config.ridge,
                threshold=self.config.threshold if self._may_remove(context) else 0.0,
            )

    def _may_remove(self, context: EpochContext) -> bool:
        return context.epoch >= self.config.threshold_from * context.epochs

    def monitor(self, state: Mapping[str, Tensor]) -> dict[str, float]:
        """Return how many terms the equations have."""
        return {"active_terms": float(state["mask"].sum())}


def _mean_square(error: Tensor) -> Tensor:
    return (error * error).mean()


def _softmax_loss(logits: Tensor, one_hot: Tensor) -> Tensor:
    return -(torch.log_softmax(logits, dim=-1) * one_hot).sum(-1).mean()


def _sigmoid_loss(logits: Tensor, one_hot: Tensor) -> Tensor:
    return nn.functional.binary_cross_entropy_with_logits(logits, one_hot)


_CLASS_LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "softmax": _softmax_loss,
    "sigmoid": _sigmoid_loss,
}


class _Dual(nn.Module):
    """The encoder's dual pass as a ``forward``, which ``functional_call`` needs."""

    def __init__(self, encoder: MLP) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, x: Tensor, tangent: Tensor) -> tuple[Tensor, Tensor]:
        return self.encoder.dual(x, tangent)


def _encoder_of(
    network: CleraNetwork, state: Mapping[str, Tensor], data: Mapping[str, Tensor]
) -> tuple[Tensor, Tensor]:
    """Run the encoder with the weights of ``state``: raw latents and tangents, ``(n, d)``."""
    weights = {name: value for name, value in state.items() if name.startswith("encoder.")}
    scale = state["input_scale"]
    dual: tuple[Tensor, Tensor] = functional_call(
        _Dual(network.encoder), weights, (data["x"] / scale, data["dx"] / scale)
    )
    return dual
