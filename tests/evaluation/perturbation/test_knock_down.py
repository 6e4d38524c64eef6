"""Knock-down only: the target changes as it was seen to, or as targets do, and nothing else."""

import dataclasses

import numpy as np
import pytest

from scdyn_core.evaluation.perturbation.baselines import baseline_predictions
from scdyn_core.evaluation.perturbation.cells import Cells
from scdyn_core.evaluation.perturbation.knock_down import knock_down_only
from tests.evaluation.perturbation.planted import GENES, SINGLES, a_screen

#: Columns of the genes that are targets here, and how far each knocks itself down.
PLACES = {name: column for column, name in enumerate(("A", "B", "C"))}
KNOCKED = {"A": -1.0, "B": -2.0, "C": -0.5}


def a_knocked_screen(**options):
    """Return a screen in which A, B and C are measured and lowered by themselves."""
    screen = a_screen(**options)
    genes = [*PLACES, *(f"g{number}" for number in range(GENES - len(PLACES)))]
    parts = {}
    for part in ("learned", "scored", "adapted"):
        cells = getattr(screen, part)
        if cells is not None:
            values = cells.values.copy()
            for name, column in PLACES.items():
                values[:, column] = 3.0 + np.where(cells.labels == name, KNOCKED[name], 0.0)
            parts[part] = Cells(values, cells.labels)
    return dataclasses.replace(screen, genes=genes, **parts)


def test_an_adapted_perturbation_changes_its_target_as_it_was_seen_to():
    change = knock_down_only(a_knocked_screen(unseen=("C",), adapted=30))["C"].change
    assert change[PLACES["C"]] == pytest.approx(KNOCKED["C"])
    assert np.count_nonzero(change) == 1


def test_an_unseen_perturbation_changes_its_target_as_targets_do():
    change = knock_down_only(a_knocked_screen(unseen=("C",)))["C"].change
    assert change[PLACES["C"]] == pytest.approx((KNOCKED["A"] + KNOCKED["B"]) / 2)
    assert np.count_nonzero(change) == 1


def test_a_target_that_is_not_measured_changes_nothing():
    assert not knock_down_only(a_knocked_screen(unseen=("D",), adapted=30))["D"].change.any()
    lost = dataclasses.replace(a_screen(unseen=SINGLES[:1]), genes=[f"g{n}" for n in range(GENES)])
    assert not knock_down_only(lost)["A"].change.any()


def test_it_is_a_baseline_of_held_out_perturbations_alone():
    screen = a_knocked_screen(unseen=("C",), adapted=30)
    assert "knock-down only" in baseline_predictions(screen, "held out", seed=0)
    assert "knock-down only" not in baseline_predictions(a_knocked_screen(), "seen", seed=0)
