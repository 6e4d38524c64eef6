"""Cells too many for a browser, drawn into a picture here (datashader)."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.plots.cell_colours import AmountColours, CellColours, GroupColours
from scdyn_core.plots.cell_emphasis import Mask
from scdyn_core.plots.palette import LIGHT, Palette

if TYPE_CHECKING:
    import xarray

#: Longer side of the picture; the other follows the shape of the map.
PIXELS = 1100
#: Opacity of a pixel with the fewest cells, of 255.
_FAINTEST = 110
#: Shorter side of a window at least, in its longer side.
_FLATTEST = 0.2
#: Cells that lie alone get up to this many pixels.
_MOST_SPREAD = 3


@dataclass(frozen=True)
class Window:
    """The part of a map that is drawn, in the map's own units."""

    x: tuple[float, float]
    y: tuple[float, float]

    @classmethod
    def around(cls, xy: NDArray[np.float32], margin: float = 0.03) -> Window:
        """Return the smallest window with all finite points and a margin.

        Cells on a line get room on either side of it, so that they can be drawn around.
        """
        whole = xy[np.isfinite(xy).all(axis=1)]
        if not len(whole):
            return cls((0.0, 1.0), (0.0, 1.0))
        low, high = whole.min(axis=0).astype(float), whole.max(axis=0).astype(float)
        span = np.maximum(high - low, 1e-6)
        reach = np.maximum(margin * span, (_FLATTEST * span.max() - span) / 2)
        low, high = low - reach, high + reach
        return cls((float(low[0]), float(high[0])), (float(low[1]), float(high[1])))

    def inside(self, xy: NDArray[np.float32]) -> Mask:
        """Return which points lie in it."""
        x, y = xy[:, 0], xy[:, 1]
        return (x >= self.x[0]) & (x <= self.x[1]) & (y >= self.y[0]) & (y <= self.y[1])

    def pixels(self) -> tuple[int, int]:
        """Return width and height of its picture."""
        span_x, span_y = self.x[1] - self.x[0], self.y[1] - self.y[0]
        longer = max(span_x, span_y)
        return (
            max(200, round(PIXELS * span_x / longer)),
            max(200, round(PIXELS * span_y / longer)),
        )


def raster(
    xy: NDArray[np.float32],
    colours: CellColours,
    front: Mask | None,
    back: Mask | None,
    window: Window,
    palette: Palette,
) -> str:
    """Draw cells and return the picture as a data URL (PNG with transparency).

    A pixel has the mean amount of its cells, or the mixture of the colours of their groups.

    Parameters
    ----------
    xy
        Places, shape (cells, 2).
    colours
        Of every cell.
    front, back
        Cells in colour and in grey, as ``Emphasis.masks`` returns them.
    window
        What is drawn.
    palette
        Colours of the background.
    """
    import datashader as ds
    import datashader.transfer_functions as tf

    width, height = window.pixels()
    canvas = ds.Canvas(width, height, x_range=window.x, y_range=window.y)
    layers = []
    if back is not None and back.any():
        counted = canvas.points(_frame(xy, back), "x", "y", ds.count())
        layers.append(tf.shade(counted, cmap=[palette.faint], how="log", min_alpha=_FAINTEST))
    if front is None or front.any():
        if isinstance(colours, GroupColours):
            layers.append(_groups(canvas, xy, colours, front))
        else:
            layers.append(_amounts(canvas, xy, colours, front))
    spread = [tf.dynspread(layer, threshold=0.6, max_px=_MOST_SPREAD) for layer in layers]
    if not spread:
        spread = [tf.Image(np.zeros((height, width), dtype=np.uint32))]
    return _url(tf.stack(*spread, how="over"))


def _groups(canvas: Any, xy: NDArray[np.float32], colours: GroupColours, front: Mask | None) -> Any:
    import datashader as ds
    import datashader.transfer_functions as tf

    names = [str(position) for position in range(len(colours.groups))]
    codes = colours.codes if front is None else colours.codes[front]
    frame = _frame(xy, front)
    frame["group"] = pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(names))
    counted = canvas.points(frame, "x", "y", ds.by("group", ds.count()))
    key = dict(zip(names, colours.hues, strict=True))
    return tf.shade(counted, color_key=key, how="log", min_alpha=_FAINTEST)


def _amounts(
    canvas: Any, xy: NDArray[np.float32], colours: AmountColours, front: Mask | None
) -> Any:
    import datashader as ds
    import datashader.transfer_functions as tf

    frame = _frame(xy, front)
    frame["amount"] = colours.amounts if front is None else colours.amounts[front]
    mean: xarray.DataArray = canvas.points(frame, "x", "y", ds.mean("amount"))
    clipped = mean.clip(colours.low, colours.high)
    return tf.shade(
        clipped, cmap=list(colours.scale), how="linear", span=[colours.low, colours.high]
    )


def _frame(xy: NDArray[np.float32], chosen: Mask | None) -> pd.DataFrame:
    x, y = (xy[:, axis] if chosen is None else xy[chosen, axis] for axis in (0, 1))
    return pd.DataFrame({"x": x, "y": y})


def _url(image: Any) -> str:
    content = io.BytesIO()
    # Little compression: the picture is made while somebody waits.
    image.to_pil().save(content, format="PNG", compress_level=2)
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode("ascii")


def compile_once() -> None:
    """Have the drawing compiled, so that the first to look does not wait for it."""
    xy = np.array([[0, 0], [1, 1], [0.5, 0.2]], dtype=np.float32)
    front = np.array([True, False, True])
    window = Window.around(xy)
    groups = GroupColours(
        "", np.array([0, 1, 1], dtype=np.int32), ("a", "b"), ("#000000", "#ffffff")
    )
    amounts = AmountColours("", xy[:, 0].copy(), 0.0, 1.0, LIGHT.sequential)
    for colours in (groups, amounts):
        raster(xy, colours, front, ~front, window, LIGHT)
