"""The table of fixed points, and what it says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.downloads import table
from dashboard._ui.dynamics_model import fixed_points, learned_model, replicates_of
from dashboard._ui.text import count

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.evaluation.field.fixed_points import FixedPoint
    from scdyn_core.runs.run import Run

#: Comparing every replicate costs a search each.
MOST_REPLICATES = 10


def show_fixed_points(run: Run, replicate: int, points: list[FixedPoint]) -> None:
    """Draw the table and the sentence above it."""
    st.subheader("Fixed points", anchor=False)
    st.markdown(_in_words(points))
    if not points:
        return
    from scdyn_core.evaluation.field.fixed_point_table import COLUMNS

    frame = _table(run, replicate, points)
    eigenvalues = "of the Jacobian; with an imaginary part (j) cells spiral"
    meanings = {
        column: eigenvalues if column.startswith("eigenvalue") else "place, sd of the latent"
        for column in frame
        if column.startswith(("z", "eigenvalue"))
    }
    table(
        frame.round(4),
        name="fixed_points",
        key="dynamics/fixed_points",
        columns={**COLUMNS, **meanings},
    )


def _table(run: Run, replicate: int, points: list[FixedPoint]) -> pd.DataFrame:
    from scdyn_core.evaluation.field.fixed_point_table import Replicate, fixed_point_table

    model = learned_model(run, replicate)
    others = [number for number in replicates_of(run) if number != replicate][:MOST_REPLICATES]
    return fixed_point_table(
        points,
        model.support,
        model.types,
        [Replicate(learned_model(run, number).z, fixed_points(run, number)) for number in others],
    )


def _in_words(points: list[FixedPoint]) -> str:
    if not points:
        return (
            "The search found no state in the range of the cells where these equations stand "
            "still: everything keeps moving, and simulated cells leave the data sooner or later."
        )
    among = [point for point in points if point.among]
    attracting = sum(point.kind.startswith("stable") for point in among)
    words = [
        f"{count(len(points), 'fixed point')} in the range of the cells, "
        f"{len(among) if among else 'none'} of them where cells are."
    ]
    if attracting:
        words.append(f"{count(attracting, 'state')} among the cells would hold cells for good.")
    elif among:
        words.append(
            "None among the cells is stable: by these equations cells come to rest nowhere here, "
            "though they may circle. Where mature types should be at rest, that is more likely a "
            "limit of equations this small than biology."
        )
    if len(among) < len(points):
        words.append("What lies beyond the cells is extrapolation: no cell was ever seen there.")
    return " ".join(words)
