"""The network of CLERA: encoder, latent equations, decoder, classifier, and their losses.

Symbols (Champion et al. 2019, doi:10.1073/pnas.1906995116)
-------
x, dx : (n, G)   input (genes or principal components) and its derivative
z, dz : (n, d)   latent coordinates and the derivative carried over by the encoder
axes : (d, G)    principal directions of x, orthonormal;  axis_sd : (d,) sd of x along them
Theta : (n, p)   library;  Xi : (p, d) coefficients;  mask : (p, d) 1 where a term is kept
dzhat = Theta(z) (mask ∘ Xi);  xhat, dxhat : decoder of z and its derivative along dzhat
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from scdyn_core.errors import ConfigError
from scdyn_core.methods.clera.coefficients import (
    allowed_terms,
    start_coefficients,
    threshold_coefficients,
)
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.library import Library
from scdyn_core.methods.clera.solving import may_remove, solve
from scdyn_core.nn.mlp import MLP, BentLinear
from scdyn_core.training.module import EpochContext, TrainableModule

DERIVATIVE_TERMS = frozenset({"derivative", "latent_derivative", "tangent"})
#: Coefficients that are solved for together: their normal equations are a square matrix.
MOST_COEFFICIENTS = 4000
#: A principal direction counts as having this share of the largest sd at least.
LEAST_SD = 1e-3


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
    axes, axis_sd
        Principal directions of ``x``, shape ``(d, G)``, and the sd along them: where a bent
        linear network starts, and what the latents are named after. The first ``d`` inputs where
        none are given.
    """

    input_scale: Tensor
    loss_scale: Tensor
    latent_mean: Tensor
    latent_map: Tensor
    axes: Tensor
    mask: Tensor
    allowed: Tensor

    def __init__(
        self,
        config: CleraConfig,
        inputs: int,
        scale: float,
        variances: Tensor,
        classes: int,
        seed: int,
        axes: Tensor | None = None,
        axis_sd: Tensor | None = None,
    ) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        d = config.latents
        axes = torch.eye(d, inputs) if axes is None else axes
        axis_sd = torch.ones(d) if axis_sd is None else axis_sd
        self.config = config
        self.library = Library(d, config.library)
        if config.solver == "least_squares" and self.library.size * d > MOST_COEFFICIENTS:
            raise ConfigError(
                "library",
                found=f"{self.library.size} terms for each of {d} latents",
                needed=f"at most {MOST_COEFFICIENTS} coefficients to solve for",
                fix="Lower latents or the order of the library, or set solver to gradient.",
            )
        into, out = (inputs, *config.widths, d), (d, *reversed(config.widths), inputs)
        if config.linear_start:
            # Data of fewer dimensions than latents have directions along which nothing varies.
            along = axis_sd.clamp_min(LEAST_SD * float(axis_sd.max()))[:, None] / scale
            self.encoder: MLP = BentLinear(into, config.activation, generator, axes / along)
            self.decoder: MLP = BentLinear(out, config.activation, generator, (axes * along).T)
        else:
            self.encoder = MLP(into, config.activation, generator)
            self.decoder = MLP(out, config.activation, generator)
        self.classifier = (
            MLP((d, *config.classifier_widths, classes), config.activation, generator)
            if classes
            else None
        )
        start = start_coefficients(config, self.library.size, generator)
        self.coefficients = nn.Parameter(start)
        self.register_buffer("allowed", allowed_terms(config, self.library))
        self.register_buffer("mask", self.allowed.clone())
        self.register_buffer("input_scale", torch.tensor(scale))
        self.register_buffer("loss_scale", variances)
        self.register_buffer("latent_mean", torch.zeros(d))
        self.register_buffer("latent_map", torch.eye(d))
        self.register_buffer("axes", axes.clone())
        #: Number of each latent as it was trained, from 1; negative where its sign was changed.
        self.latent_origin = tuple(range(1, d + 1))

    def latent(self, batch: Mapping[str, Tensor]) -> Tensor:
        """Return ``z`` of the cells of a batch."""
        return self.encode(batch["x"])

    def encode(self, x: Tensor) -> Tensor:
        """Return ``z`` for ``x``."""
        raw: Tensor = self.encoder(x / self.input_scale)
        return (raw - self.latent_mean) @ self.latent_map

    def encode_dual(self, x: Tensor, dx: Tensor) -> tuple[Tensor, Tensor]:
        """Return ``z`` and ``dz`` for ``x`` moving along ``dx``."""
        z, dz = self.encoder.dual(x / self.input_scale, dx / self.input_scale)
        return (z - self.latent_mean) @ self.latent_map, dz @ self.latent_map

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
        read = x
        if self.training and self.config.input_noise:
            read = x + self.config.input_noise * self.input_scale * torch.randn_like(x)
        if terms & DERIVATIVE_TERMS:
            z, dz = self.encode_dual(read, batch["dx"])
            xhat = self._derivative_losses(z, dz, batch["dx"], terms, losses)
        else:
            z = self.encode(read)
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
            solve(self, state, data, context)

    def finished(self, state: Mapping[str, Tensor], context: EpochContext) -> bool:
        """Return whether trained coefficients are few enough to be refined, as published."""
        terms = self.config.terms
        if self.config.solver != "gradient" or context.phase != "fit" or terms is None:
            return False
        return self._thresholds(context) and int(state["mask"].sum()) < terms

    def _threshold(self, state: dict[str, Tensor], context: EpochContext) -> None:
        if context.phase == "fit" and self._thresholds(context):
            threshold_coefficients(state, self.config.threshold)

    def _thresholds(self, context: EpochContext) -> bool:
        """Return whether this epoch of the fit ends with a thresholding."""
        # The published loop counts its epochs from 0 and looks after the epoch numbered so.
        number = context.epoch - 1
        return (
            number > 1
            and number % self.config.threshold_every == 0
            and may_remove(self.config, context)
        )

    def monitor(self, state: Mapping[str, Tensor]) -> dict[str, float]:
        """Return how many terms the equations have."""
        return {"active_terms": float(state["mask"].sum())}

    @torch.no_grad()
    def relabel_latents(self, order: Sequence[int], signs: Sequence[float]) -> None:
        """Make latent ``i`` what was latent ``order[i]`` times ``signs[i]``, in place.

        The network stays the same function: only names and signs of its latents change.

        Raises
        ------
        ValueError
            When a sign changes and the library has a term that has no mirror image.
        """
        terms, term_signs = self.library.relabelled(order, signs)
        index = torch.as_tensor(order)
        flip = torch.as_tensor(signs, dtype=self.coefficients.dtype)
        self.latent_map.copy_(self.latent_map[:, index] * flip)
        for reader in (self.decoder, self.classifier):
            if reader is not None:
                reader.relabel_inputs(index, flip)
        for table in (self.coefficients, self.mask, self.allowed):
            table.copy_(table[torch.as_tensor(terms)][:, index])
        self.coefficients.mul_(torch.outer(torch.as_tensor(term_signs).to(flip), flip))
        origin = self.latent_origin
        self.latent_origin = tuple(
            int(sign) * origin[old] for old, sign in zip(order, signs, strict=True)
        )


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
