"""The replicates beside each other: how good, how sparse, how stable, and which one is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.split import Part
from scdyn_core.evaluation.dynamics import centred_share, share_explained
from scdyn_core.evaluation.selection import SelectionRule, best_candidate
from scdyn_core.methods.clera.alignment_table import field_agreement
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.readout import Readout
from scdyn_core.methods.clera.scores import accuracy, type_numbers
from scdyn_core.methods.method import Table, Tensors

Matrix = NDArray[np.floating]

#: Column without its part -> meaning.
_MEASURES = {
    "derivative_share": "share of the squared derivative of the genes the equations explain",
    "latent_derivative_share": "share of the squared derivative of the latents they explain",
    "reconstruction_r2": "share of the variance of the expression the autoencoder explains",
    "accuracy": "share of the cells of known type the classifier gets right",
}


def replicates_table(
    networks: Sequence[CleraNetwork],
    readouts: Sequence[Mapping[Part, Readout]],
    tensors: Tensors,
) -> Table:
    """One row a replicate; the chosen one has the largest merit by the default rule."""
    masks = np.stack([network.mask.numpy() for network in networks])
    inclusion = masks.mean(axis=0)
    several = len(networks) > 1
    agreement = field_agreement(readouts)
    rows = []
    for number, (mask, own) in enumerate(zip(masks, readouts, strict=True)):
        others = np.delete(agreement[number], number)
        rows.append(
            {
                "replicate": number,
                **_measured(own["validation"], tensors, "validation"),
                "active_terms": int(mask.sum()),
                "term_stability": _mean(inclusion[mask > 0]) if several else np.nan,
                "field_stability": _mean(others),
                **_measured(own["test"], tensors, "test"),
            }
        )
    frame = pd.DataFrame(rows)
    frame["chosen"] = frame.index == best_candidate(frame, SelectionRule())
    meanings = {
        "replicate": "seed number",
        "active_terms": "number of terms in all equations together",
        "term_stability": "mean share of the replicates that have the terms of this one; empty for "
        "a single replicate",
        "field_stability": "share of the motion of the other replicates that this one explains "
        "after a linear map of latents, validation cells, mean over the others; empty for a single "
        "replicate",
        "chosen": "whether this replicate is the best by the default rule: "
        + SelectionRule().words(),
        **{f"validation_{name}": f"{text}, validation cells" for name, text in _MEASURES.items()},
        **{
            f"test_{name}": f"{text}, test cells; no choice looks at it"
            for name, text in _MEASURES.items()
        },
    }
    return Table(frame, {name: meanings[name] for name in frame.columns})


def _measured(own: Readout, tensors: Tensors, part: Part) -> dict[str, float]:
    truth = tensors.reference[part]
    values = {
        "derivative_share": share_explained(truth["dx"], own.dxhat),
        "latent_derivative_share": share_explained(own.dz, own.dzhat),
        "reconstruction_r2": centred_share(truth["x"], own.xhat),
    }
    if own.classes is not None:
        true = type_numbers(tensors.parts[part]["classes"])
        values["accuracy"] = accuracy(own.classes, true)
    return {f"{part}_{name}": value for name, value in values.items()}


def _mean(values: Matrix) -> float:
    return float(values.mean()) if len(values) else float("nan")
