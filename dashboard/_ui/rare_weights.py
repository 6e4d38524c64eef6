"""What one trained run drew: the weights on the map, by type, over the epochs, and who was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button, folded_table, table
from dashboard._ui.rare_live import show_live
from dashboard._ui.rare_subjects import is_live
from dashboard._ui.rare_words import (
    EVEN,
    ONCE,
    never_drawn_words,
    starved_words,
    weight_words,
)
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.selection import remember, remembered

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

WEIGHT, DRAWS = "Weight", "Times drawn"
NO_TYPES = "Cell types are not known here: give the data the role *cell type* on the Data page."
FORMATS = dict.fromkeys(("share", "mass", "low", "high"), "percent") | {"times": "%.2f"}
_MEANINGS = {
    "share": "of the training cells",
    "mass": "share of what is drawn after the last refresh, mean over the replicates",
    "low": "smallest mass of any replicate",
    "high": "largest mass of any replicate",
    "times": "mass over share: how much more often than uniform",
    "never_drawn": "cells that no step ever saw",
}


def show_map(run: Run) -> None:
    """Draw the training cells coloured by weight."""
    from scdyn_core.plots.rare_weight_map import map_columns, weight_map_figure

    if is_live(run):
        show_live(run)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        way = st.segmented_control("Colour by", [WEIGHT, DRAWS], default=WEIGHT, required=True,
                                   key="rare/colour", label_visibility="collapsed",
                                   width="content")  # fmt: skip
        choose_replicate(run)
    cells = _cells(run)
    _say(run, cells)
    if map_columns(cells) is None:
        st.info("These cells have no places on a map: add *UMAP* or *PCA* to the recipe. "
                "The other views need none.", icon=":material/map:")  # fmt: skip
        return
    shown = cells.assign(relative=cells["draws"] / cells["draws"].mean())
    column, title = ("weight", "weight (x uniform)")
    if way == DRAWS:
        column, title = "relative", "times drawn (x mean)"
    chart(
        weight_map_figure(shown, weight=column, title=title, palette=palette()),
        name="weights",
        key="rare/map",
        data=cells,
    )
    st.caption(
        "Training cells. Grey: drawn as often as uniformly; the scale is logarithmic and reaches "
        "as far below 1 as above. "
        + ("Weights after the last refresh." if way == WEIGHT else "All epochs together.")
    )


def show_types(run: Run) -> None:
    """Draw the share of every type and its share of what is drawn."""
    from scdyn_core.plots.rare_never_drawn import never_drawn_by_type
    from scdyn_core.plots.rare_type_mass import MOST_TYPES, type_mass_figure, type_masses

    if is_live(run):
        show_live(run)
        return
    masses = table_of(run, "sampling_mass")
    if masses is None:
        st.info(NO_TYPES, icon=":material/label_off:")
        return
    told = type_masses(masses)
    _say(run, _cells(run))
    chart(type_mass_figure(told, palette=palette()), name="type_mass", key="rare/types", data=told)
    many = f" The {MOST_TYPES} rarest of {len(told)} types." if len(told) > MOST_TYPES else ""
    st.caption("Rarest type on top; numbers at the right: how much more often than uniform it is "
               f"drawn. Whiskers: range of the replicates.{many}")  # fmt: skip
    never = never_drawn_by_type(_cells(run))[["cell_type", "never_drawn"]]
    table(told.merge(never, on="cell_type", how="left"), name="type_mass", key="rare/type_table",
          columns=columns_of(masses) | _MEANINGS, formats=FORMATS)  # fmt: skip


def show_epochs(run: Run) -> None:
    """Draw how weights changed while the model learned."""
    from scdyn_core.plots.rare_epochs import sampling_epochs_figure

    if is_live(run):
        show_live(run)
        return
    log, masses = table_of(run, "sampling"), table_of(run, "sampling_mass")
    assert log is not None, "a run with weights has the table sampling"
    if float(log["most"].max()) <= EVEN:
        st.markdown(weight_words("uniform", _cells(run), 1.0, None))
        return
    _say(run, _cells(run))
    if not run.spec.options.sampling.adaptive:
        st.info(ONCE, icon=":material/looks_one:")
        return
    chart(
        sampling_epochs_figure(log, masses, palette=palette()),
        name="sampling_epochs",
        key="rare/epochs",
        data=log,
    )
    st.caption(
        "A point for every time weights were found; they stay until the next. Left and middle: "
        "every replicate and their median; right: mean of the replicates."
    )
    if masses is not None:
        csv_button(lambda: masses, name="sampling_mass", key="rare/mass_csv",
                   label="Every type")  # fmt: skip


def show_never_drawn(run: Run) -> None:
    """Draw which cells no step ever saw."""
    from scdyn_core.plots.rare_never_drawn import never_drawn_by_type, never_drawn_figure

    if is_live(run):
        show_live(run)
        return
    choose_replicate(run)
    cells = _cells(run)
    st.markdown(never_drawn_words(cells))
    never = cells[cells["draws"] == 0]
    if never.empty:
        folded_table(cells, "How often every cell was drawn", name="draws", key="rare/draws")
        return
    if "cell_type" in cells:
        counted = never_drawn_by_type(cells)
        chart(never_drawn_figure(counted, palette=palette()), name="never_drawn",
              key="rare/never_drawn", data=counted)  # fmt: skip
    st.markdown("**These cells**")
    table(never.drop(columns="replicate"), name="never_drawn", key="rare/never_table")
    folded_table(cells, "How often every cell was drawn", name="draws", key="rare/draws")


def _say(run: Run, cells: pd.DataFrame) -> None:
    from scdyn_core.plots.rare_type_mass import type_masses
    from scdyn_core.training.resampling.words import sampler_name

    log, masses = table_of(run, "sampling"), table_of(run, "sampling_mass")
    assert log is not None, "a run with weights has the table sampling"
    own = log[log["replicate"] == cells["replicate"].iloc[0]]
    told = None if masses is None else type_masses(masses)
    name = sampler_name(run.spec.options.sampling)
    st.markdown(
        weight_words(name[:1].upper() + name[1:], cells, float(own["effective_share"].iloc[-1]),
                     told)
    )  # fmt: skip
    starved = None if told is None else starved_words(told)
    if starved is not None:
        st.warning(starved, icon=":material/warning:")


def _cells(run: Run) -> pd.DataFrame:
    """Return the cells of the chosen replicate; the choice is drawn where there are several."""
    cells = table_of(run, "sampling_cells")
    assert cells is not None, "a run with weights has the table sampling_cells"
    numbers = [int(number) for number in cells["replicate"].unique()]
    return cells if len(numbers) < 2 else cells[cells["replicate"] == _replicate(run, numbers)]


def _replicate(run: Run, numbers: list[int]) -> int:
    asked = remembered("replicate", run.id) or ""
    return next((number for number in numbers if str(number + 1) == asked), numbers[0])


def choose_replicate(run: Run) -> None:
    """Draw the choice of a replicate, where there are several."""
    cells = table_of(run, "sampling_cells")
    numbers = [] if cells is None else [int(number) for number in cells["replicate"].unique()]
    if len(numbers) < 2:
        return
    key = "rare/replicate"
    st.session_state[key] = _replicate(run, numbers)
    chosen = st.selectbox(
        "Replicate", numbers, key=key, width=160, label_visibility="collapsed",
        format_func=lambda number: f"replicate {number + 1}",
        on_change=lambda: remember("replicate", str(st.session_state[key] + 1), run.id),
    )  # fmt: skip
    remember("replicate", str(chosen + 1), run.id)
