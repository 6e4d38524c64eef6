"""Maps of cells: what is drawn at which size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scdyn_core.data.cell_sets.outline import Box, Lasso, Outline
from scdyn_core.plots.cell_colours import (
    AmountColours,
    amount_colours,
    colours_of,
)
from scdyn_core.plots.cell_emphasis import Emphasis
from scdyn_core.plots.cell_map import CellMap, cell_map_figure
from scdyn_core.plots.cell_map_data import cell_map_data
from scdyn_core.plots.cell_raster import Window, raster
from scdyn_core.plots.palette import LIGHT
from tests.plots.cells_drawn import groups, scattered

HOSTILE = "<img src=x onerror=alert(1)>"


def test_cells_without_an_amount_are_grey_and_say_so() -> None:
    amounts = np.array([1.0, np.nan, 2.0, np.nan], dtype=np.float32)
    colours = amount_colours(amounts, "x", LIGHT)
    front, _ = Emphasis(selected=np.array([0, 1])).masks(colours, 4)
    assert front is not None
    assert front.tolist() == [True, False, False, False]
    cells = scattered(4)
    figure = cell_map_figure(cells, colours, names=list("abcd"))
    grey, coloured = figure.data[:2]
    assert grey.marker.color == LIGHT.faint
    np.testing.assert_array_equal(grey.x, cells.xy[[1, 3], 0])
    assert np.isfinite(coloured.marker.color).all()
    assert "not known" in figure.data[-1].text[1]


def test_cells_have_the_colour_of_their_group() -> None:
    cells, colours = scattered(9), groups(9, ("a", "b", "c"))
    marker = cell_map_figure(cells, colours).data[0].marker
    places = np.asarray(cell_map_figure(cells, colours).data[0].x)
    steps = dict(marker.colorscale)
    assert len({hue for _, hue in marker.colorscale}) == 3
    for x, number in zip(places, marker.color, strict=True):
        share = (number - marker.cmin) / (marker.cmax - marker.cmin)
        hue = [hue for start, hue in sorted(steps.items()) if start <= share][-1]
        assert hue == colours.hues[colours.codes[np.flatnonzero(cells.xy[:, 0] == x)[0]]]


def test_cells_on_a_line_get_room_beside_it() -> None:
    xy = np.column_stack([np.arange(11.0), np.zeros(11)]).astype(np.float32)
    window = Window.around(xy)
    assert window.y == pytest.approx((-1, 1))
    assert window.x == pytest.approx((-0.3, 10.3))


def test_few_cells_in_the_window_are_drawn_larger() -> None:
    cells = scattered(3000)
    window = Window((-0.2, 0.2), (-0.2, 0.2))
    whole = cell_map_figure(cells, groups(3000)).data[0].marker.size
    assert cell_map_figure(cells, groups(3000), window=window).data[0].marker.size > whole


def test_a_map_is_as_large_with_amounts_as_with_groups() -> None:
    cells = scattered(50)
    grouped = cell_map_figure(cells, groups(50)).layout
    amount = cell_map_figure(cells, amount_colours(cells.xy[:, 0], "x", LIGHT)).layout
    inner = [each.height - each.margin.t - each.margin.b for each in (grouped, amount)]
    assert inner[0] == inner[1]


def test_a_long_title_fits_below_a_narrow_map() -> None:
    colours = amount_colours(scattered(50).xy[:, 0], "<b>" + "LONG_" * 20, LIGHT)
    title = cell_map_figure(scattered(50), colours, width=300).data[1].marker.colorbar.title.text
    assert title.startswith("&lt;b&gt;LONG_")
    assert title.endswith("…")
    assert len(title) < 50


def test_what_was_drawn_stays_on_the_layer_it_was_drawn_on() -> None:
    drawn = Outline(lassos=(Lasso(x=(0, 0.1, 0.2), y=(0, 1, 0)),), boxes=(Box(x=(0, 1), y=(2, 3)),))
    lasso, box = cell_map_figure(scattered(5), groups(5), outline=drawn).layout.selections
    assert (lasso.type, lasso.path) == ("path", "M0.0,0.0L0.1,1.0L0.2,0.0Z")
    assert (box.type, box.x0, box.x1, box.y0, box.y1) == ("rect", 0, 1, 2, 3)
    assert {(each.xref, each.yref) for each in (lasso, box)} == {("x2", "y2")}


def test_few_cells_are_points_with_their_names() -> None:
    names = [f"cell{n}" for n in range(40)]
    figure = cell_map_figure(scattered(40), groups(40), names=names)
    hover = next(trace for trace in figure.data if trace.text is not None)
    assert hover.text[3] == "cell3<br>b"
    assert not figure.layout.images


def test_cells_are_lassoed_on_two_invisible_points_alone() -> None:
    """Points on the axes that are lassoed are gone through at every move of the mouse."""
    figure = cell_map_figure(scattered(300), groups(300), names=[str(n) for n in range(300)])
    lassoed = [t for t in figure.data if t.xaxis == "x2" and "markers" in t.mode]
    assert [len(trace.x) for trace in lassoed] == [2]
    assert figure.layout.xaxis2.matches == "x"
    assert figure.layout.yaxis2.matches == "y"
    assert figure.layout.dragmode == "lasso"


def test_more_cells_than_a_browser_draws_are_a_picture_where_they_lie() -> None:
    cells = scattered(60_000)
    figure = cell_map_figure(cells, groups(60_000))
    image = figure.layout.images[0]
    window = Window.around(cells.xy)
    assert (image.x, image.y) == (window.x[0], window.y[1])
    assert max(len(t.x) for t in figure.data if t.x is not None) <= 2


def test_cells_without_a_place_are_not_drawn() -> None:
    cells = scattered(50)
    cells.xy[7] = np.nan
    figure = cell_map_figure(cells, groups(50), names=[str(n) for n in range(50)], labels=True)
    assert np.isfinite(figure.layout.xaxis.range).all()
    assert len(figure.layout.annotations) == 2 or len(figure.layout.annotations) == 1


def test_nothing_to_draw_is_drawn() -> None:
    cells = CellMap(np.full((3, 2), np.nan, dtype=np.float32), ("a", "b"), measured=True)
    cell_map_figure(cells, groups(3), labels=True)
    raster(cells.xy, groups(3), None, None, Window.around(cells.xy), LIGHT)


def test_names_from_the_data_are_text() -> None:
    cells = CellMap(scattered(20).xy, (HOSTILE, "y"), measured=True)
    colours = groups(20, (HOSTILE, "b"))
    figure = cell_map_figure(cells, colours, names=[HOSTILE] * 20, labels=True)
    assert "<img" not in figure.to_json().replace("\\u003c", "<")


def test_names_of_groups_do_not_lie_on_each_other() -> None:
    xy = np.zeros((40, 2), dtype=np.float32)
    xy[-1] = 5
    figure = cell_map_figure(CellMap(xy, ("x", "y"), True), groups(40), labels=True)
    assert len(figure.layout.annotations) == 1


def test_a_group_in_two_parts_is_named_where_it_is() -> None:
    parts = np.repeat([[0.0, 0.0], [10.0, 10.0]], [30, 31], axis=0)
    other = np.repeat([[0.0, 10.0]], 20, axis=0)
    noise = np.random.default_rng(0).normal(scale=0.2, size=(81, 2))
    xy = (np.concatenate([parts, other]) + noise).astype(np.float32)
    # Halves of equal size: the median lies between them.
    xy[60] = [5, 5]
    cells = CellMap(xy, ("x", "y"), measured=False)
    codes = pd.Categorical.from_codes(np.repeat([0, 1], [61, 20]), ["two parts", "one"])
    colours = colours_of(pd.Series(codes), "type", LIGHT)
    first, second = cell_map_figure(cells, colours, labels=True).layout.annotations
    nearest = np.hypot(xy[:60, 0] - first.x, xy[:60, 1] - first.y).min()
    assert "two parts" in first.text
    assert nearest < 1.5
    assert np.hypot(second.x - 0, second.y - 10) < 2


def test_names_stay_inside_and_only_groups_in_the_window_have_one() -> None:
    xy = np.array([[-0.4, 0], [-0.4, 1], [9, 0], [9, 1]], dtype=np.float32)
    cells = CellMap(xy, ("x", "y"), measured=False)
    named = pd.Categorical.from_codes([0, 0, 1, 1], ["a long name of a group", "b"])
    colours = colours_of(pd.Series(named), "type", LIGHT)
    window = Window((-0.5, 2.5), (-1, 2))
    (name,) = cell_map_figure(cells, colours, labels=True, window=window).layout.annotations
    assert "a long name" in name.text
    assert name.x > -0.2


def test_arrows_follow_the_cells() -> None:
    cells = scattered(400)
    velocity = np.tile(np.array([1, 0], dtype=np.float32), (400, 1))
    plain = cell_map_figure(cells, groups(400))
    moving = cell_map_figure(cells, groups(400), arrows=[velocity, -velocity])
    assert len(moving.data) == len(plain.data) + 2


def test_the_numbers_behind_a_map_are_those_of_all_cells() -> None:
    cells = scattered(4)
    table = cell_map_data(
        cells, groups(4), Emphasis(selected=np.array([1, 2])), ["w", "x", "y", "z"]
    )
    assert list(table) == ["cell", "UMAP 1", "UMAP 2", "type", "selected"]
    assert table["type"].tolist() == ["a", "b", "a", "b"]
    assert table["selected"].tolist() == [False, True, True, False]
    np.testing.assert_array_equal(table["UMAP 2"], cells.xy[:, 1])


def test_a_colouring_may_be_called_like_an_axis() -> None:
    amounts = AmountColours("UMAP 1", np.arange(3, dtype=np.float32), 0, 2, LIGHT.sequential)
    table = cell_map_data(scattered(3), amounts, Emphasis(), ["a", "b", "c"])
    assert list(table) == ["cell", "UMAP 1", "UMAP 2", "UMAP 1"]
    assert table.iloc[:, 3].tolist() == [0, 1, 2]
