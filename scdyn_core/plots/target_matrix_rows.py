"""Rows of the matrix of targets: which perturbations, in which order, and their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from scdyn_core.plots.label_spread import spread
from scdyn_core.plots.palette import Palette
from scdyn_core.plots.perturbation_looks import CONTROLS, short_names

#: Above, rows without any latent on are left out; rows drawn at most, the strongest.
MOST_EMPTY, MOST_ROWS = 300, 2_000
#: Rows up to which each has its name, and names written where there are more.
MOST_NAMED, MOST_NAMES = 60, 40
#: Height of a name, pixels.
_LINE = 15.0


@dataclass(frozen=True)
class Rows:
    """Perturbations in the order drawn.

    Attributes
    ----------
    perturbations, y
        Names as they came, top down, and where each stands: a row is left free above the
        controls.
    left_out
        Perturbations that have no row.
    """

    perturbations: list[str]
    y: NDArray[np.float64]
    left_out: int

    @staticmethod
    def of(
        matrix: pd.DataFrame,
        targets: pd.DataFrame,
        kinds: pd.Series,
        shown: Sequence[str] | None,
        planted: set[str],
    ) -> Rows:
        """Take the stored order, with the controls last; of many leave out what has no target."""
        order = targets.groupby("perturbation")["order"].first().sort_values(kind="stable")
        wanted = set(order.index if shown is None else shown)
        every = [name for name in order.index if name in wanted]
        apart = [name for name in every if kinds.get(name) in CONTROLS]
        apart.sort(key=lambda name: CONTROLS.index(kinds[name]))
        own = [name for name in every if kinds.get(name) not in CONTROLS]
        count = len(own)
        if count > MOST_EMPTY:
            on = matrix[matrix["on"].astype(bool) | matrix["perturbation"].isin(planted)]
            size = (on["effect"] ** 2).groupby(on["perturbation"]).sum()
            kept = set(size.loc[size.index.isin(own)].nlargest(MOST_ROWS).index)
            own = [name for name in own if name in kept]
        gap = 1 if own and apart else 0
        y = [*range(len(own)), *range(len(own) + gap, len(own) + gap + len(apart))]
        return Rows([*own, *apart], np.array(y, dtype=np.float64), count - len(own))

    @property
    def height(self) -> float:
        """Rows of the picture."""
        return float(self.y[-1]) + 1 if len(self.y) else 1.0


def write_row_names(
    figure: go.Figure, rows: Rows, table: pd.DataFrame, perturbations: pd.DataFrame,
    drawn: float, palette: Palette,
) -> None:  # fmt: skip
    """Write every name, or where there are many those of the strongest and of the controls.

    Parameters
    ----------
    table
        Entries drawn: perturbation, effect, on.
    perturbations
        A run's table: perturbation (may be hostile), held_out.
    drawn
        Height of all rows, pixels.
    """
    outside = set(perturbations.loc[perturbations["held_out"].astype(bool), "perturbation"])
    words = dict(zip(rows.perturbations, short_names(rows.perturbations), strict=True))
    words |= {name: f"<i>{words[name]}</i>" for name in outside & words.keys()}
    if len(rows.perturbations) <= MOST_NAMED:
        figure.update_yaxes(tickvals=rows.y.tolist(), ticktext=list(words.values()))
        figure.update_yaxes(tickfont_size=12 if len(words) <= 45 else 10)
        return
    figure.update_yaxes(showticklabels=False, automargin=False)
    figure.update_layout(margin={"l": 24, "r": 130})
    size = table[table["on"].astype(bool)].groupby("perturbation")["effect"].agg(np.linalg.norm)
    apart = [name for name, y in zip(rows.perturbations, rows.y, strict=True)
             if y >= len(rows.perturbations) - len(CONTROLS)]  # fmt: skip
    shown = list(dict.fromkeys([*size.nlargest(MOST_NAMES - len(apart)).index, *apart]))
    y = dict(zip(rows.perturbations, rows.y.tolist(), strict=True))
    wanted = np.array([(y[name] + 0.5) * drawn / rows.height for name in shown])
    for name, at, place in zip(shown, wanted, spread(wanted, _LINE, 0.0, drawn), strict=True):
        figure.add_annotation(
            text=words[name], xref="paper", x=1, y=y[name], ax=18, ay=float(place - at),
            showarrow=True, arrowhead=0, arrowwidth=0.8, arrowcolor=palette.muted, xanchor="left",
            font={"size": 11, "color": palette.ink},
        )  # fmt: skip
