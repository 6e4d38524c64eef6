"""Fit a method: arrays to the device, replicates from their seeds, phases through the loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from scdyn_core.training.trainer import Trainer

Arrays = Mapping[str, NDArray[np.floating]]


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
    """Train ``options.replicates`` models and return them, on the CPU.

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

    Raises
    ------
    Cancelled
        When the reporter says so, after saving a checkpoint.
    ConfigError
        When a GPU is asked for and there is none.
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
    )
    trainer.run()
    return ensemble.modules()


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
