"""Cross-boundary direction on a line of cells whose right way is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.evaluation.direction import cross_boundary_direction

EDGE = (("left", "right"),)


def line(cells=60, genes=5):
    """Cells on a straight line in gene space, the first half of one type, the rest of another."""
    along = np.linspace(0, 1, cells)
    way = np.random.default_rng(0).normal(size=genes)
    way /= np.linalg.norm(way)
    types = np.where(np.arange(cells) < cells // 2, "left", "right")
    return along[:, None] * way, way, types


def score(velocity, positions, types, edges=EDGE, **options):
    return cross_boundary_direction(positions, velocity, types, edges, **options)


def test_cells_that_cross_are_right_and_cells_that_turn_back_are_wrong():
    positions, way, types = line()
    for sign in (1, -1):
        (found,) = score(np.tile(sign * way, (60, 1)), positions, types, neighbours=10)
        assert found.cosine == pytest.approx(sign)
        assert found.right == (sign > 0)
        assert found.edge == ("left", "right")


def test_only_cells_whose_neighbours_are_of_the_next_type_count():
    positions, way, types = line()
    velocity = np.tile(way, (60, 1))
    velocity[:20] *= -1  # far from the boundary
    (found,) = score(velocity, positions, types, neighbours=10)
    assert found.cells == 5
    assert found.right == 1.0
    (other,) = score(velocity, positions, types, (("right", "left"),), neighbours=10)
    assert other.cosine == pytest.approx(-1)


@given(speed=st.floats(1e-3, 1e3), angle=st.floats(0, np.pi))
def test_the_cosine_is_that_of_the_angle_at_any_speed(speed, angle):
    positions, way, types = line(genes=2)
    aside = np.array([-way[1], way[0]])
    velocity = np.tile(speed * (np.cos(angle) * way + np.sin(angle) * aside), (60, 1))
    (found,) = score(velocity, positions, types, neighbours=10)
    assert found.cosine == pytest.approx(np.cos(angle), abs=1e-6)


def test_turning_the_whole_space_changes_nothing():
    rng = np.random.default_rng(1)
    positions, types = rng.normal(size=(80, 4)), np.where(rng.random(80) < 0.5, "left", "right")
    velocity = rng.normal(size=(80, 4))
    turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    (before,), (after,) = (
        score(velocity, positions, types),
        score(velocity @ turn, positions @ turn, types),
    )
    assert after.cosine == pytest.approx(before.cosine)
    assert (after.cells, after.right) == (before.cells, before.right)


def test_cells_without_motion_are_not_right():
    positions, _, types = line()
    (found,) = score(np.zeros_like(positions), positions, types)
    assert (found.cosine, found.right) == (0.0, 0.0)


def test_a_boundary_without_cells_has_no_score():
    positions, way, types = line()
    (found,) = score(np.tile(way, (60, 1)), positions, types, (("left", "absent"),))
    assert found.cells == 0
    assert np.isnan(found.cosine)
    assert np.isnan(found.right)


def test_neighbours_can_be_sought_in_another_space():
    positions, way, types = line()
    order = np.random.default_rng(0).permutation(60)[:, None].astype(float)
    velocity = np.tile(way, (60, 1))
    (near,) = score(velocity, positions, types, neighbours=5)
    (mixed,) = score(velocity, positions, types, neighbours=5, space=order)
    assert mixed.cells > near.cells
