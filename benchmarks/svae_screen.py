"""A real screen: do perturbations that act alike share latents, and stay silent ones silent.

Trains the replicates of one run and prints, replicate by replicate: how alike the targets of the
perturbations are that are known to act alike (Jaccard), which perturbations known to do nothing
have a target, whether the null control (a third of the control cells under a label of their own)
has one, and how alike the targets of the replicates are. Then the evidence of held-out
perturbations before and after the model adapted to half of their cells, beside a model without
sparsity (iVAE) and one without perturbations (VAE). For the ECCITE-seq screen of Papalexi et al.
2021 (GSE153056):

    python -m benchmarks.svae_screen FILE --alike IFNGR1 IFNGR2 JAK2 STAT1 \
        --silent ATF2 CAV1 ETV7 IRF7 MARCH8 PDCD1LG2 STAT5A --held-out JAK2 SMAD4 IRF1 CUL3 STAT2

Other screens need other names, or none.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from rich.console import Console
from rich.table import Table as Printed

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.load import load
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.perturbations.labels import NULL, Labelled, labelled
from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.held_out import held_out_table
from scdyn_core.methods.svae.method import Svae
from scdyn_core.methods.svae.network import SvaeNetwork
from scdyn_core.methods.svae.published import IVAE, VAE
from scdyn_core.methods.svae.readout import Readout, readouts
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions


def trained(
    dataset: Dataset, config: SvaeConfig, seed: int, replicates: int
) -> tuple[Sequence[SvaeNetwork], Tensors]:
    """Return settled replicates and what they read."""
    method, silent = Svae(), SilentReporter()
    split = method.split(dataset, config, seed)
    tensors = method.tensors(dataset, config, split, seed, silent)
    modules = fit(
        lambda own: method.build(tensors, config, own),
        method.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(seed=seed, replicates=replicates, device="cpu"),
        silent,
        adapt=tensors.parts.get("adapt"),
    )
    settled = method.settle(modules, tensors, config)
    return [each for each in settled if isinstance(each, SvaeNetwork)], tensors


def jaccard(one: np.ndarray, other: np.ndarray) -> float:
    """Return how alike two sets are; 1 where both are empty."""
    either = int((one | other).sum())
    return int((one & other).sum()) / either if either else 1.0


def describe(read: Readout, screen: Labelled, alike: Sequence[str], silent: Sequence[str]) -> str:
    """Return what a replicate found, in words."""
    on = dict(zip(screen.kinds, read.on, strict=True))
    same = np.mean([jaccard(on[a], on[b]) for a, b in combinations(alike, 2)])
    wrong = [name for name in silent if on[name].any()]
    found = {
        name: ", ".join(
            f"{latent + 1} ({effect:+.2f})" for latent, effect in enumerate(row) if effect
        )
        for name, row in zip(screen.kinds, read.effect * read.on, strict=True)
        if on[name].any()
    }
    null = int(on[NULL].sum()) if NULL in on else "none drawn"
    return (
        f"alike: Jaccard {same:.2f}; silent ones with a target: {', '.join(wrong) or 'none'}; "
        f"null control: {null}; targets: "
        + "; ".join(f"{name}: {latents}" for name, latents in found.items())
    )


def show_targets(
    dataset: Dataset, seed: int, replicates: int, alike: Sequence[str], silent: Sequence[str]
) -> None:
    """Train the replicates of a run and print what each found."""
    console, config = Console(width=160), SvaeConfig()
    start = time.process_time()
    networks, tensors = trained(dataset, config, seed, replicates)
    seconds = time.process_time() - start
    screen = labelled(dataset, config, seed)
    read = readouts(networks, tensors, screen)
    for number, each in enumerate(read):
        console.print(f"replicate {number}: {describe(each, screen, alike, silent)}")
    agreement = [jaccard(a.on, b.on) for a, b in combinations(read, 2)]
    console.print(
        f"seed {seed}: targets of replicates, Jaccard {np.mean(agreement):.2f} (least "
        f"{min(agreement):.2f}); {seconds:.0f} CPU s for {replicates} replicates"
    )


def show_held_out(dataset: Dataset, seed: int, held_out: Sequence[str]) -> None:
    """Print the evidence of perturbations that were held out, before and after adapting."""
    table = Printed(title=f"IWELBO per cell of held-out perturbations, seed {seed}")
    for name in ("model", "perturbation", "cells", "before", "after", "latents"):
        table.add_column(name)
    for model, start in {"sVAE+": SvaeConfig(), "iVAE": IVAE, "VAE": VAE}.items():
        config = start.model_copy(update={"held_out": tuple(held_out)})
        networks, tensors = trained(dataset, config, seed, 1)
        screen = labelled(dataset, config, seed)
        read = readouts(networks, tensors, screen)
        found = held_out_table(networks, read, tensors, screen)["held_out"].frame
        for name, own in found.groupby("perturbation"):
            stages = own.set_index("stage")
            table.add_row(
                model, str(name), str(stages["cells"].iloc[0]),
                *(f"{stages.loc[stage, 'iwelbo']:.2f}" for stage in ("before", "after")),
                f"{stages.loc['after', 'latents_on']:.0f}",
            )  # fmt: skip
        means = found.groupby("stage")["iwelbo"].mean()
        table.add_row(model, "mean", "", f"{means['before']:.2f}", f"{means['after']:.2f}", "")
    Console(width=120).print(table)


def main() -> None:
    """Read the file, train and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--alike", nargs="+", default=[])
    parser.add_argument("--silent", nargs="+", default=[])
    parser.add_argument("--held-out", nargs="+", default=[])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--replicates", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    dataset = load(arguments.file)
    for seed in arguments.seeds:
        show_targets(dataset, seed, arguments.replicates, arguments.alike, arguments.silent)
    if arguments.held_out:
        show_held_out(dataset, arguments.seeds[0], arguments.held_out)


if __name__ == "__main__":
    main()
