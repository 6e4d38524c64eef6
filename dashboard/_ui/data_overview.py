"""A dataset at a glance: quality of its cells, its groups, its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button, table
from dashboard._ui.greyed import greyed
from dashboard._ui.services import opened

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.data.columns import Column
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.data.roles import Roles

_MEASURES = {
    "counts": ("Counts per cell", True),
    "genes": ("Detected genes per cell", True),
    "mitochondrial": ("Mitochondrial counts (%)", False),
}


@st.cache_data(max_entries=8, show_spinner="Measuring cells…")
def quality(dataset_id: str, fingerprint: str, _roles: Roles, source: str) -> pd.DataFrame:
    """Return the quality measures of every cell, computed once per data and source."""
    from scdyn_core.data.overview import cell_quality

    return cell_quality(opened(dataset_id, fingerprint).with_roles(_roles))


def quality_of(record: DatasetRecord) -> pd.DataFrame:
    """Return the quality measures of every cell of a dataset."""
    from scdyn_core.data.overview import quality_source

    return quality(record.id, record.fingerprint, record.roles, quality_source(record.roles))


def show_quality(record: DatasetRecord) -> None:
    """Draw how counts, genes and mitochondrial share are distributed over cells."""
    from scdyn_core.data.overview import quality_source
    from scdyn_core.plots.quality import distribution

    cells = quality_of(record)
    columns = st.columns(len(cells.columns))
    for column, measure in zip(columns, cells.columns, strict=True):
        title, log = _MEASURES[measure]
        with column:
            figure = distribution(cells[measure], title, palette(), log=log)
            chart(figure, name=f"quality_{measure}", key=f"quality_{measure}")
    with st.container(horizontal=True, vertical_alignment="center"):
        source = quality_source(record.roles)
        st.caption(
            f"Measured on {'the matrix X' if source == 'X' else f'the layer {source!r}'}; "
            "the dotted line is the median. Cells far to the left are often empty droplets."
        )
        csv_button(
            lambda: cells.rename_axis("cell").reset_index(),
            name="cell_quality",
            key="quality_csv",
            label="Measures of every cell",
        )


@st.fragment
def show_composition(record: DatasetRecord) -> None:
    """Draw how many cells each group has; groups and their split can be chosen."""
    from scdyn_core.data.overview import composition
    from scdyn_core.plots.composition import composition_bars

    columns = [column.name for column in record.obs if column.kind in ("category", "bool")]
    if not columns:
        st.info("No column of this dataset puts cells into groups.", icon=":material/info:")
        return
    first = record.roles.cell_type or record.roles.condition or record.roles.perturbation
    left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
    by = left.selectbox(
        "Cells per", columns, index=columns.index(first) if first in columns else 0, key="count_by"
    )
    others = [name for name in columns if name != by]
    split = middle.selectbox(
        "Split by",
        others,
        index=None,
        key="count_split",
        **greyed(None if others else "No other column of this dataset puts cells into groups."),
    )
    share = right.toggle(
        "Percent",
        key="count_share",
        **greyed(
            "Nothing is split: there are no parts to show in percent." if split is None else None
        ),
    )
    counted = composition(opened(record.id, record.fingerprint), by, split)
    figure = composition_bars(counted, palette(), by=by, split=split, share=share)
    chart(figure, name="composition", key="composition", data=counted)


def show_columns(record: DatasetRecord) -> None:
    """List the columns that describe cells and the matrices of the dataset."""
    import pandas as pd

    roles = {value: role for role, value in record.roles.assigned().items()}
    rows = [
        {
            "column": column.name,
            "kind": column.kind,
            "values": _values(column),
            "role": roles.get(column.name, ""),
        }
        for column in record.obs
    ]
    left, right = st.columns([3, 1])
    with left:
        table(pd.DataFrame(rows), name="columns", key="obs_columns")
    with right:
        matrices = [{"matrix": name, "role": roles.get(name, "")} for name in ("X", *record.layers)]
        table(pd.DataFrame(matrices), name="matrices", key="matrices")


def _values(column: Column) -> str:
    """Return what a column holds, in one line of plain text."""
    if column.kind == "number" and column.minimum is not None:
        words = f"{column.minimum:.4g} to {column.maximum:.4g}"
    elif column.levels:
        shown = [
            f"{level} ({cells:,})"
            for level, cells in zip(column.levels[:8], column.cells, strict=False)
        ]
        words = ", ".join(shown) + (" …" if column.n_levels > len(shown) else "")
    else:
        words = f"{column.n_levels:,} different values"
    return words + (f"; {column.missing:,} missing" if column.missing else "")
