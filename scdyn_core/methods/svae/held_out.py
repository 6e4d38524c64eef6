"""Evidence of cells that were never seen, of perturbations learned from and held out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.evaluation.score import Score
from scdyn_core.methods.method import Table, Tensors
from scdyn_core.methods.perturbations.labels import Labelled
from scdyn_core.methods.perturbations.reading import cells_of
from scdyn_core.methods.svae.evidence import evidence
from scdyn_core.methods.svae.network import SvaeNetwork
from scdyn_core.methods.svae.readout import Readout
from scdyn_core.training.seeding import derive_seed

Matrix = NDArray[np.float64]
#: Cells of one perturbation, and of all learned from together, whose evidence is estimated.
MOST_OF_ONE, MOST = 100, 500
HELD_OUT = {
    "stage": "before the model adapted to the perturbation, when it took it for unperturbed; after",
    "perturbation": "name of the perturbation",
    "cells": "cells that the evidence is of; nothing learned from them or adapted to them",
    "elbo": "evidence lower bound per cell, nats, mean over cells and replicates; higher is better",
    "iwelbo": "importance-weighted bound per cell, nats, tighter; higher is better",
    "latents_on": "latents that it shifts, mean over replicates",
}


def evidence_score(
    networks: Sequence[SvaeNetwork], read: Sequence[Readout], tensors: Tensors, labelled: Labelled
) -> list[Score]:
    """Return the evidence of test cells of perturbations learned from, with and without shifts."""
    number = _perturbation_of_test_cells(tensors, labelled)
    held = np.array([name in labelled.held_out for name in labelled.kinds])
    rng = np.random.default_rng(derive_seed(_seed(tensors), "evidence"))
    rows = np.flatnonzero(~held[number])
    chosen = np.sort(rng.choice(rows, min(len(rows), MOST), replace=False))
    moved = [each.prior_effect[number[chosen]] for each in read]
    cells = _rows(cells_of(tensors, "test"), chosen)
    with_shifts, without = (
        _bounds(networks, cells, [effect * share for effect in moved], _seed(tensors))[:, 1]
        for share in (1.0, 0.0)
    )
    return [
        Score(
            metric="evidence per cell (IWELBO, nats)",
            value=float(with_shifts.mean()),
            split="test",
            better="higher",
            replicate_sd=float(with_shifts.std(ddof=1)) if len(networks) > 1 else None,
            baselines={"the same without shifts": float(without.mean())},
        )
    ]


def held_out_table(
    networks: Sequence[SvaeNetwork], read: Sequence[Readout], tensors: Tensors, labelled: Labelled
) -> dict[str, Table]:
    """Return the table ``held_out``, one row a stage and perturbation; none if none was."""
    if not labelled.held_out:
        return {}
    rows = list(_held_out(networks, read, tensors, labelled))
    return {"held_out": Table(pd.DataFrame(rows, columns=list(HELD_OUT)), HELD_OUT)}


def _held_out(
    networks: Sequence[SvaeNetwork], read: Sequence[Readout], tensors: Tensors, labelled: Labelled
) -> Iterator[tuple[str, str, int, float, float, float]]:
    number = _perturbation_of_test_cells(tensors, labelled)
    cells = cells_of(tensors, "test")
    for place, name in enumerate(labelled.kinds):
        own = np.flatnonzero(number == place)[:MOST_OF_ONE]
        if name not in labelled.held_out or not len(own):
            continue
        on = float(np.mean([each.on[place].sum() for each in read]))
        for stage, share in {"before": 0.0, "after": 1.0}.items():
            moved = [np.tile(each.prior_effect[place] * share, (len(own), 1)) for each in read]
            elbo, iwelbo = _bounds(networks, _rows(cells, own), moved, _seed(tensors)).mean(axis=0)
            yield stage, name, len(own), float(elbo), float(iwelbo), on * share


def _bounds(
    networks: Sequence[SvaeNetwork], cells: dict[str, Tensor], moved: Sequence[Matrix], seed: int
) -> Matrix:
    """Return mean ELBO and IWELBO of some cells, a row a replicate, shape ``(K, 2)``.

    Parameters
    ----------
    moved
        Where each replicate expects each cell, from the origin, shape ``(n, L)``.
    """
    samples = networks[0].config.importance_samples
    found = [
        evidence(network, cells, torch.as_tensor(effect), samples, seed)
        for network, effect in zip(networks, moved, strict=True)
    ]
    return np.array([[elbo.mean(), iwelbo.mean()] for elbo, iwelbo in found])


def _perturbation_of_test_cells(tensors: Tensors, labelled: Labelled) -> NDArray[np.int64]:
    """Return the number of the perturbation of every test cell, in the order of ``kinds``."""
    positions = np.searchsorted(labelled.cells, tensors.samples["test"])
    place = {name: number for number, name in enumerate(labelled.kinds)}
    return np.array([place[name] for name in labelled.perturbation[positions]], dtype=np.int64)


def _rows(cells: dict[str, Tensor], rows: NDArray[np.int64]) -> dict[str, Tensor]:
    return {name: value[rows] for name, value in cells.items()}


def _seed(tensors: Tensors) -> int:
    return int(str(tensors.info["seed"]))
