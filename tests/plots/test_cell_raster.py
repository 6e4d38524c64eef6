"""Pictures of cells too many for a browser."""

from __future__ import annotations

import numpy as np

from scdyn_core.plots.cell_colours import (
    AmountColours,
    GroupColours,
)
from scdyn_core.plots.cell_raster import Window, compile_once, raster
from scdyn_core.plots.palette import LIGHT
from tests.plots.cells_drawn import groups, pixels


def test_a_picture_shows_each_group_in_its_colour_at_its_place() -> None:
    xy = np.repeat(np.array([[0.25, 0.25], [0.75, 0.75]], dtype=np.float32), 50, axis=0)
    colours = GroupColours(
        "t", np.repeat([0, 1], 50).astype(np.int32), ("a", "b"), ("#ff0000", "#0000ff")
    )
    drawn = pixels(raster(xy, colours, None, None, Window((0.0, 1.0), (0.0, 1.0)), LIGHT))
    height, width = drawn.shape[:2]
    lower_left = drawn[int(0.75 * height) - 3 : int(0.75 * height) + 3, int(0.25 * width)]
    upper_right = drawn[int(0.25 * height) - 3 : int(0.25 * height) + 3, int(0.75 * width)]
    assert lower_left[lower_left[:, 3] > 0][0, :3].tolist() == [255, 0, 0]
    assert upper_right[upper_right[:, 3] > 0][0, :3].tolist() == [0, 0, 255]
    assert (drawn[..., 3] > 0).mean() < 0.001


def test_a_picture_of_part_of_a_map_shows_nothing_from_beyond_it() -> None:
    xy = np.array([[0.1, 0.1], [5.0, 5.0]], dtype=np.float32)
    window = Window((4.0, 6.0), (4.0, 6.0))
    alone = raster(xy[1:], groups(1, ("a",)), None, None, window, LIGHT)
    assert raster(xy, groups(2, ("a",)), None, None, window, LIGHT) == alone


def test_a_pixel_has_the_mean_amount_of_its_cells() -> None:
    xy = np.full((4, 2), 0.5, dtype=np.float32)
    scale = ("#000000", "#ffffff")
    amounts = AmountColours("x", np.array([0, 0, 1, 1], dtype=np.float32), 0.0, 1.0, scale)
    drawn = pixels(raster(xy, amounts, None, None, Window((0.0, 1.0), (0.0, 1.0)), LIGHT))
    assert abs(int(drawn[drawn[..., 3] > 0][0, 0]) - 127) <= 2


def test_drawing_can_be_readied_before_anybody_looks() -> None:
    compile_once()
