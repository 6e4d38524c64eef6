"""The figures of the view Genes: one function a figure."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.latent_genes_read import Drawn, read_cells, read_summary
from dashboard._ui.latent_groups import SETS, group_columns
from dashboard._ui.text import plain

#: Cells drawn of every group, and in all of a heat map.
MOST_VIOLIN, MOST_HEAT_MAP = 400, 1_500


def _choose_amount(usual: str) -> str:
    names = {"mean": "Means", "scaled": "z-scores"}
    chosen: str = st.segmented_control(
        "Colour", list(names), required=True, default=usual, format_func=names.get,
        key=f"latent/amount/{usual}", help="Means as they are; or centred and divided by their "
        "standard deviation over the groups, gene by gene",
    )  # fmt: skip
    return chosen


def _violins(drawn: Drawn) -> None:
    from scdyn_core.plots.expression_violins import expression_violins_figure

    summary, cells = read_summary(drawn), read_cells(drawn, MOST_VIOLIN)
    chart(expression_violins_figure(summary, cells, palette=palette()), name="violins",
          key="latent/violins", data=summary)  # fmt: skip
    st.caption(
        f"Bar: quartiles, point: median, of all cells. Shapes: at most {MOST_VIOLIN} cells of each "
        f"group, the same every time. {_scale_words(drawn)}"
    )


def _dots(drawn: Drawn) -> None:
    from scdyn_core.plots.expression_dots import expression_dots_figure

    summary, amount = read_summary(drawn), _choose_amount("mean")
    chart(expression_dots_figure(summary, amount, palette=palette()), name="dots",
          key="latent/dots", data=summary)  # fmt: skip
    st.caption(f"Size: share of the group's cells with a value above 0. {_scale_words(drawn)}")


def _matrix(drawn: Drawn) -> None:
    from scdyn_core.plots.expression_matrix import expression_matrix_figure

    summary, amount = read_summary(drawn), _choose_amount("scaled")
    chart(expression_matrix_figure(summary, amount, palette=palette()), name="matrix",
          key="latent/matrix", data=summary)  # fmt: skip
    st.caption(f"Means of all cells of a group. {_scale_words(drawn)}")


def _heat_map(drawn: Drawn) -> None:
    from scdyn_core.plots.expression_heat_map import expression_heat_map_figure

    each = max(MOST_HEAT_MAP // len(drawn.groups), 20)
    cells = read_cells(drawn, each)
    chart(expression_heat_map_figure(cells, palette=palette()), name="heat_map",
          key="latent/heat_map", data=cells.frame())  # fmt: skip
    st.caption(f"At most {each} cells of each group, the same every time, side by side. "
               f"{_scale_words(drawn)}")  # fmt: skip


def composition(drawn: Drawn) -> None:
    from scdyn_core.evaluation.expression.set_composition import set_composition
    from scdyn_core.plots.composition import composition_bars
    from scdyn_core.plots.set_shares import set_shares_figure

    columns = [name for name in group_columns(drawn.view) if name != drawn.grouping]
    if not columns:
        st.info("There is no second column to count the groups by.", icon=":material/group_work:")
        return
    roles = drawn.view.record.roles
    usual = next((name for name in (roles.sample, roles.condition) if name in columns), columns[0])
    column = st.selectbox("Made of", columns, index=columns.index(usual), width=280,
                          key="latent/made_of")  # fmt: skip
    counted = set_composition(drawn.groups, drawn.view.atlas.column(column))
    by = "cell set" if drawn.grouping == SETS else drawn.grouping
    left, right = st.columns(2, gap="medium")
    with left:
        chart(composition_bars(counted, palette(), by=by, split=column, share=True),
              name="composition", key="latent/composition", data=counted)  # fmt: skip
        st.caption(f"Of the cells of a group, the share from each {plain(column)}.")
    with right:
        chart(set_shares_figure(counted, column, palette=palette()), name="shares",
              key="latent/shares", data=counted)  # fmt: skip
        st.caption(f"Each point one {plain(column)}: the share of its cells in the group; the line "
                   "is their median. Where these are samples, they are what repeats; cells are "
                   "not.")  # fmt: skip


def _scale_words(drawn: Drawn) -> str:
    if drawn.view.atlas.meta.scale == "log":
        return "Values: log-normalised expression."
    return "Values as they are in the data."


FIGURES: dict[str, Callable[[Drawn], None]] = {
    "Violins": _violins,
    "Dots": _dots,
    "Matrix": _matrix,
    "Heat map": _heat_map,
}
