"""What finding the weights of cells costs, and what drawing by them adds to a training.

CPU seconds on one thread, medians of some rounds, all of one run. First the weights: ``numpy``, the
published routine as one would write it (``numpy.histogram`` and ``numpy.digitize`` along every
axis), beside ours, which give the same, and beside the other schemes; geometric sketching also by
the library geosketch, on the smaller data. Then the share of a training that goes into finding
weights (all refreshes, with the pass through the model that they need) and drawing by them: scVI
with its defaults on generated cells.

    python -m benchmarks.resampling [--cells 5000 20000 200000] [--latents 64] [--rounds 3]
        [--trained 4000] [--epochs 100]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators import simulate
from scdyn_core.methods.method import Tensors, TrainedMethod
from scdyn_core.methods.population import population_of
from scdyn_core.methods.registry import method_by_key
from scdyn_core.reporter import SilentReporter
from scdyn_core.training import draws
from scdyn_core.training.fit import trained
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.resampling.marginal import marginal_weights
from scdyn_core.training.resampling.options import SAMPLING
from scdyn_core.training.resampling.weights import sample_weights

BINS, SMOOTHING = 100, 1e-3
#: The library takes minutes of more.
_LIBRARY_CELLS = 5000
SCHEMES = ("marginal", "published", "sketch", "neighbours", "clusters")
Values = NDArray[np.float64]


def cells(n: int, latents: int) -> NDArray[np.float32]:
    """Return places of cells of twenty types of very different size, ``(n, latents)``."""
    rng = np.random.default_rng(0)
    share = np.geomspace(1, 0.005, 20)
    label = rng.choice(20, n, p=share / share.sum())
    places = rng.normal(size=(20, latents))[label] + rng.normal(size=(n, latents))
    return places.astype(np.float32)


def in_numpy(latent: NDArray[np.floating]) -> Values:
    """Return the published weights, one axis after another, by numpy's functions for histograms."""
    largest = np.zeros(len(latent))
    for column in latent.T:
        density, edges = np.histogram(column, bins=BINS, density=True)
        edges[0], edges[-1] = -np.inf, np.inf
        smooth = density + SMOOTHING
        share = 1 / (smooth / smooth.sum())[np.digitize(column, edges) - 1]
        largest = np.maximum(largest, share / share.sum())
    return largest / largest.sum()


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median CPU seconds of some rounds."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def weights(n: int, latents: int, rounds: int) -> dict[str, Any]:
    """Return what weights of ``n`` cells cost."""
    single = cells(n, latents)
    double = single.astype(np.float64)
    found: dict[str, Any] = {
        "numpy, float64": seconds(lambda: in_numpy(double), rounds),
        "ours, float64": seconds(lambda: marginal_weights(double, BINS, SMOOTHING), rounds),
        "numpy, float32": seconds(lambda: in_numpy(single), rounds),
        "ours, float32": seconds(lambda: marginal_weights(single, BINS, SMOOTHING), rounds),
    }
    for precision in ("float64", "float32"):
        found[f"ratio, {precision}"] = found[f"numpy, {precision}"] / found[f"ours, {precision}"]
    apart = np.abs(in_numpy(double) - marginal_weights(double, BINS, SMOOTHING)).max() * n
    for scheme in SCHEMES:
        options = SAMPLING[scheme]
        found[scheme] = seconds(
            lambda options=options: sample_weights(options, latent=single, classes=None, seed=0),
            rounds,
        )
    if n <= _LIBRARY_CELLS:
        from geosketch import gs

        found["geosketch"] = seconds(lambda: gs(double, n, replace=True, seed=0), 1)
    rounded = {name: round(value, 3) for name, value in found.items()}
    return {**rounded, "largest difference, of 1/N": float(apart)}


@contextmanager
def counted(spent: dict[str, float]) -> Iterator[None]:
    """Count the CPU seconds that go into finding weights and into drawing by them."""
    kept = draws.Draws._refresh, draws.draw

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            start = time.process_time()
            result = function(*arguments)
            spent[name] = spent.get(name, 0.0) + time.process_time() - start
            return result

        return call

    draws.Draws._refresh = timed("finding", kept[0])
    draws.draw = timed("drawing", kept[1])
    try:
        yield
    finally:
        draws.Draws._refresh, draws.draw = kept


def overhead(scheme: str, data: Dataset, tensors: Tensors, epochs: int) -> dict[str, float]:
    """Return CPU seconds of a training, and the shares of it that weights and draws take."""
    method = method_by_key("scvi")
    assert isinstance(method, TrainedMethod)
    config = method.Config(epochs=epochs, patience=0)
    options = TrainingOptions(device="cpu", sampling=SAMPLING[scheme])
    spent: dict[str, float] = {}
    with counted(spent):
        start = time.process_time()
        trained(
            build=lambda seed: method.build(tensors, config, seed),
            phases=method.phases(config),
            train=tensors.parts["train"],
            validation=tensors.parts["validation"],
            options=options,
            reporter=SilentReporter(),
            population=population_of(method, data, tensors, options.sampling),
        )
        whole = time.process_time() - start
    rest = whole - sum(spent.values())
    shares = {name: round(spent.get(name, 0.0) / rest, 4) for name in ("finding", "drawing")}
    return {"CPU s": round(whole, 2), **shares}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, nargs="+", default=[5_000, 20_000, 200_000])
    parser.add_argument("--latents", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--trained", type=int, default=4000, help="cells of the training; 0: none")
    given = parser.parse_args()
    torch.set_num_threads(1)
    # Compiled and imported before anything is timed.
    for scheme in SCHEMES:
        sample_weights(SAMPLING[scheme], latent=cells(500, 8), classes=None, seed=0)
    for n in given.cells:
        told = {f"CPU s of weights, {n} x {given.latents}": weights(n, given.latents, given.rounds)}
        print(json.dumps(told, indent=2), flush=True)
    if given.trained:
        sample = simulate("rare", 0, n_cells=given.trained, n_genes=500)
        data = Dataset(sample, Roles(cell_type="cell_type", counts="X"), "rare", "generated")
        method = method_by_key("scvi")
        split = method.split(data, method.Config(), 0)
        tensors = method.tensors(data, method.Config(), split, 0, SilentReporter())
        for scheme in ("uniform", "balanced", *SCHEMES):
            told = {f"scVI, {scheme}": overhead(scheme, data, tensors, given.epochs)}
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
