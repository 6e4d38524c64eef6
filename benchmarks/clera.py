"""What an epoch of CLERA costs: CPU seconds on one thread, beside the matrix products alone.

The published SERGIO shape: 2,835 samples × 100 genes, widths [512, 32], 6 latents, 46 terms, full
batch, all losses, validation every 50 epochs. The published TensorFlow program took 0.104 CPU s
an epoch on the machine where it was measured.

    python -m benchmarks.clera [--epochs 50] [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from itertools import pairwise

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from scdyn_core.methods.clera.config import PUBLISHED
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.phase import Phase

SAMPLES, HELD_OUT, GENES, CLASSES, REPLICATES = 2835, 315, 100, 9, 5
WEIGHTS = {
    "reconstruction": 10.0,
    "latent_derivative": 5.0,
    "derivative": 0.1,
    "sparsity": 1.0,
    "network": 1e-5,
    "classification": 1.0,
}


def arrays(n: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return random samples: the cost does not depend on the values."""
    x, dx = rng.standard_normal((2, n, GENES))
    return {"x": x, "dx": dx, "classes": np.eye(CLASSES)[rng.integers(CLASSES, size=n)]}


def training_seconds(epochs: int, replicates: int) -> float:
    """Return the CPU seconds of a fit of ``epochs`` epochs, set-up included."""
    rng = np.random.default_rng(0)
    train, validation = arrays(SAMPLES, rng), arrays(HELD_OUT, rng)
    start = time.process_time()
    fit(
        lambda seed: CleraNetwork(PUBLISHED, GENES, 1.0, torch.ones(2), CLASSES, seed),
        [Phase("fit", epochs, WEIGHTS, learning_rate=1e-4, validate_every=50)],
        train,
        validation,
        TrainingOptions(replicates=replicates, device="cpu"),
        SilentReporter(),
    )
    return time.process_time() - start


def epoch_seconds(epochs: int, replicates: int) -> float:
    """Return the CPU seconds of one epoch, free of set-up: a long fit less a short one."""
    return (training_seconds(epochs + 2, replicates) - training_seconds(2, replicates)) / epochs


def product_seconds(repeats: int = 20) -> float:
    """Return the CPU seconds of the matrix products of one epoch and nothing else."""
    widths = [GENES, *PUBLISHED.widths, PUBLISHED.latents]
    layers = [*pairwise(widths)]
    layers += [(fan_out, fan_in) for fan_in, fan_out in reversed(layers)]
    inputs = {size: torch.randn(SAMPLES, size) for size in widths}
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


def main() -> None:
    """Measure in turns, so that a change of the machine's speed hits everything alike."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    training_seconds(2, 1)
    rounds = [
        {
            "single": epoch_seconds(arguments.epochs, 1),
            "replicates": epoch_seconds(max(2, arguments.epochs // REPLICATES), REPLICATES),
            "products": product_seconds(),
        }
        for _ in range(arguments.rounds)
    ]
    middle = {name: statistics.median(r[name] for r in rounds) for name in rounds[0]}
    print(
        json.dumps(
            {
                "cpu_seconds_per_epoch": round(middle["single"], 4),
                "matrix_products_alone": round(middle["products"], 4),
                "over_matrix_products": round(
                    statistics.median(r["single"] / r["products"] for r in rounds), 2
                ),
                f"{REPLICATES}_replicates": round(middle["replicates"], 4),
                f"{REPLICATES}_replicates_over_singles": round(
                    statistics.median(r["replicates"] / r["single"] / REPLICATES for r in rounds),
                    3,
                ),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
