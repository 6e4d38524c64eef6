"""Maps of cells: what is drawn at which size, and what stands out."""

from __future__ import annotations

import base64
import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from scdyn_core.plots.cell_colours import (
    NOT_KNOWN,
    AmountColours,
    GroupColours,
    amount_colours,
    colours_of,
    digest,
)
from scdyn_core.plots.cell_emphasis import Emphasis
from scdyn_core.plots.cell_map import CellMap, cell_map_figure
from scdyn_core.plots.cell_raster import Window, compile_once, raster
from scdyn_core.plots.palette import DARK, LIGHT

HOSTILE = "<img src=x onerror=alert(1)>"


def scattered(n: int, seed: int = 0) -> CellMap:
    xy = np.random.default_rng(seed).normal(size=(n, 2)).astype(np.float32)
    return CellMap(xy, ("UMAP 1", "UMAP 2"), measured=False)


def groups(n: int, names: tuple[str, ...] = ("a", "b")) -> GroupColours:
    values = pd.Series(pd.Categorical.from_codes(np.arange(n) % len(names), list(names)))
    found = colours_of(values, "type", LIGHT)
    assert isinstance(found, GroupColours)
    return found


def pixels(url: str) -> np.ndarray:
    content = base64.b64decode(url.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))


def test_groups_have_the_order_of_their_categories_and_gaps_a_group_of_their_own() -> None:
    values = pd.Series(pd.Categorical(["b", None, "a"], categories=["b", "a"]))
    found = colours_of(values, "type", LIGHT)
    assert isinstance(found, GroupColours)
    assert found.groups == ("b", "a", NOT_KNOWN)
    assert found.codes.tolist() == [0, 2, 1]
    assert found.hues[2] == LIGHT.muted
    assert found.sizes().tolist() == [1, 1, 1]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_hundred_groups_have_a_hundred_colours(palette: object) -> None:
    values = pd.Series([f"type {n:03d}" for n in range(100)])
    found = colours_of(values, "type", palette)  # type: ignore[arg-type]
    assert isinstance(found, GroupColours)
    assert len(set(found.hues)) == 100


def test_a_scale_is_not_stretched_by_a_few_cells_and_is_neutral_at_zero() -> None:
    amounts = np.concatenate([np.linspace(0, 1, 999), [1e6]]).astype(np.float32)
    one_sign = amount_colours(amounts, "x", LIGHT)
    assert one_sign.high < 1.1
    both = amount_colours(amounts - np.float32(0.3), "x", LIGHT)
    assert both.low == -both.high
    assert both.scale == LIGHT.diverging


def test_a_gene_few_cells_express_has_a_scale_nevertheless() -> None:
    amounts = np.zeros(1000, dtype=np.float32)
    amounts[:3] = [1, 2, 4]
    found = amount_colours(amounts, "x", LIGHT)
    assert (found.low, found.high) == (0, 4)


def test_unknown_amounts_do_not_matter() -> None:
    assert amount_colours(np.full(4, np.nan, dtype=np.float32), "x", LIGHT).high == 1.0


def test_highlighting_greys_and_hiding_removes() -> None:
    colours = groups(6, ("a", "b", "c"))
    front, back = Emphasis(highlighted=frozenset({1})).masks(colours, 6)
    assert front is not None
    assert back is not None
    assert np.flatnonzero(front).tolist() == [1, 4]
    assert np.flatnonzero(back).tolist() == [0, 2, 3, 5]
    front, back = Emphasis(hidden=frozenset({1})).masks(colours, 6)
    assert front is not None
    assert np.flatnonzero(front).tolist() == [0, 2, 3, 5]
    assert back is None


def test_a_hidden_group_stays_hidden_under_a_selection() -> None:
    chosen = Emphasis(hidden=frozenset({1}), selected=np.array([1, 2]))
    front, back = chosen.masks(groups(6, ("a", "b", "c")), 6)
    assert front is not None
    assert back is not None
    assert np.flatnonzero(front).tolist() == [2]
    assert np.flatnonzero(back).tolist() == [0, 3, 5]


def test_a_selection_stands_out_whatever_colours_the_cells() -> None:
    colours = AmountColours("x", np.zeros(4, dtype=np.float32), 0, 1, LIGHT.sequential)
    front, back = Emphasis(selected=np.array([0, 3])).masks(colours, 4)
    assert front is not None
    assert front.tolist() == [True, False, False, True]
    assert back is not None
    assert back.tolist() == [False, True, True, False]


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


def test_arrows_follow_the_cells() -> None:
    cells = scattered(400)
    velocity = np.tile(np.array([1, 0], dtype=np.float32), (400, 1))
    plain = cell_map_figure(cells, groups(400))
    moving = cell_map_figure(cells, groups(400), arrows=[velocity, -velocity])
    assert len(moving.data) == len(plain.data) + 2


def test_the_digest_of_colours_tells_them_apart() -> None:
    assert digest(groups(6)) == digest(groups(6))
    assert digest(groups(6)) != digest(groups(6, ("a", "c")))
    amounts = AmountColours("x", np.zeros(3, dtype=np.float32), 0, 1, LIGHT.sequential)
    other = AmountColours("x", np.ones(3, dtype=np.float32), 0, 1, LIGHT.sequential)
    assert digest(amounts) != digest(other)
    assert Emphasis(selected=np.array([1])).digest() != Emphasis(selected=np.array([2])).digest()


def test_drawing_can_be_readied_before_anybody_looks() -> None:
    compile_once()
