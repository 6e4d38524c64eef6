"""Where simulated paths start, and for how long they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from dashboard._ui.dynamics_model import furthest_first
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from dashboard._ui.dynamics_model import LearnedModel

MOST_STARTS, SHOWN_STARTS = 8, 3
#: The time slider ends at this many typical times.
LONGEST = 5


def choose_starts(
    model: LearnedModel, chosen: Any, left: DeltaGenerator, right: DeltaGenerator
) -> dict[str, int]:
    """Draw the choice of starts; name -> row of a cell. ``chosen`` is a selection on a map."""
    middles = model.middle_cells()
    names = left.multiselect(
        f"From the middle cell of a {model.grouping.replace('_', ' ')}",
        list(middles),
        default=furthest_first(model)[:SHOWN_STARTS],
        max_selections=MOST_STARTS,
        key=f"paths/starts/{model.grouping}",
    )
    starts = {name: middles[name] for name in names}
    named = right.text_input(
        "From a cell by its name",
        key="paths/cell",
        placeholder=str(model.cells["cell"].iloc[0]),
        help="Or click a cell, or draw around some, on the map below.",
    ).strip()
    if named:
        found = np.flatnonzero(model.cells["cell"].astype(str) == named)
        if len(found):
            starts[named] = int(found[0])
        else:
            st.warning(f"There is no cell called {plain(named)} in this run.")
    return {**starts, **selected_start(model, chosen)}


def selected_start(model: LearnedModel, chosen: Any) -> dict[str, int]:
    """Return the start that a click or a lasso on a map means."""
    points = chosen["selection"]["points"] if chosen else []
    rows = sorted({int(point["customdata"][0]) for point in points if point.get("customdata")})
    rows = [row for row in rows if 0 <= row < len(model.cells)]
    if not rows:
        return {}
    if len(rows) == 1:
        return {str(model.cells["cell"].iloc[rows[0]]): rows[0]}
    return {f"middle of {len(rows):,} chosen cells": model.middle_of(np.array(rows))}


def choose_duration(model: LearnedModel, key: str) -> float:
    """Draw the choice of the simulated time."""
    typical = model.typical_time
    duration: float = st.slider(
        "Simulated time",
        min_value=typical / 10,
        max_value=typical * LONGEST,
        value=typical,
        step=typical / 10,
        key=f"{key}/{typical}",
        help="In the unit of the velocity the model learned, not in hours. At first the time in "
        "which a cell of middling speed goes three sd.",
    )
    return duration
