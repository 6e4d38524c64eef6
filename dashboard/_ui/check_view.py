"""What a check found: how predictable each source of the derivative is, or how good a screen is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.perturbations_screen import show_screen_quality
from dashboard._ui.run_tables import columns_of, table_of
from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run


#: Remarks are sentences, and are shown to their end.
LONGEST = 1000


def show_check(run: Run, *, key: str, take: Callable[[str], None] | None = None) -> None:
    """Draw what a finished check found.

    Parameters
    ----------
    key
        Distinguishes the places where checks are shown.
    take
        Called with the setting of a source that the user chooses to train with.
    """
    sources, remarks = (table_of(run, name) for name in ("derivative_sources", "warnings"))
    screen, cautions = table_of(run, "perturbations"), table_of(run, "cautions")
    if cautions is not None:
        for text in cautions["caution"]:
            st.caption(f":material/info: {plain(text, LONGEST)}")
    if screen is not None:
        show_screen_quality(screen, key=f"{key}/screen")
    elif sources is not None and remarks is not None:
        _show_sources(sources, remarks, key, take)
    elif cautions is None:
        st.caption("What the data can tell appears here when the check is done.")


def _show_sources(
    sources: pd.DataFrame,
    remarks: pd.DataFrame,
    key: str,
    take: Callable[[str], None] | None,
) -> None:
    from scdyn_core.plots.derivative_sources import derivative_source_figure

    part = str(sources["part"].iloc[0])
    st.caption(
        f"Simple models learn each cell's direction from the training cells and predict that of "
        f"{part} cells; test cells are not looked at. **A source is worth training on** when "
        "its bars reach clearly beyond the circles (the same after the directions were destroyed) "
        "and the dashed line is far to the right: a model of the cells' principal components can "
        "express that share at most."
    )
    chart(
        derivative_source_figure(sources, part=part, palette=palette()),
        name="derivative_sources",
        key=f"{key}/figure",
    )
    for name, rows in sources.groupby("source", sort=False):
        _source(rows, remarks[remarks["source"] == name], key, take)
    for row in remarks[remarks["kind"] == "cannot be built"].itertuples():
        st.caption(
            f":material/block: **{plain(row.source)}** cannot be built. {plain(row.text, LONGEST)}"
        )
    folded = st.expander(
        "The numbers", icon=":material/table:", key=f"{key}/numbers", on_change="rerun"
    )
    if folded.open:
        with folded:
            table(sources, name="derivative_sources", key=f"{key}/table",
                  columns=columns_of(sources), height=320)  # fmt: skip
            table(remarks, name="warnings", key=f"{key}/remarks", columns=columns_of(remarks))


def _source(
    rows: pd.DataFrame, remarks: pd.DataFrame, key: str, take: Callable[[str], None] | None
) -> None:
    """Draw what there is to say of one source."""
    first = rows.iloc[0]
    against = remarks.loc[remarks["kind"] == "warning", "text"]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(first['source'])}**", width="content")
            if len(against):
                st.badge("think twice", icon=":material/warning:", color="orange")
            else:
                st.badge("beats its null", icon=":material/check_circle:", color="green")
            st.caption(count(int(first["genes"]), "gene"), width="stretch")
            if take is not None:
                st.button(
                    "Train with this",
                    key=f"{key}/take/{first['derivative']}",
                    on_click=take,
                    args=(str(first["derivative"]),),
                    help="Sets the derivative in the settings below",
                )
        for text in against:
            st.markdown(f":orange[:material/warning:] {plain(text, LONGEST)}")
        for text in remarks.loc[remarks["kind"] == "caution", "text"]:
            st.caption(f":material/info: {plain(text, LONGEST)}")
