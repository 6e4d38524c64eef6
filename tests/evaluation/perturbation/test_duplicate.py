"""Duplicates are other cells of the same perturbation, as many as are scored."""

import dataclasses

import numpy as np
import pytest

from scdyn_core.evaluation.perturbation.cells import Cells
from scdyn_core.evaluation.perturbation.duplicate import interpolated, technical_duplicates
from scdyn_core.evaluation.perturbation.shrinkage import learn_prior
from tests.evaluation.perturbation.planted import a_screen, changes


@pytest.mark.parametrize(("learned", "sizes"), [(90, [20] * 3), (45, [20] * 2), (12, [12])])
def test_they_are_disjoint_and_as_large_as_what_is_scored(learned, sizes):
    screen = a_screen(learned, 20)
    found = technical_duplicates(screen, "A", seed=0)
    assert [len(one.cells) for one in found] == sizes
    drawn = np.vstack([one.cells for one in found])
    assert len(np.unique(drawn, axis=0)) == len(drawn)
    own = {tuple(row) for row in screen.learned.values[screen.learned.rows("A")]}
    assert {tuple(row) for row in drawn} <= own
    control = screen.learned.mean("control")
    for one in found:
        np.testing.assert_allclose(one.change, one.cells.mean(axis=0) - control)


def test_no_scored_value_is_looked_at():
    screen = a_screen()
    other = dataclasses.replace(
        screen, scored=Cells(screen.scored.values + 9, screen.scored.labels)
    )
    for one, same in zip(
        *(technical_duplicates(each, "A", seed=0) for each in (screen, other)), strict=True
    ):
        np.testing.assert_array_equal(one.change, same.change)


def test_what_was_held_out_is_repeated_by_adapted_or_spare_cells_or_not_at_all():
    assert technical_duplicates(a_screen(unseen=("C",)), "C", seed=0) == []
    for more in ({"adapted": 40}, {"spare": 40}):
        found = technical_duplicates(a_screen(unseen=("C",), **more), "C", seed=0)
        assert [len(one.cells) for one in found] == [20, 20]
        assert np.corrcoef(found[0].change, changes()["C"])[0, 1] > 0.8


def test_the_interpolated_duplicate_is_nearer_to_the_truth_and_its_cells_move_along():
    screen = a_screen(60, 8)
    prior = learn_prior(screen, screen.mean_change)
    for name in "ABCDEF":
        for raw in technical_duplicates(screen, name, seed=0):
            best = interpolated(raw, prior)
            error, less = (np.square(one.change - changes()[name]).mean() for one in (raw, best))
            assert less < error
            np.testing.assert_allclose(
                best.cells.mean(axis=0) - screen.learned.mean("control"), best.change
            )
