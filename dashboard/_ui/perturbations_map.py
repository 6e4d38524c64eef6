"""Which perturbations are alike: a map, where a click opens one, and a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button
from dashboard._ui.perturbations_choice import open_perturbation
from dashboard._ui.perturbations_tables import has_latents, needed, on_sets, strength
from dashboard._ui.selection import remember, remembered
from dashboard._ui.text import count

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

_MAP = "perturbations/map"


def show_map(run: Run) -> None:
    """Draw the map."""
    from scdyn_core.plots.perturbation_map import (
        MAP_COLOURS,
        available_map_colours,
        perturbation_map_figure,
    )

    told, places = needed(run, "perturbations"), needed(run, "similarity_map")
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    colours = list(available_map_colours(told))
    asked = remembered("colour")
    st.session_state["perturbations/colour"] = asked if asked in colours else colours[0]
    colour = left.selectbox(
        "Colour by",
        colours,
        key="perturbations/colour",
        format_func=lambda name: MAP_COLOURS[name],
        on_change=lambda: remember("colour", st.session_state["perturbations/colour"]),
    )
    remember("colour", colour)
    names = sorted(places["perturbation"].astype(str))
    labelled = right.multiselect("Name", names, key=f"perturbations/labelled/{run.id}",
                                 placeholder="perturbations to name on the map; without a choice, "
                                 "those furthest from the control")  # fmt: skip
    chart(
        perturbation_map_figure(
            places, told, colour=colour, labelled=labelled or None, palette=palette()
        ),
        name="perturbation_map",
        key=_MAP,
        data=places.merge(told, on="perturbation"),
        on_select=lambda: _open_clicked(told["perturbation"]),
        selection_mode="points",
    )
    st.caption(
        "Perturbations near each other changed the cells alike. Click one to open it. For "
        "orientation only: distances between far points mean little."
    )


def show_tree(run: Run) -> None:
    """Draw the tree beside the similarities it is made of."""
    from scdyn_core.plots.perturbation_tree import MEASURES, MOST_SHOWN, perturbation_tree_figure

    similarity = needed(run, "similarity")
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    measures = [name for name in MEASURES if name in similarity]
    if not has_latents(run):
        measures = [name for name in measures if name == "response_correlation"]
    measure = left.selectbox("Alike in", measures, key="perturbations/measure",
                             format_func=lambda name: MEASURES[name])  # fmt: skip
    both = similarity["perturbation_a"], similarity["perturbation_b"]
    names = sorted({str(name) for column in both for name in column})
    chosen = right.multiselect("Only these", names, key=f"perturbations/tree_of/{run.id}",
                               placeholder="all, or the strongest",
                               max_selections=MOST_SHOWN)  # fmt: skip
    if len(chosen) in (1, 2):
        st.caption("Choose three or more.")
    shown = chosen if len(chosen) > 2 else _telling(run, names, measure)[:MOST_SHOWN]
    if len(shown) < 3:
        st.info(
            "Fewer than three perturbations shift a latent: there is no tree of shifts. Choose the "
            "observed responses instead."
            if has_latents(run)
            else "Fewer than three perturbations have a response: there is no tree.",
            icon=":material/account_tree:",
        )
        return
    chart(
        perturbation_tree_figure(similarity, measure=measure, shown=shown, palette=palette()),
        name="perturbation_tree",
        key="perturbations/tree",
    )
    if len(shown) < len(names):
        st.caption(f"{count(len(shown), 'perturbation')} of {len(names):,}; choose others above.")
    st.caption(
        "Average linkage. A shared direction alone is weak evidence for a shared target"
        + (
            ": it is there in models without sparsity too. Shared latents and empty controls say "
            "more."
            if has_latents(run)
            else ": many perturbations stress cells alike."
        )
    )
    csv_button(lambda: similarity, name="similarity", key="perturbations/similarity_csv",
               label="All similarities")  # fmt: skip


def _telling(run: Run, names: list[str], measure: str) -> list[str]:
    """Return perturbations whose similarity is known, the strongest first."""
    told, there = needed(run, "perturbations"), set(names)
    ranked = told.loc[strength(told).sort_values(ascending=False, kind="stable").index]
    known = [str(name) for name in ranked["perturbation"] if name in there]
    if measure == "response_correlation":
        return known
    sets = on_sets(run)
    return [name for name in known if sets[name]]


def _open_clicked(names: pd.Series) -> None:
    points = st.session_state[_MAP]["selection"]["points"]
    rows = [int(point["customdata"][0]) for point in points if point.get("customdata")]
    inside = [row for row in rows if 0 <= row < len(names)]
    if inside:
        open_perturbation(str(names.iloc[inside[0]]))
