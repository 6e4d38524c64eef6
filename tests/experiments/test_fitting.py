"""One arm of a pair: as many steps as every other, from the same start, other draws."""

import dataclasses

import numpy as np
import pytest

from scdyn_core.experiments.fitting import fit_arm, pair_seed
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.options import TrainingOptions
from tests.methods.svae import small

ARMS = ("uniform", "balanced")


@pytest.fixture(scope="module")
def typed():
    return small.with_groups(small.screen(), "cell_type")


def drawn(dataset, arm, **changes):
    """Return how often every training cell was drawn by one arm."""
    tensors = small.tensors_of(dataset)
    options = TrainingOptions(device="cpu", replicates=5, **changes)
    fitted = fit_arm(
        small.METHOD, small.TINY, dataset, tensors, options, arm, None, SilentReporter()
    )
    return fitted.sampling["sampling_cells"].frame["draws"].to_numpy()


def test_no_arm_stops_early(typed, monkeypatch):
    """Whoever stops early has had fewer steps."""
    phases = type(small.METHOD).phases
    impatient = {"patience": 1, "validate_every": 1}
    monkeypatch.setattr(
        type(small.METHOD),
        "phases",
        lambda self, config: [
            dataclasses.replace(each, epochs=30, learning_rate=0.3, **impatient)
            for each in phases(self, config)
        ],
    )
    totals = {arm: drawn(typed, arm).sum() for arm in ARMS}
    steps = [each for each in small.METHOD.phases(small.TINY) if each.part == "train"]
    cells = len(small.tensors_of(typed).samples["train"])
    assert set(totals.values()) == {30 * len(steps) * cells}


def test_arms_draw_differently_and_pairs_do_too(typed):
    uniform, balanced = (drawn(typed, arm) for arm in ARMS)
    assert len(set(uniform)) == 1
    assert len(set(balanced)) > 1
    assert uniform.sum() == balanced.sum()
    assert not np.array_equal(balanced, drawn(typed, "balanced", seed=pair_seed(0, 1)))


def test_every_pair_has_a_seed_of_its_own():
    seeds = [pair_seed(seed, pair) for seed in (0, 1) for pair in range(50)]
    assert len(set(seeds)) == 100
    assert all(0 <= seed < 2**31 for seed in seeds)
