"""Turning the latents of a network: what it computes stays, what its latents mean changes."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from scdyn_core.evaluation.disentanglement.sparse_rotation import Frame, sparse_frame
from scdyn_core.methods.svae.moments import LabelMoments
from scdyn_core.methods.svae.network import OPEN, SvaeNetwork

State = dict[str, Tensor]
#: Log odds of a target when the latents have just been turned, where it is learned by gradient.
UNDECIDED = 2.0


def turn(network: SvaeNetwork, state: State, moments: LabelMoments) -> None:
    """Turn to where labels are sparse; the control, if there is one, becomes the origin.

    What the network computes is kept exactly: posteriors, and what is decoded from them.
    """
    frame = label_frame(network, moments)
    apply_frame(network, state, frame)
    shifted = torch.as_tensor(frame.applied(moments.means.cpu().numpy())).to(state["shift"])
    targets = len(network.shift)
    alone = ((network.members < targets).sum(1) == 1) & (moments.cells > 0)
    state["shift"][network.members[alone].amin(1)] = shifted[alone]
    state["mask_logit"].fill_(OPEN if network.config.mask == "solved" else UNDECIDED)


def label_frame(network: SvaeNetwork, moments: LabelMoments) -> Frame:
    """Return the frame in which labels shift few latents each."""
    control = int(network.control)
    perturbed = (moments.cells > 0).cpu().numpy()
    known = control >= 0 and bool(perturbed[control])
    if known:
        perturbed[control] = False
    points, cells = moments.means.cpu().numpy(), moments.cells.cpu().numpy()
    return sparse_frame(
        points[perturbed],
        moments.within.cpu().numpy(),
        seed=0,
        error=1.0 / cells[perturbed] + (1.0 / cells[control] if known else 0.0),
        control=points[control] if known else None,
    )


def apply_frame(network: SvaeNetwork, state: State, frame: Frame) -> None:
    """Change the last map of the encoder and the first of the decoder to a new frame."""
    like = state["mean_weight"]
    matrix, inverse, offset = (
        torch.as_tensor(value, dtype=like.dtype, device=like.device)
        for value in (frame.matrix, frame.inverse, frame.offset)
    )
    state["mean_weight"].copy_(matrix.T @ state["mean_weight"])
    state["mean_bias"].copy_(matrix.T @ state["mean_bias"] - offset)
    first = state["decoder.weights.0"]
    latents = len(offset)
    turned = first[:, :latents] @ inverse.T
    # Batch normalisation takes every constant away by itself; what it remembers moves along.
    if network.decoder.normalised:
        state["decoder.moments_0"][0].sub_(turned @ offset)
    else:
        state["decoder.biases.0"].add_(turned @ offset)
    first[:, :latents] = turned
    state["origin"].zero_()
    state["frame"].copy_(state["frame"] @ matrix)
    state["middle"].copy_(state["middle"] @ matrix - offset)
    state["log_volume"].add_(torch.linalg.slogdet(matrix).logabsdet)


def centre(network: SvaeNetwork, state: State) -> None:
    """Move the origin to 0, shifts and all that is decoded as they are."""
    identity = np.eye(network.config.latents)
    apply_frame(network, state, Frame(identity, identity, state["origin"].double().cpu().numpy()))
