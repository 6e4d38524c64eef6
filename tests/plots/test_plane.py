"""Planes of two latents, and how much of the motion they show."""

import numpy as np
import pytest

from scdyn_core.plots.learned_field import LearnedField
from scdyn_core.plots.plane import Plane
from tests.plots.synthetic_run import equations_table

FIELD = LearnedField.of(equations_table(1), 0)


def cells() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(300, 3))


def test_the_plane_of_the_limit_cycle_tells_the_most() -> None:
    plane = Plane.most_telling(FIELD, cells())
    assert (plane.first, plane.second) == (0, 1)
    assert plane.share(FIELD, cells()) == pytest.approx(1.0)


def test_a_plane_that_leaves_out_a_partner_shows_less() -> None:
    assert Plane.through_median(cells(), 0, 2).share(FIELD, cells()) < 0.9


def test_points_of_the_plane_keep_the_other_latents_at_the_median() -> None:
    plane = Plane.through_median(cells(), 2, 0)
    lifted = plane.lift(np.array([5.0]), np.array([7.0]))
    np.testing.assert_allclose(lifted, [[7.0, np.median(cells()[:, 1]), 5.0]])
