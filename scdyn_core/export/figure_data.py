"""The numbers behind a figure, one row per point."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import plotly.graph_objects as go

COORDINATES = ("x", "y", "z", "text")


def figure_data(figure: go.Figure) -> pd.DataFrame:
    """Return the traces of a figure: name of the trace, then ``x, y, z, text`` of its points."""
    every = (_trace_data(number, trace) for number, trace in enumerate(figure.data))
    # Columns without a value must not decide the type of a column that has some elsewhere.
    frames = [frame.dropna(axis="columns", how="all") for frame in every if len(frame)]
    names = ["trace", *COORDINATES]
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=names)
    return whole[[name for name in names if name in whole and whole[name].notna().any()]]


def _trace_data(number: int, trace: Any) -> pd.DataFrame:
    name = trace.name or f"{trace.type} {number + 1}"
    grid = None if getattr(trace, "z", None) is None else np.asarray(trace.z, dtype=object)
    if grid is not None and grid.ndim == 2:
        rows, width = grid.shape
        y, x = np.divmod(np.arange(grid.size), width)
        frame = pd.DataFrame(
            {"x": _labels(trace.x, width)[x], "y": _labels(trace.y, rows)[y], "z": grid.ravel()}
        )
    else:
        columns = {axis: _many(getattr(trace, axis, None)) for axis in COORDINATES}
        frame = pd.DataFrame(
            {axis: pd.Series(each) for axis, each in columns.items() if each is not None}
        )
    frame.insert(0, "trace", name)
    return frame


def _labels(given: Iterable[object] | None, count: int) -> Any:
    return np.array(list(range(count) if given is None else given), dtype=object)


def _many(values: Any) -> list[object] | None:
    """Return the values of a coordinate; ``None`` where there is one for all points or none."""
    return list(values) if isinstance(values, Iterable) and not isinstance(values, str) else None
