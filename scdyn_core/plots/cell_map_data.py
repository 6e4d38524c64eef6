"""The numbers behind a map of cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.plots.cell_colours import CellColours, GroupColours
from scdyn_core.plots.cell_emphasis import Emphasis
from scdyn_core.plots.cell_map import CellMap


def cell_map_data(
    cells: CellMap, colours: CellColours, emphasis: Emphasis, names: Sequence[str]
) -> pd.DataFrame:
    """Return a row for every cell: name, place, what colours it, whether it is selected.

    Parameters
    ----------
    cells, colours, emphasis
        As ``cell_map_figure`` takes them.
    names
        Of all cells.
    """
    value: NDArray[Any] = (
        np.array(colours.groups, dtype=object)[colours.codes]
        if isinstance(colours, GroupColours)
        else colours.amounts
    )
    columns = {"cell": list(names), cells.axes[0]: cells.xy[:, 0], cells.axes[1]: cells.xy[:, 1]}
    frame = pd.DataFrame(columns)
    # A colouring may be called like an axis.
    frame.insert(3, colours.title, value, allow_duplicates=True)
    if emphasis.selected is not None:
        chosen = np.zeros(len(frame), dtype=bool)
        chosen[emphasis.selected] = True
        frame.insert(4, "selected", chosen, allow_duplicates=True)
    return frame
