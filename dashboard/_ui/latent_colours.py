"""What colours the cells: an annotation, a gene, a set of genes, or what a model says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from dashboard._ui.charts import palette
from dashboard._ui.latent_align import aligned, aligned_groups
from dashboard._ui.latent_gene_set import choose_gene_set, gene_set_values
from dashboard._ui.selection import remember, remembered
from scdyn_core.data.roles import COLUMN_ROLES
from scdyn_core.plots.cell_colours import CellColours, colours_of
from scdyn_core.plots.palette import DARK, LIGHT

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.runs.colourings import Colouring
    from scdyn_core.runs.run import Run

ANNOTATION, GENE, MODEL, GENE_SET = "Annotation", "Gene", "Model", "Gene set"
#: Beginning of the key in the URL -> kind of colouring.
KINDS = {"obs": ANNOTATION, "gene": GENE, "run": MODEL, "set": GENE_SET}
NO_MODEL = "A trained run is needed: choose one under “Cells of”."


def choose_colour(view: LatentView, *, name: str, avoid: str | None = None) -> str | None:
    """Draw the choice of a colouring and return its key; ``None`` while there is none to choose.

    Parameters
    ----------
    name
        In the URL: ``colour``, or ``colour2`` for the second map.
    avoid
        Not what is suggested first: the other map shows it.
    """
    asked = _asked(view, name, avoid)
    model = _model(view)
    kinds = [kind for kind in KINDS.values() if kind != MODEL or model]
    key = f"latent/{name}/kind"
    if st.session_state.get(key) not in kinds or st.session_state.get(f"{key}/for") != asked:
        st.session_state[key] = KINDS[asked.partition("/")[0]]
    left, right = st.columns([4, 5], vertical_alignment="bottom")
    kind: str = left.selectbox(
        "Colour by", kinds, key=key,
        help=None if model else NO_MODEL + " Then its latents and outputs colour the cells too.",
    )  # fmt: skip
    with right:
        chosen = _of_kind(view, kind, asked, name)
    if chosen is not None:
        remember(name, chosen, view.record.id)
        st.session_state[f"{key}/for"] = chosen
    return chosen


def _asked(view: LatentView, name: str, avoid: str | None) -> str:
    """Return the key that the URL or the session asks for, if there is such a thing here."""
    asked = remembered(name, view.record.id) or ""
    kind, _, rest = asked.partition("/")
    there = {
        "obs": lambda: any(one.name == rest for one in view.atlas.meta.columns),
        "gene": lambda: rest in view.atlas,
        "run": lambda: asked in _model(view),
        "set": lambda: bool(rest),
    }
    return asked if kind in there and there[kind]() else usual_colour(view, avoid)


def usual_colour(view: LatentView, avoid: str | None = None) -> str:
    """Return what colours the cells when nobody has chosen: what they are, as far as is known."""
    roles, columns = view.record.roles, {one.name: one for one in view.atlas.meta.columns}
    known = (roles.cell_type, roles.perturbation, roles.condition, roles.time, roles.sample)
    groups = [one.name for one in columns.values() if one.kind == "category"]
    names = [name for name in (*known, *groups, *columns) if name in columns]
    usual = [*(f"obs/{name}" for name in names), f"gene/{view.atlas.genes[0]}"]
    return next((key for key in usual if key != avoid), usual[0])


def _of_kind(view: LatentView, kind: str, asked: str, name: str) -> str | None:
    if kind == GENE_SET:
        return choose_gene_set(view, asked, name=name)
    options: dict[str, str]
    if kind == ANNOTATION:
        options = {f"obs/{one.name}": one.name for one in view.atlas.meta.columns}
    elif kind == GENE:
        options = {f"gene/{gene}": gene for gene in view.atlas.genes}
    else:
        options = {key: f"{one.group}: {one.title}" for key, one in _model(view).items()}
    if not options:
        st.caption(f"These data have no {kind.lower()}.")
        return None
    key = f"latent/{name}/{kind}"
    if asked in options:
        st.session_state[key] = asked
    elif st.session_state.get(key) not in options:
        st.session_state[key] = next(iter(options))
    chosen: str = st.selectbox(
        kind, list(options), key=key, format_func=options.__getitem__,
        label_visibility="collapsed", on_change=_changed, args=(name, key, view.record.id),
        help="Type to search",
    )  # fmt: skip
    return chosen


def _changed(name: str, key: str, dataset_id: str) -> None:
    remember(name, st.session_state[key], dataset_id)


def cell_colours(view: LatentView, key: str) -> CellColours | None:
    """Return the colours of the cells; while they are computed, draw the progress."""
    kind, _, rest = key.partition("/")
    if kind != "set":
        return _colours(str(view.atlas.folder), view.of, key, palette().dark, view)
    scores = gene_set_values(view, rest)
    return None if scores is None else colours_of(pd.Series(scores), f"{rest} (score)", palette())


@st.cache_resource(max_entries=24, show_spinner=False)
def _colours(folder: str, of: str, key: str, dark: bool, _view: LatentView) -> CellColours:
    kind, _, rest = key.partition("/")
    colours = DARK if dark else LIGHT
    if kind == "gene":
        return colours_of(pd.Series(_view.atlas.values(rest)), _gene_title(_view, rest), colours)
    if kind == "run":
        return colours_of(_outputs(_view, key), _model(_view)[key].title, colours)
    return colours_of(_view.atlas.column(rest), rest, colours)


def _gene_title(view: LatentView, gene: str) -> str:
    return f"{gene} (log)" if view.atlas.meta.scale == "log" else gene


def _outputs(view: LatentView, key: str) -> pd.Series:
    """Return what the model says of the cells, in their order."""
    from scdyn_core.runs.colourings import colouring_values

    assert view.run is not None
    values = colouring_values(view.run, key)
    if isinstance(values.dtype, pd.CategoricalDtype):
        return aligned_groups(view, key, values)
    return pd.Series(aligned(view, key, values))


def _model(view: LatentView) -> dict[str, Colouring]:
    """Return what the run says of its cells, by key."""
    if view.run is None or view.run.spec.kind != "train":
        return {}
    annotations = {column.name for column in view.atlas.meta.columns}
    return {
        key: one
        for key, one in _colourings(view.of, view.run).items()
        # What the run copied from the data, with the role in place of the column's name.
        if one.group != "Cells" or _copied(view, key) not in annotations
    }


def _copied(view: LatentView, key: str) -> str | None:
    name = key.rpartition("/")[2]
    return str(getattr(view.record.roles, name)) if name in COLUMN_ROLES else name


@st.cache_resource(max_entries=16, show_spinner=False)
def _colourings(run_id: str, _run: Run) -> dict[str, Colouring]:
    from scdyn_core.runs.colourings import colourings

    return {one.key: one for one in colourings(_run)}
