"""Quality of a screen: cells per target, knock-down, effect, and what has none that is visible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.perturbations_facts import AGREEING, KNOCKED_DOWN
from dashboard._ui.perturbations_tables import needed
from dashboard._ui.perturbations_words import named
from dashboard._ui.run_tables import columns_of
from dashboard._ui.text import count

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

#: Effects of perturbations with fewer cells are mostly noise.
FEW_CELLS = 30
FORMATS = {"knock_down_p": "%.1e", "e_distance_p": "%.1e", "e_distance_p_adjusted": "%.1e"}


def show_screen(run: Run) -> None:
    """Draw the quality of the screen a run learned from."""
    show_screen_quality(needed(run, "perturbations"), key="perturbations/screen")


def show_screen_quality(told: pd.DataFrame, *, key: str) -> None:
    """Draw sentences, figure and table of a table ``perturbations``, of a run or of a check.

    Parameters
    ----------
    key
        Distinguishes the places where it is shown.
    """
    from scdyn_core.plots.perturbation_screen import screen_quality_figure

    for sentence in screen_words(told):
        st.markdown(sentence)
    chart(
        screen_quality_figure(told, palette=palette()),
        name="screen_quality",
        key=f"{key}/figure",
        data=told,
    )
    st.caption(
        "E-distance: how far the cells of a perturbation are from the control cells, in principal "
        "components, unbiased; visible where chance rarely makes it as large (adjusted p < 5 %). "
        "Knock-down: change of the target itself, where it is among the genes."
    )
    first = ["perturbation", "kind", "visible", "cells", "e_distance", "knock_down"]
    shown = told[[*first, *told.columns.difference(first, sort=False)]]
    shown = shown.dropna(axis="columns", how="all").sort_values("e_distance", ascending=False)
    numbers = {name: 4 for name in shown.columns if name not in FORMATS}
    table(shown.round(numbers), name="perturbations", key=f"{key}/table", columns=columns_of(told),
          formats={name: form for name, form in FORMATS.items() if name in shown},
          height=360)  # fmt: skip


def screen_words(told: pd.DataFrame) -> list[str]:
    """Return what is remarkable of a screen, in sentences (Markdown, names escaped)."""
    made = told[told["kind"].isin(["single", "combination"])]
    control = int(told.loc[told["kind"] == "control", "cells"].sum())
    visible = int(made["visible"].sum())
    words = [
        f"{count(len(made), 'perturbation')} in {count(int(made['cells'].sum()), 'cell')}, beside "
        f"{count(control, 'control cell')}. **{visible:,} of {len(made):,}** have a visible effect."
    ]
    unseen = made[~made["visible"]]
    if len(unseen):
        words.append(
            f":material/visibility_off: No visible effect: {_names(unseen)}. They are good nulls: "
            "nothing should be on for them."
        )
    few = made[made["cells"] < FEW_CELLS]
    if len(few):
        words.append(f":material/warning: Fewer than {FEW_CELLS} cells: {_names(few)}.")
    known = made[made["knock_down"].notna()]
    weak = known[known["knock_down"] > KNOCKED_DOWN]
    if known.empty:
        words.append("None of the targets is among the genes: no knock-down can be seen.")
    else:
        words.append(
            f"The target is measured in {len(known):,}; in {len(known) - len(weak):,} of them it "
            f"falls by {-KNOCKED_DOWN:g} log2 or more."
            + (f" Not so in {_names(weak)}." if len(weak) else "")
        )
    torn = made[made["guide_agreement"] < AGREEING] if "guide_agreement" in made else made[:0]
    torn = torn[torn["visible"]]
    if len(torn):
        words.append(
            f":material/warning: Little agreement between guides (correlation below {AGREEING:g}): "
            f"{_names(torn)}. The effect is weak, or a guide hits something else, or nothing."
        )
    return words


def _names(rows: pd.DataFrame) -> str:
    return named([str(name) for name in rows["perturbation"]])
