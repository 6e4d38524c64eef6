"""Fit a method: arrays to the device, replicates from their seeds, phases through the loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from scdyn_core.errors import ConfigError
from scdyn_core.reporter import Reporter
from scdyn_core.training.allocator import keep_freed_memory
from scdyn_core.training.checkpoint import Checkpoints
from scdyn_core.training.ensemble import Ensemble
from scdyn_core.training.module import TrainableModule
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.phase import Phase
from scdyn_core.training.population import Population
from scdyn_core.training.progress import Record
from scdyn_core.training.trainer import Trainer

Arrays = Mapping[str, NDArray[np.floating]]


@dataclass(frozen=True)
class Trained:
    """What training leaves behind.

    Attributes
    ----------
    modules
        The replicates, on the CPU.
    weights, counts
        How likely every training sample was drawn in the end, and how often it was in all; shape
        ``(K, N)``.
    log
        How uneven draws were and who got them, one record a replicate every time weights were
        found; empty where they were uniform throughout.
    """

    modules: list[TrainableModule]
    weights: NDArray[np.float64]
    counts: NDArray[np.int64]
    log: list[Record]


def fit(
    build: Callable[[int], TrainableModule],
    phases: Sequence[Phase],
    train: Arrays,
    validation: Arrays,
    options: TrainingOptions,
    reporter: Reporter,
    checkpoints: Path | None = None,
    adapt: Arrays | None = None,
) -> list[TrainableModule]:
    """Train ``options.replicates`` models and return them, on the CPU; see ``trained``."""
    return trained(build, phases, train, validation, options, reporter, checkpoints, adapt).modules


def trained(
    build: Callable[[int], TrainableModule],
    phases: Sequence[Phase],
    train: Arrays,
    validation: Arrays,
    options: TrainingOptions,
    reporter: Reporter,
    checkpoints: Path | None = None,
    adapt: Arrays | None = None,
    population: Population | None = None,
) -> Trained:
    """Train ``options.replicates`` models.

    Parameters
    ----------
    build
        Seed -> untrained module.
    phases
        What is trained, in order.
    train, validation
        Name -> array, first axis the samples; floating point is trained in single precision.
    checkpoints
        Folder to continue from and save to.
    adapt
        Samples of the phases that adjust a trained model to what was held out.
    population
        What is known of the training samples, for those who decide which are drawn.

    Raises
    ------
    Cancelled
        When the reporter says so, after saving a checkpoint.
    ConfigError
        When a GPU is asked for and there is none, or samples cannot be drawn as asked for.
    TrainingError
        When every replicate broke.
    """
    keep_freed_memory()
    device = choose_device(options)
    ensemble = Ensemble([build(seed) for seed in options.replicate_seeds()], device)
    trainer = Trainer(
        ensemble=ensemble,
        train=_to_device(train, device),
        validation=_to_device(validation, device),
        phases=phases,
        options=options,
        reporter=reporter,
        checkpoints=None if checkpoints is None else Checkpoints(checkpoints),
        adapt=_to_device(adapt or {}, device),
        population=population or Population(),
    )
    trainer.run()
    weights, counts = trainer.drawn()
    return Trained(ensemble.modules(), weights.numpy(), counts.numpy(), trainer.fit.draw_log)


def choose_device(options: TrainingOptions) -> torch.device:
    """Return the device to train on."""
    available = torch.cuda.is_available()
    if options.device == "cuda" and not available:
        raise ConfigError(
            "device",
            found="no CUDA GPU that torch can use",
            needed="a GPU, because device is cuda",
            fix="Set device to auto or cpu.",
        )
    return torch.device("cuda" if available and options.device != "cpu" else "cpu")


def _to_device(part: Arrays, device: torch.device) -> dict[str, torch.Tensor]:
    return {
        name: torch.as_tensor(np.ascontiguousarray(array), dtype=torch.float32, device=device)
        for name, array in part.items()
    }
