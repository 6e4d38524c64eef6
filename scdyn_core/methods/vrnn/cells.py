"""Recurrent cells on plain tensors, so that replicates can be stacked."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

CellName = Literal["gru", "lstm"]
#: Rows of the gate weights per unit of the state, and parts of the state.
GATES: dict[CellName, int] = {"gru": 3, "lstm": 4}
PARTS: dict[CellName, int] = {"gru": 1, "lstm": 2}

State = tuple[Tensor, ...]


def step(cell: CellName, inputs: Tensor, hidden: Tensor, state: State) -> State:
    """Return the next state.

    Parameters
    ----------
    inputs
        Gate pre-activations from the inputs, biases included, shape ``(n, GATES * h)``.
    hidden
        Gate pre-activations from the state, biases included, same shape.
    state
        ``(h,)`` for a GRU (Cho et al. 2014), ``(h, c)`` for an LSTM (Hochreiter and Schmidhuber
        1997), each ``(n, h)``. Gates are in the order of torch: reset, update, new; input,
        forget, cell, output.
    """
    if cell == "gru":
        (h,) = state
        reset_in, update_in, new_in = inputs.chunk(3, dim=-1)
        reset_h, update_h, new_h = hidden.chunk(3, dim=-1)
        new = torch.tanh(new_in + torch.sigmoid(reset_in + reset_h) * new_h)
        return (torch.lerp(new, h, torch.sigmoid(update_in + update_h)),)
    _, c = state
    enter, forget, change, leave = (inputs + hidden).chunk(4, dim=-1)
    kept = torch.sigmoid(forget) * c + torch.sigmoid(enter) * torch.tanh(change)
    return torch.sigmoid(leave) * torch.tanh(kept), kept
