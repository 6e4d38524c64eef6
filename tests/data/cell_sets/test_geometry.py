"""Cells inside lassos and boxes, exactly as a slow test of every corner says."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scdyn_core.data.cell_sets.geometry import cells_inside
from scdyn_core.data.cell_sets.outline import Box, Lasso, Outline
from scdyn_core.data.cell_sets.polygon import in_polygon
from scdyn_core.errors import ConfigError


def inside_slowly(x: float, y: float, corners: list[tuple[float, float]]) -> bool:
    """Even-odd rule, one point and edge at a time."""
    odd = False
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if y1 > y2:
            x1, y1, x2, y2 = x2, y2, x1, y1
        if y1 <= y < y2 and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            odd = not odd
    return odd


def lasso(corners: list[tuple[float, float]]) -> Outline:
    x, y = zip(*corners, strict=True)
    return Outline(lassos=(Lasso(x=x, y=y),))


#: Corners on a coarse lattice make shared heights, borders, repeated corners and crossings likely.
LATTICE = st.tuples(st.integers(-4, 4).map(float), st.integers(-4, 4).map(float))
ANYWHERE = st.tuples(*[st.floats(-1e3, 1e3, allow_subnormal=False)] * 2)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(LATTICE, ANYWHERE), min_size=3, max_size=12), st.integers(0, 2**32 - 1))
def test_every_point_is_where_the_slow_test_says(
    corners: list[tuple[float, float]], seed: int
) -> None:
    random = np.random.default_rng(seed)
    points = np.concatenate(
        [
            random.integers(-5, 6, (60, 2)).astype(float),
            random.uniform(-5, 5, (60, 2)),
            random.uniform(-1e3, 1e3, (30, 2)),
            np.array(corners),
        ]
    )
    found = np.zeros(len(points), dtype=bool)
    found[cells_inside(points[:, 0], points[:, 1], lasso(corners))] = True
    assert found.tolist() == [inside_slowly(*point, corners) for point in points.tolist()]


def test_a_million_points_agree_with_matplotlib_within_a_tenth_of_a_second() -> None:
    from matplotlib.path import Path

    random = np.random.default_rng(0)
    points = random.normal(size=(1_000_000, 2)).astype(np.float32)
    angles = np.sort(random.uniform(0, 2 * np.pi, 200))
    radius = random.uniform(1.0, 2.5, 200)
    x, y = radius * np.cos(angles), radius * np.sin(angles)
    found = in_polygon(points[:, 0], points[:, 1], x, y)
    line = Path(np.column_stack([np.append(x, x[0]), np.append(y, y[0])]))
    np.testing.assert_array_equal(found[:100_000], line.contains_points(points[:100_000]))
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        in_polygon(points[:, 0], points[:, 1], x, y)
        taken.append(time.perf_counter() - start)
    # A tenth of a second on a machine with nothing else to do, which tests cannot count on.
    assert min(taken) < 0.3


def test_two_polygons_with_a_common_border_share_no_point_and_miss_none() -> None:
    grid = np.arange(0, 8.5, 0.5)
    x, y = map(np.ravel, np.meshgrid(grid, grid))
    left = lasso([(0, 0), (3, 0), (5, 8), (0, 8)])
    right = lasso([(3, 0), (8, 0), (8, 8), (5, 8)])
    whole = lasso([(0, 0), (8, 0), (8, 8), (0, 8)])
    halves = [cells_inside(x, y, half) for half in (left, right)]
    assert not set(halves[0]) & set(halves[1])
    assert sorted(np.concatenate(halves)) == cells_inside(x, y, whole).tolist()


def test_where_a_lasso_crosses_itself_the_middle_of_a_star_is_outside() -> None:
    angles = np.pi / 2 + np.arange(5) * 4 * np.pi / 5
    star = lasso(list(zip(np.cos(angles), np.sin(angles), strict=True)))
    x, y = np.array([0.0, 0.0, 0.0]), np.array([0.0, 0.8, -0.9])
    assert cells_inside(x, y, star).tolist() == [1]


def test_a_box_may_be_drawn_from_any_corner_and_has_its_borders() -> None:
    x = y = np.array([0.0, 1.0, 2.0, 3.0])
    for box in (Box(x=(1, 2), y=(1, 2)), Box(x=(2, 1), y=(1, 2)), Box(x=(2, 1), y=(2, 1))):
        assert cells_inside(x, y, Outline(boxes=(box,))).tolist() == [1, 2]


def test_cells_without_a_place_are_in_nothing() -> None:
    x, y = np.array([np.nan, 0.5, np.inf, 0.5]), np.array([0.5, np.nan, 0.5, 0.5])
    square = lasso([(0, 0), (1, 0), (1, 1), (0, 1)])
    assert cells_inside(x, y, square).tolist() == [3]
    assert cells_inside(x, y, Outline(boxes=(Box(x=(0, 1), y=(0, 1)),))).tolist() == [3]


def test_a_cell_in_several_shapes_counts_once() -> None:
    x = y = np.array([0.5, 1.5, 2.5, 9.0])
    outline = Outline(
        lassos=lasso([(0, 0), (2, 0), (2, 2), (0, 2)]).lassos,
        boxes=(Box(x=(1, 3), y=(1, 3)), Box(x=(8, 10), y=(8, 10))),
    )
    assert cells_inside(x, y, outline).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "corners", [[(0, 0), (1, 1), (2, 2)], [(1, 0), (1, 1), (1, 2)], [(3, 3), (3, 3), (3, 3)]]
)
def test_a_lasso_around_nothing_holds_nothing(corners: list[tuple[float, float]]) -> None:
    places: NDArray[np.float64] = np.array([0.0, 0.5, 1.0, 3.0])
    assert cells_inside(places, places, lasso(corners)).tolist() == []


def test_what_plotly_says_was_selected_is_understood() -> None:
    said = {
        "points": [],
        "lasso": [{"xref": "x", "yref": "y", "x": [0, 1, 1], "y": [0, 0, 1]}, {"x": [1], "y": [1]}],
        "box": [{"xref": "x", "yref": "y", "x": [3, 1], "y": [0, 2]}],
    }
    outline = Outline.from_plotly(said)
    assert outline.lassos == (Lasso(x=(0, 1, 1), y=(0, 0, 1)),)
    assert outline.boxes == (Box(x=(3, 1), y=(0, 2)),)
    assert not Outline.from_plotly({"points": []})


@pytest.mark.parametrize(
    "said",
    [
        {"lasso": [{"x": [0, float("nan"), 1], "y": [0, 0, 1]}]},
        {"lasso": [{"x": [0, 1, 1], "y": [0, 0, 1, 2]}]},
        {"lasso": [{"x": "abc", "y": "abc"}]},
        {"lasso": [{"x": [0.0] * 20_000, "y": [0.0] * 20_000}]},
        {"box": [{"x": [0, 1]}]},
        {"box": [{"x": [0, 1], "y": [0, 1]}] * 101},
        {"box": 3},
    ],
)
def test_what_no_hand_draws_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="no shape drawn on a map"):
        Outline.from_plotly(said)
