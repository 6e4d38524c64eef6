"""Evidence of cells that were never seen, of perturbations learned from and held out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from scdyn_core.evaluation.score import Score
from scdyn_core.methods.method import Table, Tensors
from scdyn_core.methods.perturbations.labels import Labelled
from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.evidence import evidence
from scdyn_core.methods.svae.network import SvaeNetwork
from scdyn_core.methods.svae.reading import cells_of
from scdyn_core.methods.svae.readout import Readout
from scdyn_core.training.seeding import derive_seed

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
    networks: Sequence[SvaeNetwork],
    tensors: Tensors,
    labelled: Labelled,
    read: Sequence[Readout],
    config: SvaeConfig,
    seed: int,
) -> list[Score]:
    """Return the evidence of test cells of perturbations learned from, with and without shifts."""
    row, number = _labels(tensors, labelled)
    held = np.array([name in labelled.held_out for name in labelled.kinds])
    rng = np.random.default_rng(derive_seed(seed, "evidence"))
    rows = np.flatnonzero(~held[number])
    chosen = np.sort(rng.choice(rows, min(len(rows), MOST), replace=False))
    cells = {name: value[row[chosen]] for name, value in cells_of(tensors, "test").items()}
    samples = config.importance_samples
    found = [
        [
            evidence(network, cells, torch.as_tensor(moved), samples, seed)[1].mean()
            for moved in (effect[number[chosen]], np.zeros((len(chosen), effect.shape[1])))
        ]
        for network, effect in zip(networks, (each.prior_effect for each in read), strict=True)
    ]
    values = np.array(found)
    return [
        Score(
            metric="evidence per cell (IWELBO, nats)",
            value=float(values[:, 0].mean()),
            split="test",
            better="higher",
            replicate_sd=float(values[:, 0].std(ddof=1)) if len(values) > 1 else None,
            baselines={"the same without shifts": float(values[:, 1].mean())},
        )
    ]


def held_out_table(
    networks: Sequence[SvaeNetwork],
    tensors: Tensors,
    labelled: Labelled,
    read: Sequence[Readout],
    config: SvaeConfig,
    seed: int,
) -> dict[str, Table]:
    """Return the table ``held_out``, one row a stage and perturbation; none if none was."""
    if not labelled.held_out:
        return {}
    rows = list(_held_out(networks, tensors, labelled, read, config, seed))
    frame = pd.DataFrame(rows, columns=list(HELD_OUT))
    return {"held_out": Table(frame, HELD_OUT)}


def _held_out(
    networks: Sequence[SvaeNetwork],
    tensors: Tensors,
    labelled: Labelled,
    read: Sequence[Readout],
    config: SvaeConfig,
    seed: int,
) -> Iterator[tuple[str, str, int, float, float, float]]:
    row, number = _labels(tensors, labelled)
    cells = cells_of(tensors, "test")
    names = list(labelled.kinds)
    for name in sorted(labelled.held_out):
        own = row[number == names.index(name)][:MOST_OF_ONE]
        if not len(own):
            continue
        some = {key: value[own] for key, value in cells.items()}
        for stage in ("before", "after"):
            moved = [each.prior_effect[names.index(name)] * (stage == "after") for each in read]
            bounds = np.array(
                [
                    [
                        bound.mean()
                        for bound in evidence(
                            network,
                            some,
                            torch.as_tensor(shift).expand(len(own), -1),
                            config.importance_samples,
                            seed,
                        )
                    ]
                    for network, shift in zip(networks, moved, strict=True)
                ]
            ).mean(axis=0)
            on = np.mean([each.on[names.index(name)].sum() for each in read])
            opened = float(on) if stage == "after" else 0.0
            yield stage, name, len(own), float(bounds[0]), float(bounds[1]), opened


def _labels(tensors: Tensors, labelled: Labelled) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return test cells and the number of each one's perturbation."""
    positions = np.searchsorted(labelled.cells, tensors.samples["test"])
    place = {name: number for number, name in enumerate(labelled.kinds)}
    number = np.array([place[name] for name in labelled.perturbation[positions]], dtype=np.int64)
    return np.arange(len(number)), number
