"""Scores of one model are of test cells, by latents of training cells, type by type."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor

from scdyn_core.experiments.resampling_scores import arm_mass, module_scores
from scdyn_core.methods.method import Tensors
from scdyn_core.training.module import TrainableModule


class Shrinks(TrainableModule):
    """Rebuilds a share of every cell, with as much noise as it is told."""

    def __init__(self, share: float, noise: float = 0.0) -> None:
        super().__init__()
        self.share, self.noise = share, noise

    def forward(self, batch: Mapping[str, Tensor], terms: frozenset[str]) -> dict[str, Tensor]:
        x = batch["x"]
        rebuilt = self.share * x + self.noise * torch.randn_like(x)
        return {"reconstruction": ((x - rebuilt) ** 2).sum(1).mean()}

    def latent(self, batch: Mapping[str, Tensor]) -> Tensor:
        return batch["x"]


@pytest.fixture
def data() -> tuple[Tensors, pd.Series]:
    """Return three types at distances of 10, apart from a few test cells among another type."""
    rng = np.random.default_rng(0)
    types = np.repeat(["common", "other", "rarity"], [60, 30, 10])
    centres = {"common": 0.0, "other": 10.0, "rarity": 20.0}
    x = np.array([centres[name] for name in types])[:, None] + rng.normal(0, 0.1, (100, 2))
    order = rng.permutation(100)
    # A fifth of every type is for testing.
    test = np.sort(np.concatenate([np.flatnonzero(types == name)[::5] for name in centres]))
    train = np.sort(np.setdiff1d(order, test))
    x[test[types[test] == "rarity"][0]] = 0.0
    tensors = Tensors(
        parts={"train": {"x": x[train]}, "test": {"x": x[test]}},
        samples={"train": train, "test": test},
    )
    return tensors, pd.Series(types, index=[f"cell {k}" for k in range(100)])


def value(scores: pd.DataFrame, metric: str, cell_type: str) -> float:
    (found,) = scores.loc[
        (scores["metric"] == metric) & (scores["cell_type"] == cell_type), "value"
    ]
    return float(found)


def test_half_of_the_rare_test_cells_lie_among_another_type(data) -> None:
    scores = module_scores(Shrinks(0.5), *data, {"rarity"})
    assert value(scores, "recall", "rare") == 0.5
    assert value(scores, "recall", "common") == 1
    assert value(scores, "kNN accuracy", "all") == pytest.approx(19 / 20)


def test_errors_are_of_the_test_cells_type_by_type(data) -> None:
    tensors, types = data
    scores = module_scores(Shrinks(0.5), tensors, types, {"rarity"})
    errors = (0.25 * tensors.parts["test"]["x"] ** 2).sum(1)
    of_test = types.iloc[tensors.samples["test"]].to_numpy()
    for name in ("common", "other", "rarity"):
        wanted = errors[of_test == name].mean()
        assert value(scores, "reconstruction", name) == pytest.approx(wanted, rel=1e-5)
    assert value(scores, "reconstruction", "all") == pytest.approx(errors.mean(), rel=1e-5)


def test_draws_are_the_same_for_every_arm_and_leave_the_generator_alone(data) -> None:
    torch.manual_seed(3)
    state = torch.get_rng_state()
    one = module_scores(Shrinks(1.0, noise=1.0), *data, {"rarity"})
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(4)
    pd.testing.assert_frame_equal(one, module_scores(Shrinks(1.0, noise=1.0), *data, {"rarity"}))


def test_cells_of_unknown_type_neither_vote_nor_are_told(data) -> None:
    tensors, types = data
    unknown = types.astype(object).copy()
    unknown[unknown == "other"] = None
    scores = module_scores(Shrinks(0.5), tensors, unknown, {"rarity"})
    assert "other" not in set(scores["cell_type"])
    assert value(scores, "kNN accuracy", "all") == pytest.approx(13 / 14)
    known = module_scores(Shrinks(0.5), tensors, types, {"rarity"})
    everywhere = ("reconstruction", "all")
    assert value(scores, *everywhere) == pytest.approx(value(known, *everywhere))


def test_mass_is_of_the_last_weights_and_cells_never_drawn_are_counted() -> None:
    mass = pd.DataFrame({
        "replicate": 0, "epoch": [1, 1, 9, 9], "cell_type": ["a", "b", "a", "b"],
        "cells": [8, 2, 8, 2], "share": [0.8, 0.2, 0.8, 0.2], "mass": [0.8, 0.2, 0.5, 0.5],
    })  # fmt: skip
    cells = pd.DataFrame({"cell_type": list("aaaaaaaabb"), "draws": [0, 0, *[3] * 8]})
    found = arm_mass(mass, cells)
    assert found["mass"].tolist() == [0.5, 0.5]
    assert found["never_drawn"].tolist() == [2, 0]
    assert found["cells"].tolist() == [8, 2]
