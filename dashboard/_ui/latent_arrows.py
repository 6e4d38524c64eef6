"""Where the cells move on a map: what the data and the run know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard._ui.latent_align import coordinates

if TYPE_CHECKING:
    from dashboard._ui.latent_maps import MapChoice
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.runs.run import Run

#: Embedding with the velocities on another one, as scVelo names them.
_OF_DATA = "velocity_"
Velocities = dict[str, NDArray[np.float32]]


def is_velocity(embedding: str) -> bool:
    """Return whether an embedding of the data holds velocities, and so is no map."""
    return embedding.startswith(_OF_DATA)


def arrow_titles(view: LatentView, choice: MapChoice) -> dict[str, str]:
    """Return key -> title of the velocities that are known on a map."""
    source, _, name = choice.key.partition("/")
    if source == "data":
        own = f"{_OF_DATA}{name.removeprefix('X_')}"
        known = view.atlas.meta.embeddings.get(own) == choice.dims
        return {f"data/{own}": "Velocity"} if known else {}
    assert view.run is not None
    return {key: title for key, (on, title) in _run_arrows(view.of, view.run).items()
            if on == choice.key}  # fmt: skip


def velocities(view: LatentView, choice: MapChoice, axes: tuple[int, int]) -> Velocities:
    """Return title -> velocity of every cell on a map, shape (cells, 2); NaN where unknown."""
    return {
        title: coordinates(view, key, axes) for key, title in arrow_titles(view, choice).items()
    }


@st.cache_data(max_entries=32, show_spinner=False)
def _run_arrows(run_id: str, _run: Run) -> dict[str, tuple[str, str]]:
    from scdyn_core.runs.cell_maps import arrows_of

    return {one.key: (one.on, one.title) for one in arrows_of(_run)}
