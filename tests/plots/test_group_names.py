"""Names of groups on a map: at cells of theirs, and short enough for the map."""

import numpy as np
import plotly.graph_objects as go
import pytest

from scdyn_core.plots.group_names import add_group_names, middle_cell
from scdyn_core.plots.palette import LIGHT

RNG = np.random.default_rng(0)


def test_a_group_in_two_parts_is_named_at_the_larger_one():
    parts = [RNG.normal(0, 0.5, (70, 2)), RNG.normal(20, 0.5, (50, 2))]
    middle = middle_cell(np.concatenate(parts))
    assert np.linalg.norm(middle) < 1


@pytest.mark.parametrize("cells", [1, 2, 5000])
def test_the_middle_is_one_of_the_cells(cells):
    xy = RNG.normal(0, 1, (cells, 2))
    assert (xy == middle_cell(xy)).all(axis=1).any()


def test_a_very_long_name_leaves_room_for_the_map():
    xy, figure = RNG.normal(0, 1, (30, 2)), go.Figure()
    corners = (np.full(2, -4.0), np.full(2, 4.0))
    add_group_names(figure, xy, ["L" * 300] * 30, corners, 60.0, LIGHT)
    (name,) = figure.layout.annotations
    assert len(name.text) < 40
    assert "…" in name.text
