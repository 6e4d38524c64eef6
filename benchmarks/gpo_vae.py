"""What a step of GPO-VAE costs: CPU milliseconds on one thread.

The shape the published program was measured at: 40 nodes, 100 genes, batches of 512 cells, 5 draws
of the effects, an embedding network of four layers of 400; it took 250 ms (its embedding network
runs over all perturbations twice a step). ``as published`` decodes every cell under every draw;
``draws spread`` is the same with each cell under one of the draws, the same on average;
``default`` is the network along paths, in the published batches and in its own.
Everything that comes with a step is in it: drawing the batch and the optimiser.

How the cost grows with nodes: exponents of the default and of the published step from 40 nodes to
640, whose square the cost is not to exceed.

    python -m benchmarks.gpo_vae [--epochs 2] [--rounds 3] [--largest 640]
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from scdyn_core.methods.gpo_vae.build import build_network
from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.phases import gpo_phases
from scdyn_core.methods.gpo_vae.presets import PUBLISHED
from scdyn_core.methods.method import Tensors
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions

PUBLISHED_MS, REPLICATES = 250.0, 3
NODES, GENES, CELLS = 40, 100, 4096
DEFAULT = GpoVaeConfig()
CONFIGS = {
    "as published": PUBLISHED,
    "draws spread": PUBLISHED.model_copy(update={"every_draw": False}),
    "draws spread, batch 128": PUBLISHED.model_copy(
        update={"every_draw": False, "batch_size": 128}
    ),
    "default, batch 512": DEFAULT.model_copy(update={"batch_size": 512}),
    "default": DEFAULT,
}


def made(nodes: int, genes: int, cells: int) -> Tensors:
    """Return arrays of a screen: what is in them does not change what a step costs."""
    rng = np.random.default_rng(0)
    counts = rng.poisson(10.0, (cells, genes)).astype(np.float32)
    label = rng.integers(0, nodes + 1, cells)
    part = {
        "counts": counts,
        "library": np.log(counts.sum(axis=1)),
        "log_factorials": np.zeros(cells),
        "label": label.astype(np.float64),
        "delta": rng.random((cells, nodes)).astype(np.float32),
        "fails": (rng.random(cells) < 0.15).astype(np.float32),
        "has_counterfactual": np.ones(cells, dtype=np.float32),
        "counterfactual": counts[rng.permutation(cells)],
    }
    logs = np.log1p(counts)
    names = [f"gene{number}" for number in range(genes)]
    constants = {
        "members": np.append(np.arange(nodes), nodes)[:, None].astype(np.float64),
        "depth": np.array(np.log(1000.0)),
        "mean": logs.mean(axis=0),
        "scale": 1.0 / logs.std(axis=0),
        "log_share": np.log(counts.sum(axis=0) / counts.sum()),
        "cells": np.bincount(label, minlength=nodes + 1)[:nodes].astype(np.float64),
        "control": np.array(float(nodes)),
        "batches": np.array(0.0),
        "column": np.arange(nodes).astype(np.float64),
        "dose": np.full(nodes, -1.5),
        "dose_known": np.ones(nodes),
        "learned": np.ones(nodes),
        "common": np.zeros(genes),
        "prior": np.zeros((nodes, genes)),
        "apart": np.array(0.0),
    }
    some = {name: value[:64] for name, value in part.items()}
    info = {"genes": names, "nodes": names[:nodes], "seed": 0}
    return Tensors({"train": part, "validation": some}, {}, constants=constants, info=info)


def seconds(tensors: Tensors, config: GpoVaeConfig, epochs: int, replicates: int) -> float:
    """Return the CPU seconds of a fit."""
    config = config.model_copy(update={"epochs": epochs, "patience": 0})
    networks = {seed: build_network(tensors, config, seed) for seed in range(replicates)}
    order = iter(networks.values())
    start = time.process_time()
    fit(
        lambda _: next(order),
        gpo_phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(replicates=replicates, device="cpu"),
        SilentReporter(),
    )
    return time.process_time() - start


def step_ms(tensors: Tensors, config: GpoVaeConfig, epochs: int, replicates: int = 1) -> float:
    """Return the CPU milliseconds of one step, free of set-up: a long fit less a short one."""
    steps = -(-len(tensors.parts["train"]["label"]) // config.batch_size)
    longer = seconds(tensors, config, epochs + 1, replicates)
    return 1000.0 * (longer - seconds(tensors, config, 1, replicates)) / (epochs * steps)


def growth(config: GpoVaeConfig, largest: int) -> float:
    """Return the exponent with which a step grows from 40 nodes to the largest number."""
    few, many = (step_ms(made(nodes, largest + 60, 1024), config, 1) for nodes in (NODES, largest))
    return math.log(many / few) / math.log(largest / NODES)


def main() -> None:
    """Measure and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--largest", type=int, default=640)
    given = parser.parse_args()
    torch.set_num_threads(1)
    tensors = made(NODES, GENES, CELLS)
    rounds = [
        {
            **{name: step_ms(tensors, config, given.epochs) for name, config in CONFIGS.items()},
            f"default, {REPLICATES} replicates": step_ms(
                tensors, DEFAULT, given.epochs, REPLICATES
            ),
        }
        for _ in range(given.rounds)
    ]
    found = {name: round(statistics.median(each[name] for each in rounds), 1) for name in rounds[0]}
    print(json.dumps({"CPU ms a step": found, "reference": PUBLISHED_MS}, indent=2))
    exponents = {
        name: round(growth(CONFIGS[name], given.largest), 2)
        for name in ("as published", "draws spread", "default")
    }
    print(json.dumps({f"exponent in nodes, {NODES} to {given.largest}": exponents}, indent=2))


if __name__ == "__main__":
    main()
