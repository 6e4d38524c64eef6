"""Replicates in one frame: latents of each take the number and sign of those of a reference."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.evaluation.disentanglement.matching import match_latents
from scdyn_core.methods.svae.moments import encoded
from scdyn_core.methods.svae.network import SvaeNetwork

Matrix = NDArray[np.float64]
Cells = dict[str, Tensor]


@torch.no_grad()
def in_one_frame(networks: Sequence[SvaeNetwork], cells: Cells) -> list[SvaeNetwork]:
    """Return the networks with matched latents, most used first; none computes anything else.

    Parameters
    ----------
    networks
        Trained replicates.
    cells
        What latents are compared on: training cells.
    """
    latents = [encoded(network, cells)[0].double().numpy() for network in networks]
    reference = reference_replicate(latents)
    order, signs = by_use(networks[reference])
    first = relabelled(networks[reference], order, signs)
    named = latents[reference][:, order] * signs
    found = []
    for number, network in enumerate(networks):
        if number == reference:
            found.append(first)
            continue
        matching = match_latents(named, latents[number])
        found.append(relabelled(network, matching.found, matching.sign))
    return found


def reference_replicate(latents: Sequence[Matrix]) -> int:
    """Return the replicate that agrees best with all others on average."""
    agreement = np.zeros((len(latents),) * 2)
    for i, one in enumerate(latents):
        for j in range(i):
            agreement[i, j] = match_latents(latents[j], one).correlation.mean()
    return int((agreement + agreement.T).sum(axis=1).argmax())


def by_use(network: SvaeNetwork) -> tuple[NDArray[np.int64], Matrix]:
    """Return an order of the latents, those with most targets first, and signs.

    The largest shift of a latent is positive.
    """
    shift = network.shift.detach().double().numpy()
    effect = shift * network.mask_logit.detach().sigmoid().double().numpy()
    targets = (np.abs(effect) > 0.5 * np.abs(shift)) & (network.mask_logit.detach().numpy() > 0)
    order = np.lexsort((-np.square(effect).sum(axis=0), -targets.sum(axis=0)))
    largest = shift[np.abs(shift).argmax(axis=0), np.arange(shift.shape[1])]
    signs = np.where(largest < 0, -1.0, 1.0)
    return order.astype(np.int64), signs[order]


def relabelled(
    network: SvaeNetwork, order: NDArray[np.int64], signs: NDArray[np.generic]
) -> SvaeNetwork:
    """Return a network whose latent ``i`` is ``signs[i]`` times latent ``order[i]``."""
    changed = copy.deepcopy(network)
    state = changed.state_dict()
    rows = torch.as_tensor(order)
    sign = torch.as_tensor(signs, dtype=network.shift.dtype)
    state["mean_weight"] = state["mean_weight"][rows] * sign[:, None]
    state["mean_bias"] = state["mean_bias"][rows] * sign
    state["frame"] = state["frame"][:, rows] * sign
    state["middle"] = state["middle"][rows] * sign
    first = state["decoder.weights.0"]
    latents = first[:, : len(rows)][:, rows] * sign
    state["decoder.weights.0"] = torch.cat([latents, first[:, len(rows) :]], dim=1)
    state["shift"] = state["shift"][:, rows] * sign
    state["mask_logit"] = state["mask_logit"][:, rows]
    changed.load_state_dict(state)
    return changed
