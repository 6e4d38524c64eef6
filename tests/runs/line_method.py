"""A small method for tests: one principal direction, at a pace the test chooses."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from scdyn_core.data.split import PARTS
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.method import (
    MethodConfig,
    Results,
    RoleNeeds,
    Table,
    Tensors,
    TrainedMethod,
)


class LineConfig(MethodConfig):
    """How long and how fast."""

    epochs: int = Field(40, ge=1, le=100_000, description="Passes over the data")
    pause: float = Field(0.0, ge=0, le=10, description="Seconds to wait in every epoch")
    broken: bool = Field(False, description="Fail in a way nobody thought of")


class Line(TrainedMethod):
    key: ClassVar[str] = "line"
    title: ClassVar[str] = "Line"
    summary: ClassVar[str] = "Fits one direction."
    citation: ClassVar[str] = "Pearson 1901"
    roles: ClassVar[RoleNeeds] = RoleNeeds()
    Config: ClassVar[type[MethodConfig]] = LineConfig
    presets: ClassVar[Mapping[str, MethodConfig]] = {
        "scdyn": LineConfig(),
        "published": LineConfig(epochs=20),
    }

    def tensors(self, dataset, config, split, seed, reporter) -> Tensors:
        x = np.asarray(
            dataset.adata.X.todense() if hasattr(dataset.adata.X, "todense") else dataset.adata.X
        )
        rows_of = {part: split.part_of(part) for part in PARTS}
        return Tensors(
            parts={part: {"x": x[rows]} for part, rows in rows_of.items()}, samples=rows_of
        )

    def build(self, tensors, config, seed) -> Any:
        from tests.runs.line_module import LineModule

        if config.broken:
            raise KeyError("nobody thought of this")
        return LineModule(tensors.parts["train"]["x"].shape[1], config.pause, seed)

    def phases(self, config) -> Sequence[Any]:
        from scdyn_core.training.phase import Phase

        return [Phase("fit", config.epochs, {"distance": 1.0}, learning_rate=0.01)]

    def results(self, modules, tensors, dataset, config, reporter) -> Results:
        frame = pd.DataFrame(
            {
                "replicate": np.repeat(np.arange(len(modules)), dataset.adata.n_vars),
                "gene": np.tile(np.asarray(dataset.adata.var_names, dtype=object), len(modules)),
                "weight": np.concatenate([m.direction.detach().numpy() for m in modules]),
            }
        )
        x = tensors.parts["test"]["x"]
        weight = modules[0].direction.detach().numpy()
        distance = float(np.mean((x - np.outer(x @ weight, weight)) ** 2))
        score = Score(
            metric="distance",
            value=distance,
            split="test",
            better="lower",
            baselines={"mean": float(np.mean((x - x.mean(0)) ** 2))},
        )
        meanings = {"replicate": "model", "gene": "name", "weight": "loading, data units"}
        return Results({"weights": Table(frame, meanings)}, [score])


def register() -> None:
    """Offer the method beside the real ones."""
    from scdyn_core.methods import registry

    registry.METHODS = (*registry.METHODS, Line())


def write_cells(path: Path, seed: int = 0) -> Path:
    """Write a small dataset with counts and a cell type."""
    import anndata

    rng = np.random.default_rng(seed)
    counts = rng.poisson(2.0, (60, 12)).astype(np.float32)
    obs = pd.DataFrame(
        {"cell_type": pd.Categorical(np.where(np.arange(60) % 2, "alpha", "beta"))},
        index=[f"cell{i}" for i in range(60)],
    )
    var = pd.DataFrame(index=[f"gene{i}" for i in range(12)])
    anndata.AnnData(counts, obs=obs, var=var).write_h5ad(path)
    return path


def wait_for(condition, seconds: float = 60.0) -> None:
    """Come back when ``condition()`` holds; fail when it takes longer than a busy machine needs."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
