"""Tables of one row a cell and replicate: what trained networks say of every cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.methods.method import Table

#: Name of the table that says how well a model describes every cell.
CELL_FIT = "cell_fit"
Columns = Mapping[str, NDArray[Any]]
_KEYS = {"replicate": "seed number", "cell": "name of the cell", "part": "part of the cell"}


def by_replicate(
    cells: pd.DataFrame, found: Sequence[Columns], meanings: Mapping[str, str]
) -> Table:
    """Put what every replicate says of all cells under each other.

    Parameters
    ----------
    cells
        With the columns cell and part, shape ``(n, …)``.
    found
        Column -> values of all cells in this order, each of shape ``(n,)``; one a replicate.
    meanings
        Column -> meaning and unit.
    """
    known = cells[["cell", "part"]].reset_index(drop=True)
    frames = []
    for replicate, columns in enumerate(found):
        frame = pd.concat([known, pd.DataFrame(dict(columns))], axis=1)
        frame.insert(0, "replicate", replicate)
        frames.append(frame)
    return Table(pd.concat(frames, ignore_index=True), {**_KEYS, **meanings})


def latent_table(
    latents: Sequence[NDArray[np.float64]], cells: pd.DataFrame, meaning: str
) -> Table:
    """One row a cell and replicate: its latents.

    Parameters
    ----------
    latents
        Of all cells, one matrix ``(n, L)`` a replicate.
    meaning
        What a latent is; ``{i}`` stands for its number.
    """
    found = [{f"z{row + 1}": z[:, row] for row in range(z.shape[1])} for z in latents]
    return by_replicate(
        cells, found, {name: meaning.format(i=name.removeprefix("z")) for name in found[0]}
    )
