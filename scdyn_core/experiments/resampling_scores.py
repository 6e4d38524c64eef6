"""What a model of one arm and one pair is worth: its latents, its errors, and who was drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.split import Part
from scdyn_core.evaluation.representation.errors_by_type import errors_by_type
from scdyn_core.evaluation.representation.nearest_neighbours import label_scores, nearest_labels
from scdyn_core.methods.method import Tensors

if TYPE_CHECKING:
    from torch import Tensor

    from scdyn_core.training.module import TrainableModule

    Batch = dict[str, Tensor]

#: Cells that are read at once, and draws of the latents that an error is averaged over.
AT_ONCE, DRAWS = 2048, 8


def module_scores(
    module: TrainableModule, tensors: Tensors, types: pd.Series, rare: Collection[str]
) -> pd.DataFrame:
    """Score a trained model on the test cells.

    Types are told by the nearest training cells in the latents; the error is the loss term
    ``reconstruction``, on average over draws of the latents that are the same for every arm.

    Parameters
    ----------
    module
        Trained, on the CPU.
    tensors
        What it was trained on, with a part ``test``.
    types
        Type of every cell of the dataset, in its order; missing where unknown.
    rare
        The rare types.

    Returns
    -------
    DataFrame
        ``metric`` (``kNN accuracy``, ``macro F1``, ``recall``, ``reconstruction``), ``cell_type``,
        ``value``, ``better``.
    """
    import torch

    parts: tuple[Part, ...] = ("train", "test")
    known = {part: types.iloc[tensors.samples[part]] for part in parts}
    module.eval()
    with torch.no_grad():
        latents = {part: _latents(module, tensors, part) for part in parts}
        errors = _errors(module, tensors, known["test"])
    cells = {part: known[part].notna().to_numpy() for part in parts}
    true, voters = (
        known[part].dropna().astype(str).to_numpy(dtype=str) for part in ("test", "train")
    )
    told = nearest_labels(latents["train"][cells["train"]], voters, latents["test"][cells["test"]])
    return pd.concat(
        [
            label_scores(true, told, rare),
            errors_by_type("reconstruction", errors, known["test"], rare),
        ],
        ignore_index=True,
    )


def arm_mass(mass: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Return how much of the last draws fell to every type, and who was never drawn.

    Parameters
    ----------
    mass, cells
        Tables ``sampling_mass`` and ``sampling_cells`` of one model.

    Returns
    -------
    DataFrame
        ``cell_type``, ``cells`` (of the training part), ``share``, ``mass``, ``never_drawn``
        (cells that no step ever saw).
    """
    last = mass[mass["epoch"] == mass["epoch"].max()]
    never = cells["draws"].eq(0).groupby(cells["cell_type"].astype(str)).sum()
    return pd.DataFrame(
        {
            **{name: last[name].to_numpy() for name in ("cell_type", "cells", "share", "mass")},
            "never_drawn": never.reindex(last["cell_type"].astype(str)).to_numpy(),
        }
    )


def _latents(module: TrainableModule, tensors: Tensors, part: Part) -> NDArray[np.float64]:
    n = len(tensors.samples[part])
    found = [module.latent(batch).numpy() for _, batch in _batches(tensors, part, np.arange(n))]
    latents: NDArray[np.float64] = np.concatenate(found).astype(np.float64)
    return latents


def _errors(module: TrainableModule, tensors: Tensors, types: pd.Series) -> pd.Series:
    """Return the error of every test cell: that of its type, which is all that is asked for."""
    import torch

    errors = np.empty(len(types))
    codes = pd.factorize(types, use_na_sentinel=False)[0]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        for code in range(codes.max() + 1):
            members = np.flatnonzero(codes == code)
            total = 0.0
            for size, batch in _batches(tensors, "test", members):
                for _ in range(DRAWS):
                    losses = module(batch, frozenset({"reconstruction"}))
                    total += size * float(losses["reconstruction"]) / DRAWS
            errors[members] = total / len(members)
    return pd.Series(errors)


def _batches(
    tensors: Tensors, part: Part, members: NDArray[np.int64]
) -> Iterator[tuple[int, Batch]]:
    """Yield some cells of a part after the other, and how many they are."""
    import torch

    arrays = tensors.parts[part]
    for start in range(0, len(members), AT_ONCE):
        chosen = members[start : start + AT_ONCE]
        yield (
            len(chosen),
            {
                name: torch.as_tensor(np.ascontiguousarray(array[chosen]), dtype=torch.float32)
                for name, array in arrays.items()
            },
        )
