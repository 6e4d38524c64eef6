"""Checkpoints: everything a fit needs to go on exactly, in one safetensors file.

Names in the file: ``weights/…``, ``best/…``, ``adam/<moment>/…`` and ``fit/…``.
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
from scdyn_core.training.ensemble import Ensemble
from scdyn_core.training.progress import FitState

LAST = "last.safetensors"


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoint of one run: ``folder/last.safetensors``, replaced atomically."""

    folder: Path

    def save(self, ensemble: Ensemble, optimiser: torch.optim.Adam, fit: FitState) -> None:
        """Write the whole state of a fit."""
        tensors = _prefixed("weights", ensemble.state())
        tensors |= _prefixed("best", fit.best)
        for name, parameter in ensemble.parameters.items():
            for moment, value in optimiser.state.get(parameter, {}).items():
                tensors[f"adam/{moment}/{name}"] = value
        tensors |= {
            "fit/best_loss": fit.best_loss,
            "fit/waited": fit.waited,
            "fit/stopped": fit.stopped,
        }
        position = {"phase": fit.phase, "epoch": fit.epoch, "epoch_total": fit.epoch_total}
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f".{LAST}.partial"
        contiguous = {name: value.contiguous().cpu() for name, value in tensors.items()}
        save_file(contiguous, partial, metadata={"fit": json.dumps(position)})
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(self.folder / LAST)

    def position(self) -> dict[str, int] | None:
        """Return phase, epoch and total epochs of the checkpoint; ``None`` without one."""
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

    def restore(self, ensemble: Ensemble, optimiser: torch.optim.Adam) -> FitState | None:
        """Load the checkpoint into ``ensemble`` and ``optimiser``; ``None`` without one."""
        position = self.position()
        if position is None:
            return None
        with safe_open(self.folder / LAST, framework="pt") as stored:
            tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
        ensemble.load(_group(tensors, "weights"))
        for name, parameter in ensemble.parameters.items():
            moments = {
                key.split("/", 2)[1]: value
                for key, value in tensors.items()
                if key.startswith("adam/") and key.split("/", 2)[2] == name
            }
            if moments:
                optimiser.state[parameter] = {
                    # Fused Adam keeps its step counter beside the parameter it counts for.
                    moment: value.to(parameter.device)
                    for moment, value in moments.items()
                }
        device = next(iter(ensemble.parameters.values())).device
        return FitState(
            best_loss=tensors["fit/best_loss"],
            waited=tensors["fit/waited"],
            stopped=tensors["fit/stopped"],
            best={k: v.to(device) for k, v in _group(tensors, "best").items()},
            **position,
        )


def _prefixed(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {f"{prefix}/{name}": value for name, value in tensors.items()}


def _group(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    start = prefix + "/"
    return {name[len(start) :]: v for name, v in tensors.items() if name.startswith(start)}
