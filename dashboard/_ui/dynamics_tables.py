"""What the columns of the tables of a dynamical model hold, and their names for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def latents_of(latent: pd.DataFrame) -> list[str]:
    """Return the columns ``z1 … zd`` in order."""
    from scdyn_core.plots.cell_catalogue import latent_columns

    return latent_columns(latent)


def latent_values(latent: pd.DataFrame, replicate: int) -> NDArray[np.float64]:
    """Return one replicate's latent coordinates, shape ``(cells, d)``."""
    rows = latent[latent["replicate"] == replicate]
    return rows[latents_of(latent)].to_numpy(dtype=np.float64)


def latent_name(number: int) -> str:
    """Return the name of a latent counted from 0, such as ``z₁``."""
    return "z" + str(number + 1).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def colour_name(column: str) -> str:
    """Return the name of a column for people, where it is one of scdyn's own."""
    from scdyn_core.plots.cell_catalogue import COLOURS

    return column.replace("_", " ").capitalize() if column in COLOURS else column


def colour_choices(cells: pd.DataFrame) -> list[str]:
    """Return the columns that can colour cells, the most telling first."""
    from scdyn_core.plots.cell_catalogue import COLOURS

    placed = ("cell", "umap_1", "umap_2", "velocity_umap_1", "velocity_umap_2")
    others = [str(name) for name in cells.columns if name not in (*placed, *COLOURS)]
    return [*(name for name in COLOURS if name in cells), *others]
