"""The maps of what is looked at: those of the data, and those a run made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.latent_align import coordinates
from dashboard._ui.latent_arrows import is_velocity
from dashboard._ui.selection import remember, remembered
from scdyn_core.plots.cell_map import CellMap

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.runs.run import Run

_USUAL = ("data/X_umap", "run/cells/umap", "run/latent/z")
_TITLES = {"X_umap": "UMAP", "X_tsne": "t-SNE", "X_pca": "Principal components",
           "X_diffmap": "Diffusion map", "X_phate": "PHATE"}  # fmt: skip
_AXES = {"X_umap": "UMAP", "X_tsne": "t-SNE", "X_pca": "PC", "X_diffmap": "DC"}
#: Maps on which distances and directions mean something.
_MEASURED = ("X_pca", "X_diffmap")


@dataclass(frozen=True)
class MapChoice:
    """A map that can be looked at.

    Attributes
    ----------
    key
        ``data/<obsm>`` or ``run/<table>/<stem>``.
    title
        For people (may be hostile).
    axis
        What its axes are called, without their numbers.
    dims
        How many there are.
    measured
        Whether distances on it mean something.
    """

    key: str
    title: str
    axis: str
    dims: int
    measured: bool


def maps_of(view: LatentView) -> dict[str, MapChoice]:
    """Return the maps by key; where data and run have the same one, that of the data."""
    found = {
        f"data/{name}": MapChoice(f"data/{name}", _TITLES.get(name, name), _AXES.get(name, name),
                                  dims, name in _MEASURED)
        for name, dims in view.atlas.meta.embeddings.items()
        if not is_velocity(name)
    }  # fmt: skip
    if view.run is None or view.run.spec.kind != "train":
        return found
    titles = {choice.title for choice in found.values()}
    for key, (title, dims) in _run_maps(view.run.id, view.run).items():
        if title not in titles:
            stem = key.rpartition("/")[2]
            found[key] = MapChoice(key, title, stem if stem == "z" else title, dims,
                                   stem not in ("umap", "tsne"))  # fmt: skip
    return found


def choose_map(
    view: LatentView, maps: dict[str, MapChoice], *, name: str, own: bool = False
) -> MapChoice:
    """Draw the choice of a map.

    Parameters
    ----------
    name
        In the URL.
    own
        Suggest what the run made of the cells, which no other run has.
    """
    asked = remembered(name, view.of)
    usual = [*(key for key in maps if own and key.startswith("run/")), *_USUAL, *maps]
    key = f"latent/{name}"
    st.session_state[key] = next(one for one in (asked, *usual) if one in maps)
    chosen: str = st.selectbox(
        "Map", list(maps), key=key, format_func=lambda one: maps[one].title,
        on_change=lambda: remember(name, st.session_state[key], view.of),
    )  # fmt: skip
    remember(name, chosen, view.of)
    return maps[chosen]


def choose_axes(choice: MapChoice, *, name: str) -> tuple[int, int]:
    """Draw the choice of two dimensions of a map that has more; return them from 1."""
    if choice.dims <= 2:
        return 1, 2
    asked = (remembered(name, choice.key) or "1,2").split(",")
    numbers = list(range(1, choice.dims + 1))
    keys = [f"latent/{name}/{side}" for side in range(2)]

    def keep() -> None:
        remember(name, ",".join(str(st.session_state[key]) for key in keys), choice.key)

    for side, (column, key) in enumerate(zip(st.columns(2), keys, strict=True)):
        given = int(asked[side]) if len(asked) == 2 and asked[side].isdecimal() else side + 1
        st.session_state[key] = given if given in numbers else side + 1
        column.selectbox(f"{'xy'[side]} axis", numbers, key=key, on_change=keep,
                         format_func=lambda n: f"{choice.axis} {n}")  # fmt: skip
    keep()
    return st.session_state[keys[0]], st.session_state[keys[1]]


def cell_map(view: LatentView, choice: MapChoice, axes: tuple[int, int]) -> CellMap:
    """Return where the cells are on a map; NaN for cells a run has no place for."""
    xy = coordinates(view, choice.key, axes)
    words = (f"{choice.axis} {axes[0]}", f"{choice.axis} {axes[1]}")
    return CellMap(xy, words, choice.measured)


@st.cache_data(max_entries=32, show_spinner=False)
def _run_maps(run_id: str, _run: Run) -> dict[str, tuple[str, int]]:
    from scdyn_core.runs.cell_maps import embeddings_of

    return {one.key: (one.title, len(one.columns)) for one in embeddings_of(_run)}
