"""What a run says of its cells, in the order of the cells that are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView


def coordinates(view: LatentView, key: str, axes: tuple[int, int]) -> NDArray[np.float32]:
    """Return two coordinates of every cell, of a map or of the velocities on one.

    Parameters
    ----------
    key
        ``data/<obsm>`` or ``run/<table>/<stem>``.
    axes
        Which two, from 1.

    Returns
    -------
    numpy.ndarray
        Shape (cells, 2); NaN for cells a run has nothing for.
    """
    return _coordinates(str(view.atlas.folder), key, axes, view.of, view)


def aligned(view: LatentView, key: str, values: pd.Series) -> NDArray[np.float32]:
    """Return amounts of a run's cells for all cells looked at; NaN where it has none."""
    places = _places(view.of, key.rpartition("/")[0], view, key)
    numbers = values.to_numpy(dtype=np.float32, na_value=np.nan)
    if places is None:
        return numbers
    return np.where(places >= 0, numbers[places], np.float32(np.nan)).astype(np.float32)


def aligned_groups(view: LatentView, key: str, values: pd.Series) -> pd.Series:
    """Return groups of a run's cells for all cells looked at; missing where it has none."""
    places = _places(view.of, key.rpartition("/")[0], view, key)
    if places is None:
        return values.reset_index(drop=True)
    codes = values.cat.codes.to_numpy()
    dtype = pd.CategoricalDtype(values.cat.categories)
    return pd.Series(pd.Categorical.from_codes(np.where(places >= 0, codes[places], -1),
                                               dtype=dtype))  # fmt: skip


@st.cache_resource(max_entries=12, show_spinner=False)
def _places(of: str, table: str, _view: LatentView, _key: str) -> Any:
    """Return where each cell looked at is in a table of a run, -1 for nowhere; ``None``: in place.

    Most tables tell of all cells in their order, and need no looking up.
    """
    from scdyn_core.runs.cell_values import cells_of

    assert _view.run is not None
    told, here = cells_of(_view.run, _key), _view.atlas.index()
    if len(told) == len(here) and bool((told == here).all()):
        return None
    return told.get_indexer(here)


@st.cache_resource(max_entries=12, show_spinner="Reading the map…")
def _coordinates(
    folder: str, key: str, axes: tuple[int, int], of: str, _view: LatentView
) -> NDArray[np.float32]:
    source, _, name = key.partition("/")
    if source == "data":
        whole = _view.atlas.embedding(name)
        return np.stack([np.asarray(whole[:, axis - 1]) for axis in axes], axis=1)
    from scdyn_core.runs.cell_maps import map_values

    assert _view.run is not None
    places = map_values(_view.run, key, axes)
    return np.stack([aligned(_view, key, places[name]) for name in places], axis=1)
