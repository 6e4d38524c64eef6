"""Directions over the known boundaries between cell types, all fields decoded to genes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.data.split import Part
from scdyn_core.evaluation.direction import NEIGHBOURS, Direction, cross_boundary_direction
from scdyn_core.evaluation.dynamics import sparse_quadratic_ode
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.readout import Readout
from scdyn_core.methods.clera.scores import type_numbers
from scdyn_core.methods.clera.sources.types import transitions
from scdyn_core.methods.method import Table, Tensors

Readouts = Sequence[Mapping[Part, Readout]]
MODEL, DATA = "CLERA", "data"

COLUMNS = {
    "edge": "known transition, from the cells' type to the next",
    "field": "whose velocity: of the data, of the model, or of a sparse quadratic ODE of as many "
    "principal components",
    "part": "cells it is scored on",
    "replicate": "seed number; empty where there are none",
    "cosine": "mean cosine, over all genes, between a cell's velocity and the way to those of its "
    f"{NEIGHBOURS} nearest cells that are of the next type",
    "right": "share of these cells that move the known way (cosine above 0); chance is about 0.5",
    "cells": "cells of the first type with such neighbours",
}


def direction_table(
    readouts: Readouts, tensors: Tensors, config: CleraConfig, part: Part = "test"
) -> Table | None:
    """Score data, model and baseline on the configured transitions; ``None`` without any.

    Parameters
    ----------
    readouts
        Of every replicate.
    part
        Whose cells are scored; the baseline is learned on the training part.
    """
    names = np.array(tensors.info["types"], dtype=str)
    edges = transitions(config.lineage, list(names))
    if not edges:
        return None
    arrays = tensors.reference[part]
    known = type_numbers(tensors.parts[part]["classes"])
    types = np.where(known >= 0, names[known], "")

    def scored(velocity: NDArray[np.floating]) -> list[Direction]:
        return cross_boundary_direction(arrays["x"], velocity, types, edges, space=arrays["scores"])

    d = min(config.latents, len(tensors.constants["components"]))
    fields = [
        (DATA, np.nan, scored(arrays["dx"])),
        (f"PCA-{d} + STLSQ", np.nan, scored(_linear_field(tensors, part, d))),
        *((MODEL, seed, scored(parts[part].dxhat)) for seed, parts in enumerate(readouts)),
    ]
    rows = [
        (" → ".join(found.edge), field, part, seed, found.cosine, found.right, found.cells)
        for field, seed, directions in fields
        for found in directions
    ]
    return Table(pd.DataFrame(rows, columns=list(COLUMNS)), COLUMNS)


def _linear_field(tensors: Tensors, part: Part, d: int) -> NDArray[np.floating]:
    """Return the derivative of all genes by a sparse quadratic ODE of ``d`` components."""
    train = tensors.reference["train"]
    ode = sparse_quadratic_ode(train["scores"][:, :d], train["dscores"][:, :d])
    decoded: NDArray[np.floating] = (
        ode(tensors.reference[part]["scores"][:, :d]) @ tensors.constants["components"][:d]
    )
    return decoded
