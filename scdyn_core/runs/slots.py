"""Slots: what a run can be given to work on, found without importing torch."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field

from scdyn_core.runs.spec import RunSpec


@dataclass(frozen=True)
class Slot:
    """A place for one run at a time.

    Attributes
    ----------
    name
        Shown to the user: ``CPU``, ``GPU 0``.
    environment
        Environment variables of the worker.
    takes_gpu_work, takes_cpu_work
        Which runs it accepts: training on a GPU; preparing, and training on the CPU.
    """

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    takes_gpu_work: bool = True
    takes_cpu_work: bool = True

    def accepts(self, spec: RunSpec) -> bool:
        """Whether the run belongs here."""
        on_cpu = spec.kind != "train" or spec.options.device == "cpu"
        return self.takes_cpu_work if on_cpu else self.takes_gpu_work


def find_slots() -> list[Slot]:
    """Return one slot per GPU that may be used, and one for the CPU.

    Without a GPU the CPU slot takes every run.
    """
    gpus = _visible_gpus()
    slots = [
        Slot(f"GPU {gpu}", {"CUDA_VISIBLE_DEVICES": gpu}, takes_cpu_work=False) for gpu in gpus
    ]
    return [*slots, Slot("CPU", takes_gpu_work=not gpus)]


def _visible_gpus() -> list[str]:
    present = _gpus_present()
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    if not present or allowed is None:
        return present
    # CUDA reads the list up to the first entry that is not a device.
    visible = []
    for entry in (part.strip() for part in allowed.split(",")):
        if not entry or entry.startswith("-"):
            break
        visible.append(entry)
    return visible


def _gpus_present() -> list[str]:
    if shutil.which("nvidia-smi") is None:
        return []
    try:
        answer = subprocess.run(
            ["nvidia-smi", "--query-gpu=index", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return [line.strip() for line in answer.stdout.splitlines() if line.strip().isdigit()]
