"""Planes and sheets of two latents, and how much of the motion they show."""

import numpy as np
import pytest

from scdyn_core.evaluation.field.learned_field import LearnedField
from scdyn_core.evaluation.field.plane import Plane, Sheet
from tests.evaluation.field.systems import field_of
from tests.plots.synthetic_run import equations_table

FIELD = LearnedField.of(equations_table(1), 0)


def cells() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(300, 3))


def bowl() -> np.ndarray:
    """Cells whose third latent follows from the first two."""
    flat = np.random.default_rng(0).uniform(-1, 1, (2000, 2))
    return np.column_stack([flat, np.square(flat).sum(axis=1)])


def test_the_view_of_the_limit_cycle_tells_the_most() -> None:
    sheet = Sheet.most_telling(FIELD, cells())
    assert (sheet.first, sheet.second) == (0, 1)
    assert sheet.share(FIELD, cells()) == pytest.approx(1.0)


def test_a_plane_that_leaves_out_a_partner_shows_less() -> None:
    assert Plane.through_median(cells(), 0, 2).share(FIELD, cells()) < 0.9


def test_points_of_the_plane_keep_the_other_latents_at_the_median() -> None:
    plane = Plane.through_median(cells(), 2, 0)
    lifted = plane.lift(np.array([5.0]), np.array([7.0]))
    np.testing.assert_allclose(lifted, [[7.0, np.median(cells()[:, 1]), 5.0]])
    np.testing.assert_allclose(plane.flatten(lifted), [[5.0, 7.0]])


def test_a_sheet_follows_the_cells_where_a_plane_cuts_through_them() -> None:
    # dz1 = z3, which the plane holds fixed and the sheet knows from the neighbours.
    field, z = field_of({(1, "z3"): 1.0}, 3), bowl()
    sheet, plane = Sheet.through(z, 0, 1), Plane.through_median(z, 0, 1)
    assert sheet.share(field, z) > 0.99
    assert plane.share(field, z) < 0.9
    lifted = sheet.lift(np.array([0.5]), np.array([-0.5]))
    np.testing.assert_allclose(lifted, [[0.5, -0.5, 0.5]], atol=0.05)


def test_the_offset_is_the_way_off_the_view() -> None:
    z = bowl()
    point = np.array([[0.5, -0.5, 1.5]])
    assert Sheet.through(z, 0, 1).offset(point)[0] == pytest.approx(1.0, abs=0.05)
    assert Plane(0, 1, np.zeros(3)).offset(point)[0] == pytest.approx(1.5)
