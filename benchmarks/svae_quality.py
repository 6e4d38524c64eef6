"""Planted perturbation programs: who finds the latents, and which perturbation moves which.

The simulator of the paper (``scdyn simulate mechanism_shift``): 100 perturbations of 250 cells, 100
genes, 15 latents, one to three of them shifted by each perturbation. MCC and R2 of the latents on
test cells; precision, recall and F1 of the targets of perturbations that were learned from; CPU
seconds of one fit on one thread, preparing the data included. Every rival is turned by the same
rotation and its targets are read by the same rule as ours, unless it is said to be as it is; for
linear methods, which have no idea of noise, a threshold of 1 sd is shown too.

``standard``; ``30 latents``, twice as many as there are; ``low depth``, 1,000 counts a cell;
``held out``, a fifth of the perturbations by the three-stage protocol: evidence per cell (IWELBO)
of their test cells before and after the model adapted to their other cells, and F1 of their
targets. The published program's settings take 300 epochs and run on the first seeds only.

    python -m benchmarks.svae_quality [--seeds 41 42 43 44 45] [--published 1] [--workers 2]
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import torch
from rich.console import Console
from rich.table import Table as Printed

from benchmarks.svae_screen import trained
from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators.registry import simulate
from scdyn_core.evaluation.disentanglement.masks import largest_shifts, strong_shifts
from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.perturbations.stored_cells import screen_cells
from scdyn_core.methods.perturbations.values import ScreenCells
from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.held_out import held_out_table
from scdyn_core.methods.svae.linear import linear_latents, shifts
from scdyn_core.methods.svae.method import Svae
from scdyn_core.methods.svae.published import IVAE, PUBLISHED, VAE
from scdyn_core.methods.svae.readout import readouts
from scdyn_core.methods.svae.truth import Found, Truth, recovery
from scdyn_core.reporter import SilentReporter

LATENTS, TOO_MANY, LOW_DEPTH, HELD_OUT = 15, 30, 1000, 0.2
OURS = SvaeConfig(latents=LATENTS)
Row = dict[str, object]


def configs(published: bool) -> dict[str, dict[str, SvaeConfig]]:
    """Return the networks that are trained, by setting and name."""

    def with_latents(latents: int, **changes: object) -> dict[str, SvaeConfig]:
        made = {"sVAE+": OURS, "iVAE": IVAE, "VAE": VAE}
        update = {"latents": latents, **changes}
        return {name: config.model_copy(update=update) for name, config in made.items()}

    standard = with_latents(LATENTS)
    for name in ("sVAE+", "iVAE"):
        standard[f"{name}, not turned"] = standard[name].model_copy(update={"rotation": False})
    if published:
        standard["as published"] = PUBLISHED
    return {
        "standard": standard,
        "30 latents": without_ivae(with_latents(TOO_MANY)),
        "low depth": without_ivae(with_latents(LATENTS)),
        "held out": with_latents(LATENTS, held_out_share=HELD_OUT, importance_samples=100),
    }


def without_ivae(made: dict[str, SvaeConfig]) -> dict[str, SvaeConfig]:
    """Return the networks but the one in the middle, to spare time."""
    return {name: config for name, config in made.items() if name != "iVAE"}


def generated(setting: str, seed: int) -> Dataset:
    """Return the screen of a setting."""
    depth = {"depth": LOW_DEPTH} if setting == "low depth" else {}
    roles = Roles(perturbation="perturbation", counts="X")
    return Dataset(simulate("mechanism_shift", seed=seed, **depth), roles, setting, "benchmark")


def network_row(setting: str, name: str, config: SvaeConfig, seed: int) -> Row:
    """Train one network and score it."""
    torch.set_num_threads(1)
    dataset = generated(setting, seed)
    start = time.process_time()
    (network,), tensors = trained(dataset, config, seed, 1)
    seconds = time.process_time() - start
    screen = labelled(dataset, config, seed)
    cells = screen_cells(dataset, screen, tensors)
    (read,) = readouts([network], tensors, screen)
    row = {"setting": setting, "model": name, "seed": seed, "CPU s": seconds}
    row |= scored(dataset, cells, read.latent, read.on)
    if screen.held_out:
        frame = held_out_table([network], [read], tensors, screen)
        evidence = frame["held_out"].frame.groupby("stage")["iwelbo"].mean()
        row |= {"IWELBO before": evidence["before"], "IWELBO after": evidence["after"]}
    return row


def linear_rows(setting: str, seed: int) -> list[Row]:
    """Score the linear methods."""
    dataset = generated(setting, seed)
    method, silent = Svae(), SilentReporter()
    start = time.process_time()
    tensors = method.tensors(dataset, OURS, method.split(dataset, OURS, seed), seed, silent)
    screen = labelled(dataset, OURS, seed)
    cells = screen_cells(dataset, screen, tensors)
    found = linear_latents(cells, LATENTS, seed)
    seconds = time.process_time() - start
    rows: list[Row] = []
    for name, latent in found.items():
        moved = shifts(latent, cells, tuple(screen.kinds))
        rules = {"1 sd": strong_shifts(moved), "two largest": largest_shifts(moved, 2)}
        for rule, on in rules.items():
            row = {"setting": setting, "model": f"{name}, {rule}", "seed": seed, "CPU s": seconds}
            rows.append(row | scored(dataset, cells, latent, on))
    return rows


def scored(
    dataset: Dataset, cells: ScreenCells, latent: np.ndarray, on: np.ndarray
) -> dict[str, object]:
    """Return what was recovered; targets in the order of the perturbations."""
    truth = Truth.of(dataset, cells.labelled)
    assert truth is not None
    names = list(cells.labelled.kinds)
    own = Found(latent, on[[names.index(name) for name in truth.names]])
    seen = np.array([name not in cells.labelled.held_out for name in truth.names])
    held = np.isin(cells.labelled.perturbation, sorted(cells.labelled.held_out))
    scored_cells = (cells.part == "test") & ~held
    learned = cells.part == "train"
    scores, _ = recovery(truth, own, learned, scored_cells, seen)
    if (~seen).any():
        others, _ = recovery(truth, own, learned, scored_cells, ~seen)
        scores["F1 held out"] = others["mask F1"]
    return dict(scores)


def tasks(seeds: Sequence[int], published: int) -> Iterator[tuple[object, ...]]:
    """Return every fit: a function and its arguments."""
    for place, seed in enumerate(seeds):
        for setting, made in configs(place < published).items():
            if setting in ("standard", "low depth"):
                yield linear_rows, setting, seed
            for name, config in made.items():
                yield network_row, setting, name, config, seed


def _do(task: tuple[object, ...]) -> list[Row]:
    do, *arguments = task
    found = do(*arguments)  # type: ignore[operator]
    return found if isinstance(found, list) else [found]


def main() -> None:
    """Run everything and print means over seeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[41, 42, 43, 44, 45])
    parser.add_argument("--published", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--settings", nargs="+")
    arguments = parser.parse_args()
    console, rows = Console(stderr=True), []
    asked = [
        task
        for task in tasks(arguments.seeds, arguments.published)
        if not arguments.settings or task[1] in arguments.settings
    ]
    with ProcessPoolExecutor(arguments.workers) as pool:
        waiting = [pool.submit(_do, task) for task in asked]
        for done in as_completed(waiting):
            rows += done.result()
            console.print(json.dumps(done.result()[0], default=float), soft_wrap=True)
    show(pd.DataFrame(rows))


def show(found: pd.DataFrame) -> None:
    """Print one table a setting: means over seeds, and the least of our F1 and MCC."""
    measures = [name for name in found.columns if name not in ("setting", "model", "seed")]
    for setting, part in found.groupby("setting", sort=False):
        printed = Printed(title=f"{setting}, mean of {part['seed'].nunique()} seeds [worst]")
        means = part.groupby("model", sort=False)[measures].mean().dropna(axis=1, how="all")
        for name in ["model", *means.columns]:
            printed.add_column(name, justify="left" if name == "model" else "right")
        worst = part.groupby("model")[["MCC", "mask F1"]].min()
        for model, row in means.iterrows():
            cells = [f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}" for value in row]
            for place, name in enumerate(means.columns):
                if name in worst:
                    cells[place] += f" [{worst.loc[model, name]:.3f}]"
            printed.add_row(str(model), *cells)
        Console(width=200).print(printed)


if __name__ == "__main__":
    main()
