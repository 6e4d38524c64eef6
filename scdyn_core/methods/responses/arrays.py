"""The arrays of a method whose samples are genes: curves part by part, and of halves of cells."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.responses.config import ResponseConfig
from scdyn_core.methods.responses.input import gene_input
from scdyn_core.methods.responses.offset import common_change
from scdyn_core.methods.responses.pseudobulk import Curves, curves, half_of, joined

HALVES = ("first", "second")


def response_tensors(dataset: Dataset, config: ResponseConfig, split: Split, seed: int) -> Tensors:
    """Return ``mean`` and ``se`` of the genes of each part; in ``reference``, of both halves.

    ``constants`` hold the times, the cells at each and the first guess of the offset, learned
    on training genes.

    Raises
    ------
    ConfigError
        When times, cells or genes do not suffice.
    """
    found = gene_input(dataset, config)
    first = half_of(found.times, seed)
    halves = {
        name: curves(found.values, found.times, found.curves.times, chosen)
        for name, chosen in (("first", first), ("second", ~first))
    }
    train = found.curves.rows(split.train)
    removed = config.offset_of(len(found.genes))
    offset = np.zeros(len(train.times)) if removed == "none" else common_change(train)
    return Tensors(
        parts={part: _arrays(found.curves.rows(split.part_of(part))) for part in PARTS},
        samples={part: found.genes[split.part_of(part)] for part in PARTS},
        reference={
            part: {
                f"{name}_{array}": value
                for name in HALVES
                for array, value in _arrays(halves[name].rows(split.part_of(part))).items()
            }
            for part in PARTS
        },
        constants={"times": train.times, "cells": train.cells.astype(np.float64), "offset": offset},
        info={"genes": found.names, "seed": seed, "offset": removed},
    )


def part_curves(tensors: Tensors, part: Part, half: str = "") -> Curves:
    """Return the curves of one part, from all learned cells or from one half of them."""
    arrays: Mapping[str, np.ndarray] = tensors.reference[part] if half else tensors.parts[part]
    prefix = f"{half}_" if half else ""
    times, cells = tensors.constants["times"], tensors.constants["cells"].astype(np.int64)
    mean, se = (np.asarray(arrays[f"{prefix}{name}"], dtype=np.float64) for name in ("mean", "se"))
    return Curves(np.asarray(times, dtype=np.float64), cells, mean, se)


def all_curves(tensors: Tensors, half: str = "") -> Curves:
    """Return the curves of all genes: training, validation, test genes after each other."""
    return joined([part_curves(tensors, part, half) for part in PARTS])


def _arrays(found: Curves) -> dict[str, np.ndarray]:
    return {"mean": found.mean, "se": found.se}
