"""The published target: absolute changes of single cells, in the order of the cells."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from scdyn_core.methods.perturbations.config import PerturbationConfig
from scdyn_core.methods.perturbations.labels import NULL, labelled
from scdyn_core.methods.perturbations.matched_change import published_target
from scdyn_core.methods.perturbations.split import screen_split
from scdyn_core.methods.perturbations.values import ScreenCells
from tests.methods.perturbations.screens import labelled_cells

NODES = ("G0", "elsewhere", "G2")


def some_screen(seed=0):
    """Return a screen in which G0 knocks itself out and raises G2."""
    sizes = {"NT": 240, "G0": 80, "G2": 80, "G5": 40}
    dataset = labelled_cells(sizes)
    screen = labelled(dataset, PerturbationConfig(held_out=("G5",)), seed)
    rng = np.random.default_rng(seed)
    values = rng.gamma(8.0, 0.25, (len(screen.cells), 12))
    own = screen.perturbation == "G0"
    values[own, 0] = 0.0
    values[own, 2] += 2.0
    part = screen_split(screen, seed).labels()
    return ScreenCells(csr_matrix(values), tuple(f"G{row}" for row in range(12)), screen, part)


@pytest.mark.parametrize("how", ["published", "relaxed transport", "nearest"])
def test_what_a_perturbation_changes_stands_in_its_own_rows(how):
    cells = some_screen()
    target = published_target(cells, NODES, how)
    assert target.shape == (len(cells.part), 3)
    assert np.all(target[:, [0, 2]] >= 0)
    own = np.median(target[cells.labelled.perturbation == "G0"], axis=0)
    for other in ("G2", "NT", NULL, "G5"):
        rest = np.median(target[cells.labelled.perturbation == other], axis=0)
        assert own[0] > 1.3 * rest[0]
        assert own[2] > 1.3 * rest[2]


def test_a_node_that_is_not_measured_has_no_target():
    target = published_target(some_screen(), NODES)
    assert np.isnan(target[:, 1]).all()
    assert not np.isnan(target[:, [0, 2]]).any()


def test_control_cells_change_against_other_control_cells():
    cells = some_screen()
    target = published_target(cells, NODES)
    control = cells.labelled.perturbation == "NT"
    assert np.median(target[control][:, 0]) > 0.1
    assert (target[control][:, 0] == 0).mean() < 0.05


def test_test_cells_change_nothing_for_training_cells():
    cells = some_screen()
    test = cells.part == "test"
    changed = cells.values.toarray()
    changed[test] += 3.0
    other = ScreenCells(csr_matrix(changed), cells.genes, cells.labelled, cells.part)
    for how in ("published", "nearest"):
        before = published_target(cells, NODES, how)[~test]
        assert np.array_equal(before, published_target(other, NODES, how)[~test], equal_nan=True)
