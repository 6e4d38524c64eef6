"""A screen refuses parts that do not fit, and knows the changes of what was learned from."""

import dataclasses

import numpy as np
import pytest

from scdyn_core.errors import TrainingError
from scdyn_core.evaluation.perturbation.cells import Cells
from tests.evaluation.perturbation.planted import (
    COMBINATION,
    CONTROL,
    DESIGN,
    SINGLES,
    a_screen,
    changes,
    some_cells,
)


def test_changes_are_differences_of_means():
    screen = a_screen(4000, 10)
    true = changes()
    assert screen.trained.names == tuple(sorted(DESIGN))
    for name, found in zip(screen.trained.names, screen.trained.values, strict=True):
        np.testing.assert_allclose(found, true[name], atol=0.05)
    np.testing.assert_allclose(screen.cell_variance, 0.25, rtol=0.1)
    np.testing.assert_allclose(screen.mean_change, screen.trained.values.mean(axis=0))
    assert screen.labels_of("A") == ["A"]


def test_truth_and_prediction_share_no_control_cell():
    screen = a_screen()
    moved = dataclasses.replace(screen.scored, values=screen.scored.values + 1.0)
    again = dataclasses.replace(screen, scored=moved)
    np.testing.assert_allclose(again.observed("A"), screen.observed("A"))
    np.testing.assert_array_equal(again.trained.values, screen.trained.values)


def test_a_second_control_is_scored_but_is_no_perturbation():
    screen = dataclasses.replace(a_screen(), design=DESIGN | {"idle": ()})
    assert "idle" in screen.perturbations
    assert "idle" in screen.known.place
    assert "idle" not in screen.trained.place
    real = [screen.known.place[name] for name in screen.trained.names]
    np.testing.assert_allclose(screen.mean_change, screen.known.values[real].mean(axis=0))


def test_a_perturbation_with_too_few_cells_is_not_scored():
    screen = a_screen()
    few = screen.scored.rows("C")[4:]
    kept = np.setdiff1d(np.arange(len(screen.scored.labels)), few)
    scored = Cells(screen.scored.values[kept], screen.scored.labels[kept])
    assert "C" not in dataclasses.replace(screen, scored=scored).perturbations


def test_adapted_cells_are_known_but_do_not_move_the_mean():
    bare, adapted = a_screen(unseen=("C",)), a_screen(unseen=("C",), adapted=30)
    assert "C" not in bare.known.place
    np.testing.assert_allclose(adapted.known.values[-1], changes()["C"], atol=0.5)
    np.testing.assert_array_equal(bare.mean_change, adapted.mean_change)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"genes": ["one"]}, ValueError, "1 genes are named, 60 given"),
        ({"design": {name: (name,) for name in SINGLES}}, ValueError, "no design"),
        ({"control": "A"}, ValueError, "no design"),
        ({"adapted": some_cells(5, ("C",), seed=0)}, ValueError, "learned from and adapted"),
        ({"scored": some_cells(20, SINGLES, seed=0)}, TrainingError, "0 control cells that are sc"),
        ({"scored": some_cells(20, (CONTROL,), seed=0)}, TrainingError, "any perturbation"),
        ({"learned": some_cells(9, (COMBINATION,), seed=0)}, TrainingError, "learned from"),
    ],
)
def test_what_does_not_fit_is_refused(change, error, message):
    with pytest.raises(error, match=message):
        dataclasses.replace(a_screen(), **change)
