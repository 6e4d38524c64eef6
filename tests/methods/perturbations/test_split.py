"""The split of a screen: in proportion within labels; what is held out is in no training part."""

import numpy as np
import pytest

from scdyn_core.methods.perturbations.config import PerturbationConfig
from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.perturbations.split import screen_split
from tests.methods.perturbations.screens import labelled_cells

CELLS = {"NT": 120, "A": 50, "B": 50, "C": 21, "A+B": 30, "A+C": 30}


def parts(config, seed=0):
    screen = labelled(labelled_cells(CELLS), config, seed)
    return screen, screen_split(screen, seed).labels()


def test_every_label_is_divided_in_proportion():
    screen, part = parts(PerturbationConfig())
    for name in screen.kinds:
        own = part[screen.perturbation == name]
        assert abs((own == "test").sum() - 0.2 * len(own)) <= 1
        assert abs((own == "validation").sum() - 0.1 * len(own)) <= 1
    assert "adapt" not in part


@pytest.mark.parametrize("seed", range(4))
def test_held_out_perturbations_are_adapted_to_and_tested(seed):
    config = PerturbationConfig(held_out=("C", "A+B"))
    screen, part = parts(config, seed)
    for name in ("C", "A+B"):
        own = part[screen.perturbation == name]
        assert (own == "adapt").sum() == len(own) // 2
        assert (own == "test").sum() == len(own) - len(own) // 2
    others = part[~np.isin(screen.perturbation, ["C", "A+B"])]
    assert "adapt" not in others
    # Another perturbation that is held out moves no cell of those that are not.
    _, plain = parts(PerturbationConfig(), seed)
    assert np.array_equal(others, plain[~np.isin(screen.perturbation, ["C", "A+B"])])


def test_other_cells_are_drawn_by_another_seed():
    assert not np.array_equal(parts(PerturbationConfig(), 0)[1], parts(PerturbationConfig(), 1)[1])
