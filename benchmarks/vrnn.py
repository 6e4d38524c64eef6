"""What an epoch of the VRNN costs: CPU seconds on one thread.

Two shapes. ``published``: 1,000 genes (800 to train on) at 6 times, LSTM of 32, 64 latents, batches
of 400, gradients clipped, the 200 other genes scored every 10 epochs; the published program took
0.065 CPU s an epoch on the machine where it was measured; the same network written plainly with
torch's own parts is timed beside ours. ``default``: 1,000 genes with the default
network, alone and as five replicates.

    python -m benchmarks.vrnn [--epochs 100] [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch

from benchmarks.plain_vrnn import plain_epoch_seconds
from scdyn_core.methods.vrnn.config import VrnnConfig
from scdyn_core.methods.vrnn.method import Vrnn
from scdyn_core.methods.vrnn.network import VrnnNetwork
from scdyn_core.methods.vrnn.published import PUBLISHED
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions

GENES, HELD_OUT, TIMES = 800, 200, 6
REPLICATES = 5
PUBLISHED_SECONDS = 0.065


def _arrays(genes: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return random curves: the cost does not depend on the values."""
    return {
        "x": rng.standard_normal((genes, TIMES)),
        "variance": rng.random((genes, TIMES)) + 0.1,
        "centre_without": np.zeros((genes, TIMES)),
        "divisor_without": np.ones((genes, TIMES)),
    }


def seconds(config: VrnnConfig, epochs: int, replicates: int) -> float:
    """Return the CPU seconds of a fit of ``epochs`` epochs, set-up included."""
    rng = np.random.default_rng(0)
    parts = [_arrays(genes, rng) for genes in (GENES, HELD_OUT)]
    (phase,) = Vrnn().phases(config.model_copy(update={"epochs": epochs}))
    start = time.process_time()
    fit(
        lambda seed: VrnnNetwork(config, torch.linspace(0, 1, TIMES), seed),
        [phase], parts[0], parts[1],
        TrainingOptions(replicates=replicates, device="cpu"), SilentReporter(),
    )  # fmt: skip
    return time.process_time() - start


def epoch_seconds(config: VrnnConfig, epochs: int, replicates: int = 1) -> float:
    """Return the CPU seconds of one epoch, free of set-up: a long fit less a short one."""
    return (seconds(config, epochs + 10, replicates) - seconds(config, 10, replicates)) / epochs


def main() -> None:
    """Measure both shapes and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    default = VrnnConfig()
    seconds(PUBLISHED, 5, 1)
    rounds = [
        {
            "published": epoch_seconds(PUBLISHED, arguments.epochs),
            "published, written plainly": plain_epoch_seconds(
                torch.randn(GENES, TIMES), torch.randn(HELD_OUT, TIMES), arguments.epochs
            ),
            "default": epoch_seconds(default, arguments.epochs),
            f"default, {REPLICATES} replicates": epoch_seconds(
                default, arguments.epochs, REPLICATES
            ),
        }
        for _ in range(arguments.rounds)
    ]
    found = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    found["published / written plainly"] = found["published"] / found["published, written plainly"]
    found["published / the published program"] = found["published"] / PUBLISHED_SECONDS
    found[f"{REPLICATES} replicates / one"] = (
        found[f"default, {REPLICATES} replicates"] / found["default"]
    )
    print(json.dumps({name: round(value, 4) for name, value in found.items()}, indent=2))


if __name__ == "__main__":
    main()
