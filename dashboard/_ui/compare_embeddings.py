"""Latent spaces of runs laid over each other, and how alike they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.compare_choice import choose_sides
from dashboard._ui.compare_data import embeddings_of, tables_of
from dashboard._ui.compare_words import embedding_words
from dashboard._ui.downloads import table
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.plots.compared_embeddings import Plane
    from scdyn_core.runs.comparison.embeddings import Embeddings
    from scdyn_core.runs.comparison.side import Side

MOST_SIDES = 6
_PLANE = "Main components of the first"
_COLUMNS = {
    "run": "compared with the first",
    "measure": "Procrustes disparity, linear CKA, share of the 15 nearest neighbours kept",
    "better": "which way is more alike",
    "value": "of the same cells",
    "shuffled": "mean with the cells of one of the two shuffled 20 times",
    "shuffled_best": "the most alike of these",
}


def show_embeddings(sides: Mapping[str, Side]) -> None:
    """Draw the latent spaces in the frame of the first, and measures of their likeness."""
    chosen = choose_sides(sides, "compare/embedded", most=MOST_SIDES)
    if not chosen:
        return
    found = embeddings_of(chosen)
    for sentence in embedding_words(found.measures, chosen[0].name, found.kind):
        st.markdown(sentence)
    known = _annotations(chosen, found)
    left, right = st.columns(2)
    with left:
        colour = _choose_colour(known)
    with right:
        plane = _choose_plane(found, chosen[0].name)
    _draw(found, plane, colour)
    st.caption(_how(found, chosen[0].name))
    table(found.measures, name="embedding_agreement", key="compare/embedding_measures",
          columns=_COLUMNS, formats=dict.fromkeys(("value", "shuffled", "shuffled_best"), "%.3f"),
          )  # fmt: skip


def _annotations(chosen: list[Side], found: Embeddings) -> pd.DataFrame:
    """Return what the first run that says anything knows of the samples."""
    from scdyn_core.runs.comparison.embeddings import annotations_of

    for side in chosen:
        known = annotations_of(tables_of(side), found.kind)
        if len(known.columns):
            return known.reindex(found.samples)
    return annotations_of(lambda _: None, found.kind).reindex(found.samples)


def _choose_colour(known: pd.DataFrame) -> pd.Series:
    import pandas as pd

    if not len(known.columns):
        return pd.Series("all", index=known.index, name="")
    names = sorted(map(str, known.columns), key=lambda name: (name != "cell_type", name == "part"))
    if st.session_state.get("compare/colour") not in names:
        st.session_state["compare/colour"] = names[0]
    name = st.selectbox("Colour", names, key="compare/colour",
                        format_func=lambda name: name.replace("_", " "))  # fmt: skip
    return known[name].rename(name.replace("_", " "))


def _choose_plane(found: Embeddings, first: str) -> Plane:
    from scdyn_core.plots.compared_embeddings import latent_plane, main_plane

    reference = found.places[first]
    width = reference.shape[1]
    pairs = {f"z{x} and z{y}": (x, y) for x in range(1, width) for y in range(x + 1, width + 1)}
    offered = [_PLANE, *pairs] if width > 1 else [_PLANE]
    if st.session_state.get("compare/plane") not in offered:
        st.session_state["compare/plane"] = offered[0]
    chosen = st.selectbox("Directions", offered, key="compare/plane",
                          help="Of the latent space of the first; all panels show the same.",
                          )  # fmt: skip
    return latent_plane(reference, *pairs[chosen]) if chosen in pairs else main_plane(reference)


def _draw(found: Embeddings, plane: Plane, colour: pd.Series) -> None:
    import pandas as pd

    from scdyn_core.evaluation.embedding_agreement import DISPARITY
    from scdyn_core.plots.compared_embeddings import compared_embeddings_figure

    disparity = found.measures[found.measures["measure"] == DISPARITY].set_index("run")["value"]
    notes = {name: f"disparity {value:.2f}" for name, value in disparity.items()}
    first = next(iter(found.places))
    figure = compared_embeddings_figure(
        found.places, plane, colour, list(found.samples),
        notes={first: "reference", **notes}, palette=palette(),
    )  # fmt: skip
    drawn = {name: plane.of(places) for name, places in found.places.items()}
    data = pd.DataFrame({found.kind: found.samples, "colour": colour.to_numpy()})
    for name, xy in drawn.items():
        data[f"{name}, x"], data[f"{name}, y"] = xy[:, 0], xy[:, 1]
    chart(figure, name="compared_embeddings", key="compare/embeddings", data=data)


def _how(found: Embeddings, first: str) -> str:
    samples, kind = len(found.samples), found.kind
    which = (
        f"{count(samples, kind)} that all of them have"
        if found.common == samples
        else f"{samples:,} of the {count(found.common, kind)} that all of them have, the same ones "
        "every time"
    )
    words = (
        f"{which}. Every embedding is turned, mirrored, scaled and moved as a whole to lie on "
        f"{plain(first)} as well as it can (orthogonal Procrustes); nothing is bent."
    )
    if len(set(found.dimensions.values())) > 1:
        widths = ", ".join(f"{d} in {plain(name)}" for name, d in found.dimensions.items())
        words += (
            f" Numbers of latents differ ({widths}): the smaller space is padded with zeros, and "
            "what a larger one has beyond the first is measured but not drawn."
        )
    return words
