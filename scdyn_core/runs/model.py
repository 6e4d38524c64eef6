"""The trained model of a run on disk: weights of every replicate and the arrays they read.

``model/weights.safetensors`` holds ``<replicate>/<name>``; ``model/tensors.safetensors`` holds
``parts/<part>/<name>``, ``samples/<part>`` and ``constants/<name>``; ``model/info.json`` the rest.
Reading needs no torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from scdyn_core.errors import RunError
from scdyn_core.methods.method import Arrays, Tensors
from scdyn_core.runs.atomic import replacing, write_text

if TYPE_CHECKING:
    from scdyn_core.training.module import TrainableModule

FOLDER, WEIGHTS, TENSORS, INFO = "model", "weights.safetensors", "tensors.safetensors", "info.json"


def write_model(run: Path, models: Sequence[TrainableModule | Arrays], tensors: Tensors) -> None:
    """Store the arrays of every replicate, and what they read, into the folder of a run."""
    folder = run / FOLDER
    folder.mkdir(exist_ok=True)
    _save(folder / WEIGHTS, {
        f"{number}/{name}": value
        for number, model in enumerate(models)
        for name, value in _arrays_of(model).items()
    })  # fmt: skip
    arrays: dict[str, NDArray[Any]] = {
        f"samples/{part}": positions for part, positions in tensors.samples.items()
    }
    for part, named in tensors.parts.items():
        arrays |= {f"parts/{part}/{k}": v.astype(np.float32) for k, v in named.items()}
    arrays |= {f"constants/{name}": value for name, value in tensors.constants.items()}
    _save(folder / TENSORS, arrays)
    write_text(folder / INFO, json.dumps(dict(tensors.info)))


def read_weights(run: Path) -> list[dict[str, NDArray[Any]]]:
    """Return the weights of every replicate, by name.

    Raises
    ------
    RunError
        When the run has no model or it cannot be read.
    """
    replicates: dict[int, dict[str, NDArray[Any]]] = {}
    for key, value in _load(run, WEIGHTS).items():
        number, name = key.split("/", 1)
        replicates.setdefault(int(number), {})[name] = value
    return [replicates[number] for number in sorted(replicates)]


def read_tensors(run: Path) -> Tensors:
    """Return what the model reads; ``reference`` is not stored.

    Raises
    ------
    RunError
        When the run has no model or it cannot be read.
    """
    arrays = _load(run, TENSORS)
    parts: dict[str, dict[str, NDArray[Any]]] = {}
    samples: dict[str, NDArray[Any]] = {}
    for key, value in arrays.items():
        kind, *names = key.split("/")
        if kind == "parts":
            parts.setdefault(names[0], {})[names[1]] = value
        if kind == "samples":
            samples[names[0]] = value
    return Tensors(
        parts=cast(Any, parts),
        samples=cast(Any, samples),
        constants={
            key.split("/", 1)[1]: value
            for key, value in arrays.items()
            if key.startswith("constants/")
        },
        info=json.loads((run / FOLDER / INFO).read_bytes()),
    )


def read_training_tensors(run: Path) -> Tensors:
    """Return what the model was trained on as well as what it reads.

    Raises
    ------
    RunError
        When the run has none of it: a run that was imported without the values of its cells.
    """
    tensors = read_tensors(run)
    if not tensors.parts:
        raise RunError(
            f"run {run.name}",
            found="a run that was imported without the values its model was trained on",
            needed="these values, which a bundle leaves out unless it is asked for them",
            fix="Do this where the run was made, or export it there with its data.",
        )
    return tensors


def _arrays_of(model: TrainableModule | Arrays) -> Arrays:
    if isinstance(model, Mapping):
        return model
    return {name: value.detach().cpu().numpy() for name, value in model.state_dict().items()}


def _save(file: Path, arrays: Arrays) -> None:
    with replacing(file) as beside:
        save_file({name: np.asarray(value, order="C") for name, value in arrays.items()}, beside)


def _load(run: Path, name: str) -> Arrays:
    try:
        return load_file(run / FOLDER / name)
    except (OSError, SafetensorError) as error:
        raise RunError(
            f"run {run.name}",
            found=f"no readable {FOLDER}/{name}",
            needed="the trained model",
            fix="Resume the run to its end, or train it again with this version of scdyn.",
        ) from error
