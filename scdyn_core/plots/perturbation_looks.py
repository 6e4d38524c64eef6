"""What perturbations and models look like, the same in every figure of a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from scdyn_core.plots.palette import Palette
from scdyn_core.plots.text import escaped

CONTROL, NULL, SINGLE, COMBINATION = "control", "null control", "single", "combination"
KINDS = (SINGLE, COMBINATION, NULL, CONTROL)
#: Kinds that nothing was done to: they are drawn apart, as a check.
CONTROLS = (NULL, CONTROL)
#: Letters of a name on an axis or beside a point.
LONGEST = 26
THIS_RUN, DUPLICATE = "this run", "technical duplicate"


@dataclass(frozen=True)
class Look:
    """Colour and marker symbol."""

    colour: str
    symbol: str


def kind_look(kind: str, palette: Palette) -> Look:
    """Return the look of a kind of perturbation."""
    return {
        SINGLE: Look(palette.model, "circle"),
        COMBINATION: Look(palette.categorical[1], "square"),
        NULL: Look(palette.second_ink, "diamond"),
        CONTROL: Look(palette.muted, "cross"),
    }.get(kind, Look(palette.baseline, "circle"))


def model_look(model: str, palette: Palette) -> Look:
    """Return the look of what predicts: this run, a second measurement, or a baseline."""
    return {
        THIS_RUN: Look(palette.model, "diamond"),
        DUPLICATE: Look(palette.ink, "line-ns-open"),
    }.get(model, Look(palette.baseline, "circle"))


def short(name: object) -> str:
    """Return a name (still hostile) that leaves room for the figure, with its begin and end.

    Names of combinations and guides often differ in their last letters alone.
    """
    words = " ".join(str(name).split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 10]}…{words[-9:]}"


def keep_colours(figure: go.Figure) -> None:
    """Let nothing fade when a point is picked: the colours are the message, not the pick."""
    for trace in figure.select_traces(lambda trace: trace.type in ("scatter", "scattergl")):
        if trace.mode == "markers":
            shown = trace.marker.opacity
            trace.unselected = {"marker": {"opacity": 1.0 if shown is None else shown}}


def short_names(values: Sequence[object] | pd.Series) -> list[str]:
    """Return names (may be hostile) for an axis."""
    return [escaped(short(value)) for value in values]


def names(values: Sequence[object] | pd.Series) -> list[str]:
    """Return names (may be hostile) as Plotly shows them letter by letter."""
    return [escaped(value) for value in values]


def in_order(table: pd.DataFrame, perturbations: pd.DataFrame) -> pd.DataFrame:
    """Join what is known of perturbations, with their ``row`` in that table."""
    own = perturbations.assign(row=np.arange(len(perturbations)))
    columns = [name for name in own if name == "perturbation" or name not in table]
    return table.merge(own[columns], on="perturbation", how="left", validate="many_to_one")
