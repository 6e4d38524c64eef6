"""The trained model on disk: what comes back is what was written."""

from pathlib import Path

import numpy as np
import pytest
import torch

from scdyn_core.errors import RunError
from scdyn_core.methods.method import Tensors
from scdyn_core.runs.model import read_tensors, read_weights, write_model


def _tensors() -> Tensors:
    rng = np.random.default_rng(0)
    parts = {
        p: {"x": rng.random((4, 3)).astype(np.float32)} for p in ("train", "validation", "test")
    }
    return Tensors(
        parts=parts,  # type: ignore[arg-type]
        samples={p: np.arange(4) for p in ("train", "validation", "test")},
        constants={"scale": np.array(2.0), "components": rng.random((2, 3))},
        info={"genes": ["A", "B", "C"]},
    )


def test_weights_of_every_replicate_and_the_arrays_come_back(tmp_path: Path) -> None:
    modules = [torch.nn.Linear(3, 2) for _ in range(11)]
    tensors = _tensors()
    write_model(tmp_path, modules, tensors)  # type: ignore[arg-type]
    weights = read_weights(tmp_path)
    for module, state in zip(modules, weights, strict=True):
        assert np.array_equal(state["weight"], module.weight.detach().numpy())
    back = read_tensors(tmp_path)
    assert np.array_equal(back.parts["test"]["x"], tensors.parts["test"]["x"])
    assert np.array_equal(back.samples["train"], tensors.samples["train"])
    assert np.array_equal(back.constants["components"], tensors.constants["components"])
    assert back.constants["scale"].shape == ()
    assert back.info == tensors.info


def test_a_run_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="model"):
        read_weights(tmp_path)
