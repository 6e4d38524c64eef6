"""How well every cell is described: its expression, its motion, its type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from scdyn_core.data.split import PARTS, Part
from scdyn_core.methods.cell_tables import by_replicate
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.readout import Readout
from scdyn_core.methods.clera.scores import type_numbers
from scdyn_core.methods.method import Table, Tensors

Matrix = NDArray[np.floating]
#: Cells whose differences are held at once.
BLOCK = 8192


def cell_fit_table(
    networks: Sequence[CleraNetwork],
    readouts: Sequence[Mapping[Part, Readout]],
    tensors: Tensors,
    cells: pd.DataFrame,
) -> Table:
    """Return the table ``cell_fit``, one row a sample and replicate.

    Parameters
    ----------
    cells
        The table of cells: part after part.
    """
    found = []
    for network, readout in zip(networks, readouts, strict=True):
        by_part = [_of_part(network, readout[part], tensors, part) for part in PARTS]
        found.append(
            {name: np.concatenate([each[name] for each in by_part]) for name in by_part[0]}
        )
    told = _meanings(networks[0])
    return by_replicate(cells, found, {name: told[name] for name in found[0]})


def _of_part(
    network: CleraNetwork, readout: Readout, tensors: Tensors, part: Part
) -> dict[str, NDArray[Any]]:
    truth = tensors.reference[part]
    found: dict[str, NDArray[Any]] = {
        "reconstruction_error": _mean_squares(truth["x"], readout.xhat),
        "speed": np.linalg.norm(readout.dz, axis=1),
        "velocity_error": _mean_squares(truth["dx"], readout.dxhat),
    }
    predicted = readout.classes
    if predicted is None:
        return found
    probability = type_probabilities(network, readout)
    own = type_numbers(tensors.parts[part]["classes"])
    rows = np.arange(len(own))
    return found | {
        "predicted_type": np.asarray(tensors.info["types"], dtype=object)[predicted],
        "probability": probability[rows, predicted],
        "probability_own": np.where(own >= 0, probability[rows, own], np.nan),
    }


@torch.no_grad()
def type_probabilities(network: CleraNetwork, readout: Readout) -> Matrix:
    """Return the probability of every type for every sample, shape ``(n, types)``."""
    assert network.classifier is not None
    logits = network.classifier(torch.as_tensor(readout.z, dtype=torch.float32)).double()
    # Trained as one question a type, types are no alternatives to each other.
    apart = network.config.class_loss == "sigmoid"
    found = logits.sigmoid() if apart else logits.softmax(-1)
    return np.asarray(found.numpy())


def _mean_squares(truth: Matrix, said: Matrix) -> Matrix:
    """Return the mean squared difference of every row, shape ``(n,)``."""
    starts = range(0, len(truth), BLOCK)
    rows = [slice(start, start + BLOCK) for start in starts]
    return np.concatenate([np.square(truth[own] - said[own]).mean(axis=1) for own in rows])


def _meanings(network: CleraNetwork) -> dict[str, str]:
    scaled = network.config.scale_genes
    unit = "squared sd of the gene over training samples" if scaled else "squared expression"
    still = "; no change has 1, mean over training samples" if scaled else ""
    return {
        "reconstruction_error": f"reconstruction error: mean squared error of a gene, {unit}",
        "speed": "speed in the latents: length of their derivative, as carried over from the "
        "data, units of the latents per unit of time",
        "velocity_error": "velocity error: mean squared difference between the derivative of a "
        f"gene in the data and by the equations, {unit} per squared unit of time{still}",
        "predicted_type": "predicted type: the one that the classifier finds most probable",
        "probability": "probability of the predicted type",
        "probability_own": "probability of the cell's own type; empty where it is unknown",
    }
