"""Replicates: the same model from other seeds, trained as one batch of stacked weights.

Every tensor of the state has a leading replicate axis ``K``; ``torch.func.vmap`` runs the
model once for all. A single replicate skips the stacking and the vmap.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.func import functional_call, stack_module_state, vmap

from scdyn_core.training.module import TrainableModule

Stacked = dict[str, Tensor]


class Ensemble:
    """``K`` replicates of one module with their weights in one place.

    Attributes
    ----------
    parameters, buffers
        Name -> tensor of shape ``(K, …)``.
    """

    def __init__(self, modules: Sequence[TrainableModule], device: torch.device) -> None:
        self.size = len(modules)
        self.template = copy.deepcopy(modules[0]).to(device)
        parameters, buffers = stack_module_state([module.to(device) for module in modules])
        self.parameters: Stacked = {
            name: value.detach().clone().requires_grad_() for name, value in parameters.items()
        }
        self.buffers: Stacked = {name: value.detach().clone() for name, value in buffers.items()}

    def losses(
        self, batch: Mapping[str, Tensor], terms: frozenset[str], *, own: bool = False
    ) -> dict[str, Tensor]:
        """Return each loss term of a batch, shape ``(K,)``.

        Parameters
        ----------
        own
            Every replicate has samples of its own: the first axis of ``batch`` is ``K``.
        """

        def one(
            parameters: Stacked, buffers: Stacked, batch: Mapping[str, Tensor]
        ) -> dict[str, Tensor]:
            state = (parameters, buffers)
            losses: dict[str, Tensor] = functional_call(self.template, state, (batch, terms))
            return losses

        batch = dict(batch)
        if self.size == 1:
            seen = _first(batch) if own else batch
            single = one(_first(self.parameters), _first(self.buffers), seen)
            return {name: value.unsqueeze(0) for name, value in single.items()}
        axes = (0, 0, 0 if own else None)
        stacked: dict[str, Tensor] = vmap(one, in_dims=axes, randomness="different")(
            self.parameters, self.buffers, batch
        )
        return stacked

    def state(self) -> Stacked:
        """Return all parameters and buffers, detached, sharing memory; shape ``(K, …)``."""
        return {
            **{name: value.detach() for name, value in self.parameters.items()},
            **self.buffers,
        }

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Copy a state of the same names and shapes into the replicates."""
        own = self.state()
        for name, value in state.items():
            own[name].copy_(value)

    def replicate_states(self) -> list[dict[str, Tensor]]:
        """Return views of each replicate's own tensors: writing to them changes the replicate."""
        state = self.state()
        return [{name: value[k] for name, value in state.items()} for k in range(self.size)]

    def modules(self) -> list[TrainableModule]:
        """Return the replicates as separate modules on the CPU."""
        trained = []
        for state in self.replicate_states():
            module = copy.deepcopy(self.template)
            module.load_state_dict({name: value.clone() for name, value in state.items()})
            trained.append(module.cpu().eval())
        return trained


def _first(stacked: Stacked) -> Stacked:
    return {name: value[0] for name, value in stacked.items()}


def gradient_norms(gradients: Sequence[Tensor]) -> Tensor:
    """Return the norm of all gradients of each replicate, shape ``(K,)``."""
    squares = [gradient.square().flatten(1).sum(1) for gradient in gradients]
    return torch.stack(squares).sum(0).sqrt()


def clip_gradients(gradients: Sequence[Tensor], largest: float) -> None:
    """Scale each replicate's gradients in place so that their norm is at most ``largest``."""
    factors = (largest / gradient_norms(gradients).clamp_min(1e-12)).clamp_max(1.0)
    for gradient in gradients:
        gradient.mul_(factors.view(-1, *[1] * (gradient.dim() - 1)))
