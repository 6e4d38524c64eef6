"""One condition on cells: what it is about, and what is asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.text import count, plain

if TYPE_CHECKING:
    from scdyn_core.data.atlas.atlas import Atlas
    from scdyn_core.data.cell_sets.filters import FilterPart, GenePart, LevelsPart, RangePart
    from scdyn_core.data.columns import Column

_GENE = "Expression of a gene"
#: Names offered while a gene is typed.
_OFFERED = 12


def condition(atlas: Atlas, *, key: str) -> FilterPart | None:
    """Draw a condition; return it, or ``None`` while it is not complete."""
    there = [column for column in atlas.meta.columns if column.n_levels > 1]
    # Groups first: they are asked for most.
    there.sort(key=lambda column: column.kind == "number")
    columns = {column.name: column for column in there}
    # Numbers stand for the columns: one of them may be called like the gene's entry.
    names = list(columns)
    place = st.selectbox(
        "Condition on",
        range(-1, len(names)),
        index=min(1, len(names)),
        format_func=lambda number: _GENE if number < 0 else names[number],
        key=f"{key}/what",
    )
    if place is None or place < 0:
        return _gene(atlas, f"{key}/gene")
    column = columns[names[place]]
    if column.kind == "number":
        return _range(column, f"{key}/range/{place}")
    return _levels(column, f"{key}/levels/{place}")


def _levels(column: Column, key: str) -> LevelsPart | None:
    from scdyn_core.data.cell_sets.filters import LevelsPart

    cells = dict(zip(column.levels, column.cells, strict=True))
    chosen = st.multiselect(
        "Groups",
        list(cells),
        format_func=lambda level: f"{level} ({cells[level]:,})",
        key=key,
        placeholder="Choose one or more",
    )
    if column.missing:
        st.caption(f"{count(column.missing, 'cell has', 'cells have')} no value and is in none."
                   if column.missing == 1 else
                   f"{column.missing:,} cells have no value and are in none.")  # fmt: skip
    return LevelsPart(column=column.name, levels=tuple(chosen)) if chosen else None


def _range(column: Column, key: str) -> RangePart | None:
    from scdyn_core.data.cell_sets.filters import RangePart

    if column.minimum is None or column.maximum is None:
        st.caption("No cell has a finite number here.")
        return None
    ends = st.columns(2)
    low = ends[0].number_input("From", value=None, placeholder=f"{column.minimum:g}",
                               format="%g", key=f"{key}/low")  # fmt: skip
    high = ends[1].number_input("To", value=None, placeholder=f"{column.maximum:g}",
                                format="%g", key=f"{key}/high")  # fmt: skip
    if low is None and high is None:
        return None
    if low is not None and high is not None and low > high:
        st.caption(":material/warning: *From* is larger than *To*.")
        return None
    return RangePart(column=column.name, low=low, high=high)


def _gene(atlas: Atlas, key: str) -> GenePart | None:
    from scdyn_core.data.cell_sets.filters import GenePart

    typed = st.text_input("Gene", key=key, placeholder="Type a name", max_chars=100).strip()
    if not typed:
        return None
    gene = _found(atlas, typed, f"{key}/offered")
    if gene is None:
        return None
    above = st.number_input("Log expression above", value=0.0, step=0.1, format="%g",
                            key=f"{key}/above")  # fmt: skip
    largest = float(atlas.values(gene).max(initial=0.0))
    st.caption(f"The largest value of {plain(gene)} in these cells is {largest:.3g}.")
    return GenePart(gene=gene, above=above)


def _found(atlas: Atlas, typed: str, key: str) -> str | None:
    """Return the gene that is meant, drawing a choice where several may be."""
    low = typed.lower()
    names = [name for name in atlas.genes if low in name.lower()]
    exact = [name for name in names if name.lower() == low]
    if len(exact or names) == 1:
        return (exact or names)[0]
    if not names:
        st.caption(f"No gene is called like {plain(typed)}.")
        return None
    # Those that begin as typed come first.
    offered = sorted(exact or names, key=lambda name: (not name.lower().startswith(low), name))
    chosen: str | None = st.pills("Which one", offered[:_OFFERED], key=f"{key}/{low}",
                                  format_func=plain)  # fmt: skip
    if len(offered) > _OFFERED:
        st.caption(f"And {len(offered) - _OFFERED:,} more: type on.")
    return chosen
