"""What a step of sVAE+ costs: CPU milliseconds on one thread.

The shape of the published demonstration: batches of 128 cells, 100 genes, 15 latents, two hidden
layers of 128, 100 perturbations. ``published`` has batch normalisation, dropout and sampled masks,
``default`` none of these; the published program took 19 ms where it was measured. Everything that
comes with a step is in it: drawing the batch, the optimiser, and the pass over all cells after an
epoch that solves for targets.

    python -m benchmarks.svae [--epochs 4] [--rounds 5]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators.registry import simulate
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.method import Svae
from scdyn_core.methods.svae.published import PUBLISHED
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions

REPLICATES = 5
PUBLISHED_MS = 19.0


def seconds(tensors: Tensors, config: SvaeConfig, epochs: int, replicates: int) -> float:
    """Return the CPU seconds of a fit of ``epochs`` epochs after one of warm-up."""
    config = config.model_copy(update={"warm_up": 0, "epochs": epochs})
    method = Svae()
    start = time.process_time()
    fit(
        lambda seed: method.build(tensors, config, seed),
        method.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(replicates=replicates, device="cpu"),
        SilentReporter(),
    )
    return time.process_time() - start


def step_ms(tensors: Tensors, config: SvaeConfig, epochs: int, replicates: int = 1) -> float:
    """Return the CPU milliseconds of one step, free of set-up: a long fit less a short one."""
    steps = round(len(tensors.parts["train"]["label"]) / config.batch_size)
    longer = seconds(tensors, config, epochs + 1, replicates)
    return 1000.0 * (longer - seconds(tensors, config, 1, replicates)) / (epochs * steps)


def main() -> None:
    """Measure and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    data = simulate("mechanism_shift", seed=0)
    roles = Roles(perturbation="perturbation", counts="X")
    dataset = Dataset(data, roles, "generated", "benchmark")
    default = SvaeConfig(latents=15)
    method, silent = Svae(), SilentReporter()
    tensors = method.tensors(dataset, default, method.split(dataset, default, 0), 0, silent)
    rounds = [
        {
            "published": step_ms(tensors, PUBLISHED, arguments.epochs),
            "default": step_ms(tensors, default, arguments.epochs),
            f"default, {REPLICATES} replicates": step_ms(
                tensors, default, arguments.epochs, REPLICATES
            ),
        }
        for _ in range(arguments.rounds)
    ]
    found = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    found["published / the published program"] = found["published"] / PUBLISHED_MS
    found[f"{REPLICATES} replicates / one"] = (
        found[f"default, {REPLICATES} replicates"] / found["default"]
    )
    print(json.dumps({name: round(value, 3) for name, value in found.items()}, indent=2))


if __name__ == "__main__":
    main()
