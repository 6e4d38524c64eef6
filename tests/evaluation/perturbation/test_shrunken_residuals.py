"""What a prediction leaves over, drawn to zero as far as it is noise."""

import dataclasses

import numpy as np
import pytest

from scdyn_core.evaluation.perturbation.cells import Cells
from scdyn_core.evaluation.perturbation.shrinkage import shrunken_residuals
from tests.evaluation.perturbation.planted import (
    CONTROL,
    DESIGN,
    GENES,
    a_screen,
    changes,
    some_cells,
)

SILENT = dict.fromkeys(DESIGN, np.zeros(GENES))


def kept(screen, predicted, name):
    """Return the share of what a prediction leaves over that is kept, by its size."""
    left = screen.known.values[screen.known.place[name]] - predicted[name]
    return float(np.linalg.norm(shrunken_residuals(screen, predicted)[name]) / np.linalg.norm(left))


def test_a_perturbation_without_effect_keeps_next_to_nothing_and_strong_ones_nearly_all():
    screen = a_screen(size=3.0)
    assert kept(screen, SILENT, "idle") < 0.2
    strong = [name for name in DESIGN if name != "idle"]
    assert min(kept(screen, SILENT, name) for name in strong) > 0.95


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_nearer_to_the_truth_than_all_of_it(seed):
    screen, true = a_screen(learned=10, seed=seed, size=0.5), changes(size=0.5)
    found = shrunken_residuals(screen, SILENT)
    plain = dict(zip(screen.known.names, screen.known.values, strict=True))

    def error(values):
        return np.mean([np.square(values[name] - true[name]).mean() for name in found])

    assert error(found) < 0.6 * error(plain)


def test_a_right_prediction_leaves_nothing_over():
    screen, true = a_screen(), changes()
    right = {name: true[name] for name in DESIGN}
    found = shrunken_residuals(screen, right)
    assert np.mean([kept(screen, right, name) for name in DESIGN]) < 0.6
    assert max(np.abs(each).max() for each in found.values()) < 0.25


def test_only_what_is_asked_for_and_known_is_told():
    screen = a_screen(unseen=("C",))
    assert set(shrunken_residuals(screen, {name: SILENT[name] for name in ("A", "C")})) == {"A"}
    assert shrunken_residuals(screen, {"idle": SILENT["idle"]}) != {}
    assert shrunken_residuals(screen, {}) == {}
    assert shrunken_residuals(screen, {"C": SILENT["C"]}) == {}


def test_a_gene_without_a_count_says_nothing_of_others_whatever_is_predicted_of_it():
    """Its variance is 0: a prediction that is off by next to nothing would be infinitely wrong."""
    screen = a_screen()
    plain = shrunken_residuals(screen, SILENT)

    def unseen(cells):
        values = cells.values.copy()
        values[:, 7] = 0.0
        return Cells(values, cells.labels)

    dumb = dataclasses.replace(screen, learned=unseen(screen.learned), scored=unseen(screen.scored))
    predicted = {name: np.where(np.arange(GENES) == 7, 1e-3, 0.0) for name in DESIGN}
    found = shrunken_residuals(dumb, predicted)
    others = np.arange(GENES) != 7
    for name in DESIGN:
        assert np.isfinite(found[name]).all()
        np.testing.assert_allclose(found[name][others], plain[name][others], atol=0.1)


def test_a_handful_of_cells_keeps_less_than_many():
    many, few = a_screen(learned=200, size=0.5), a_screen(learned=6, size=0.5)
    assert kept(few, SILENT, "A") < kept(many, SILENT, "A")


def test_control_cells_that_are_few_are_noise_too():
    labels = (CONTROL, *DESIGN)
    screen = a_screen(learned=200, size=0.3)
    cells = some_cells(200, labels, seed=1, size=0.3)
    rows = np.flatnonzero(cells.labels != CONTROL)
    controls = np.flatnonzero(cells.labels == CONTROL)[:6]
    chosen = np.concatenate([rows, controls])
    few = dataclasses.replace(screen, learned=Cells(cells.values[chosen], cells.labels[chosen]))
    assert kept(few, SILENT, "idle") < 0.75
    assert kept(few, SILENT, "A") < kept(screen, SILENT, "A")
