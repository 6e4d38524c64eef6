"""What an epoch of CLERA costs: CPU seconds on one thread.

Two shapes. ``published``: the SERGIO example, 2,835 samples × 100 genes, widths [512, 32],
6 latents, 46 terms, full batch, all losses, validation every 50 epochs, beside the matrix products
alone; the published TensorFlow program took 0.104 CPU s an epoch on the machine where it was
measured. ``default``: 3,000 cells × 50 components with the default configuration, coefficients
solved for every 10 epochs, in one batch and in mini-batches of 256.

    python -m benchmarks.clera [--epochs 50] [--rounds 5]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.published import PUBLISHED
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.phase import Phase

REPLICATES = 5


@dataclass(frozen=True)
class Shape:
    """What is trained: configuration, arrays and loss weights."""

    config: CleraConfig
    samples: int
    held_out: int
    inputs: int
    classes: int
    weights: Mapping[str, float]
    batch_size: int | None = None

    def arrays(self, n: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Return random samples: the cost does not depend on the values."""
        x, dx = rng.standard_normal((2, n, self.inputs))
        return {
            "x": x,
            "dx": dx,
            "classes": np.eye(self.classes)[rng.integers(self.classes, size=n)],
        }

    def seconds(self, epochs: int, replicates: int) -> float:
        """Return the CPU seconds of a fit of ``epochs`` epochs, set-up included."""
        rng = np.random.default_rng(0)
        train, validation = self.arrays(self.samples, rng), self.arrays(self.held_out, rng)
        phase = Phase(
            "fit", epochs, self.weights, learning_rate=1e-4, batch_size=self.batch_size,
            clip_norm=self.config.clip_norm, validate_every=self.config.validate_every,
            frozen=("coefficients",) if self.config.solver == "least_squares" else (),
        )  # fmt: skip
        start = time.process_time()
        fit(
            lambda seed: CleraNetwork(
                self.config, self.inputs, 1.0, torch.ones(2), self.classes, seed
            ),
            [phase],
            train,
            validation,
            TrainingOptions(replicates=replicates, device="cpu"),
            SilentReporter(),
        )
        return time.process_time() - start

    def epoch_seconds(self, epochs: int, replicates: int) -> float:
        """Return the CPU seconds of one epoch, free of set-up: a long fit less a short one."""
        return (self.seconds(epochs + 10, replicates) - self.seconds(10, replicates)) / epochs


PUBLISHED_SHAPE = Shape(
    PUBLISHED, 2835, 315, 100, 9,
    {"reconstruction": 10.0, "latent_derivative": 5.0, "derivative": 0.1, "sparsity": 1.0,
     "network": 1e-5, "classification": 1.0},
)  # fmt: skip
DEFAULT_SHAPE = Shape(
    CleraConfig(), 3000, 1000, 50, 8,
    {"reconstruction": 2.0, "latent_derivative": 0.3, "derivative": 1.0, "classification": 0.1},
)  # fmt: skip
SHAPES = {
    "published": PUBLISHED_SHAPE,
    "default": DEFAULT_SHAPE,
    "default, batches of 256": dataclasses.replace(DEFAULT_SHAPE, batch_size=256),
}


def product_seconds(shape: Shape, repeats: int = 20) -> float:
    """Return the CPU seconds of the matrix products of one epoch and nothing else."""
    widths = [shape.inputs, *shape.config.widths, shape.config.latents]
    layers = [*pairwise(widths)]
    layers += [(fan_out, fan_in) for fan_in, fan_out in reversed(layers)]
    inputs = {size: torch.randn(shape.samples, size) for size in widths}
    weights = [torch.randn(fan_out, fan_in) for fan_in, fan_out in layers]
    start = time.process_time()
    for _ in range(repeats):
        for position, ((fan_in, fan_out), weight) in enumerate(zip(layers, weights, strict=True)):
            for _ in ("value", "tangent"):
                torch.mm(inputs[fan_in], weight.T)
                torch.mm(inputs[fan_out].T, inputs[fan_in])
                if position:
                    torch.mm(inputs[fan_out], weight)
    return (time.process_time() - start) / repeats


def measure(shape: Shape, epochs: int, rounds: int) -> dict[str, float]:
    """Measure in turns, so that a change of the machine's speed hits everything alike."""
    shape.seconds(2, 1)
    found = [
        {
            "single": shape.epoch_seconds(epochs, 1),
            "replicates": shape.epoch_seconds(max(10, epochs // REPLICATES), REPLICATES),
            "products": product_seconds(shape),
        }
        for _ in range(rounds)
    ]
    middle = {name: statistics.median(each[name] for each in found) for name in found[0]}

    def ratio(above: str, below: str) -> float:
        return round(statistics.median(each[above] / each[below] for each in found), 2)

    return {
        "cpu_seconds_per_epoch": round(middle["single"], 4),
        "matrix_products_alone": round(middle["products"], 4),
        "over_matrix_products": ratio("single", "products"),
        f"{REPLICATES}_replicates": round(middle["replicates"], 4),
        f"{REPLICATES}_replicates_over_one": ratio("replicates", "single"),
    }


def main() -> None:
    """Measure every shape."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    for name, shape in SHAPES.items():
        found = measure(shape, arguments.epochs, arguments.rounds)
        print(json.dumps({"shape": name, **found}), flush=True)


if __name__ == "__main__":
    main()
