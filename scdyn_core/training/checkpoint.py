"""Checkpoints: everything a fit needs to go on exactly, in one safetensors file.

Names in the file: ``weights/…``, ``best/…``, ``adam/<kind>/…`` and ``fit/…``. The log of the
draws is text in a tensor: with many types it is longer than the header of such a file may be.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from scdyn_core.errors import RunError
from scdyn_core.training.adam import Adam
from scdyn_core.training.ensemble import Ensemble
from scdyn_core.training.progress import FitState, Record

LAST = "last.safetensors"


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoint of one run: ``folder/last.safetensors``, replaced atomically."""

    folder: Path

    def save(self, ensemble: Ensemble, optimiser: Adam, fit: FitState) -> None:
        """Write the whole state of a fit."""
        tensors = _prefixed("weights", ensemble.state())
        tensors |= _prefixed("best", fit.best)
        for kind, values in optimiser.memory.items():
            tensors |= _prefixed(f"adam/{kind}", values)
        tensors |= {
            "fit/best_loss": fit.best_loss,
            "fit/waited": fit.waited,
            "fit/stopped": fit.stopped,
            "fit/draw_weights": fit.draw_weights,
            "fit/draw_counts": fit.draw_counts,
            "fit/draw_log": _as_bytes(fit.draw_log),
        }
        position = {
            "phase": fit.phase,
            "epoch": fit.epoch,
            "epoch_total": fit.epoch_total,
            "draw_stage": fit.draw_stage,
            "draw_epochs": fit.draw_epochs,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f".{LAST}.partial"
        contiguous = {name: value.contiguous().cpu() for name, value in tensors.items()}
        save_file(contiguous, partial, metadata={"fit": json.dumps(position)})
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(self.folder / LAST)

    def position(self) -> dict[str, int] | None:
        """Return the counters of ``FitState`` in the checkpoint; ``None`` without one."""
        path = self.folder / LAST
        if not path.exists():
            return None
        try:
            with safe_open(path, framework="pt") as stored:
                position: dict[str, int] = json.loads(stored.metadata()["fit"])
                return position
        except (SafetensorError, KeyError, TypeError, ValueError) as error:
            raise RunError(
                str(path),
                found=f"a file that is not a checkpoint ({error})",
                needed="the checkpoint this run wrote",
                fix="Delete the checkpoints folder to start the run from the beginning.",
            ) from error

    def restore(self, ensemble: Ensemble, optimiser: Adam) -> FitState | None:
        """Load the checkpoint into ``ensemble`` and ``optimiser``; ``None`` without one."""
        position = self.position()
        if position is None:
            return None
        with safe_open(self.folder / LAST, framework="pt") as stored:
            tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
        if "fit/draw_log" not in tensors:
            raise RunError(
                str(self.folder / LAST),
                found="a checkpoint of an earlier version of scdyn",
                needed="one that says who was drawn",
                fix="Delete the checkpoints folder to start the run from the beginning.",
            )
        self._check(_group(tensors, "weights"), ensemble)
        ensemble.load(_group(tensors, "weights"))
        for kind, values in optimiser.memory.items():
            for name, value in _group(tensors, f"adam/{kind}").items():
                values[name].copy_(value)
        device = next(iter(ensemble.parameters.values())).device
        return FitState(
            best_loss=tensors["fit/best_loss"],
            waited=tensors["fit/waited"],
            stopped=tensors["fit/stopped"],
            draw_weights=tensors["fit/draw_weights"],
            draw_counts=tensors["fit/draw_counts"],
            draw_log=json.loads(tensors["fit/draw_log"].numpy().tobytes()),
            best={k: v.to(device) for k, v in _group(tensors, "best").items()},
            **position,
        )

    def _check(self, weights: Mapping[str, Tensor], ensemble: Ensemble) -> None:
        own = {name: tuple(value.shape) for name, value in ensemble.state().items()}
        stored = {name: tuple(value.shape) for name, value in weights.items()}
        differing = sorted(name for name in own | stored if own.get(name) != stored.get(name))
        if differing:
            name = differing[0]
            raise RunError(
                str(self.folder / LAST),
                found=f"a checkpoint whose {name} has the shape {stored.get(name)}",
                needed=f"{own.get(name)}, as the settings of this run make it",
                fix="Resume with the settings the run was started with, or start a new run.",
            )


def _as_bytes(log: list[Record]) -> Tensor:
    return torch.frombuffer(bytearray(json.dumps(log).encode()), dtype=torch.uint8)


def _prefixed(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {f"{prefix}/{name}": value for name, value in tensors.items()}


def _group(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    start = prefix + "/"
    return {name[len(start) :]: v for name, v in tensors.items() if name.startswith(start)}
