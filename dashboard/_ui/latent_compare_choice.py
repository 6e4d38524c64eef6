"""Which two sets of cells are compared, and by which test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard._ui.latent_groups import SETS, Sets, found_in_expression
from dashboard._ui.selection import remember, remembered
from dashboard._ui.text import count
from scdyn_core.data.roles import COLUMN_ROLES

if TYPE_CHECKING:
    from dashboard._ui.latent_state import LatentView
    from scdyn_core.aside.comparisons import CellChoice, ComparisonStore
    from scdyn_core.evaluation.expression.cell_pair import CellPair

#: The second set: no set of data is called so.
REST = "\x00rest"
PSEUDOBULK, WILCOXON = "pseudobulk", "wilcoxon"
_METHODS = {PSEUDOBULK: "Pseudobulk (DESeq2)", WILCOXON: "Wilcoxon"}
_HELP = (
    "**Pseudobulk**: counts are summed in every sample and samples are compared (DESeq2), which "
    "can support a claim. **Wilcoxon**: cells are compared (rank sum test), which ranks genes."
)


@dataclass(frozen=True)
class Chosen:
    """Two groups; without the second, all other cells.

    Attributes
    ----------
    grouping
        A column, or ``SETS``.
    from_expression
        Whether the groups may have been found from the genes they are compared by.
    """

    grouping: str
    groups: Sets
    first: str
    second: str | None
    from_expression: bool

    @property
    def names(self) -> tuple[str, str]:
        """What the two are called; text from outside."""
        return self.first, "all other cells" if self.second is None else self.second

    def pair(self, n_cells: int) -> CellPair:
        """Return the cells of both.

        Raises
        ------
        ConfigError
            When there are too few.
        """
        from scdyn_core.evaluation.expression.cell_pair import cell_pair

        second = None if self.second is None else self.groups[self.second]
        return cell_pair(self.groups[self.first], second, n_cells)

    def stored(self, name: str, store: ComparisonStore) -> CellChoice:
        """Return what tells the work aside which cells a group has."""
        from scdyn_core.aside.comparisons import CellChoice

        if self.grouping != SETS:
            return CellChoice(column=self.grouping, level=name)
        return store.store_cells(self.groups[name])


def choose_pair(
    view: LatentView, grouping: str, groups: Sets, places: Sequence[Any]
) -> Chosen | None:
    """Draw the choice of two groups; ``None`` when there is none."""
    names = list(groups)
    if not names:
        st.info("None of these sets has cells here.", icon=":material/group_work:")
        return None
    control = view.record.roles.control_condition
    usual = next((name for name in names if name != control), names[0])
    with places[0]:
        first = _one_of("First", "first", names, usual, groups)
    others = [REST, *(name for name in names if name != first)]
    of_condition = grouping == view.record.roles.condition and control in others
    with places[1]:
        second = _one_of("Second", "second", others, str(control) if of_condition else REST, groups)
    from_expression = found_in_expression(view, grouping)
    return Chosen(grouping, groups, first, None if second == REST else second, from_expression)


def choose_method(view: LatentView, chosen: Chosen, pair: CellPair) -> tuple[str, str | None]:
    """Draw the choice of a test, and of the samples it needs; return both.

    Pseudobulk is suggested where the data have samples to repeat with.
    """
    columns = _sample_columns(view, chosen)
    left, right = st.columns([3, 5], vertical_alignment="bottom")
    why = _why_not(view, columns)
    if why is not None:
        left.segmented_control("Test", [WILCOXON], required=True, default=WILCOXON,
                               key="latent/compare/only", format_func=_METHODS.get,
                               help=_HELP)  # fmt: skip
        right.caption(f":material/info: No pseudobulk: {why}")
        return WILCOXON, None
    role = view.record.roles.sample
    repeats = role in columns and min(_samples(view, pair, role)) >= 2
    methods = [PSEUDOBULK, WILCOXON]
    with left:
        method = _kept("test", methods, PSEUDOBULK if repeats else WILCOXON, "Test")
    if method == WILCOXON:
        if repeats:
            right.caption(":material/lightbulb: These data have samples: pseudobulk is recommended "
                          "for claims.")  # fmt: skip
        return method, None
    with right:
        samples = _one_of("Samples", "samples", columns, columns[0], {})
    on = _samples(view, pair, samples)
    st.caption(f"{count(on[0], 'sample')} with at least 10 cells in the first set, "
               f"{on[1]:,} in the second.")  # fmt: skip
    return method, samples


def _sample_columns(view: LatentView, chosen: Chosen) -> list[str]:
    """Return the columns that may name samples, that of the role first, then the batch.

    What is known to be something else, such as types or a treatment, names none.
    """
    roles = view.record.roles
    other = {getattr(roles, role) for role in COLUMN_ROLES if role not in ("sample", "batch")}
    there = [
        column.name
        for column in view.atlas.meta.columns
        if column.kind == "category"
        and 2 <= column.n_levels < view.atlas.n_cells / 2
        and column.name not in (chosen.grouping, *other)
    ]
    return sorted(there, key=lambda name: (name != roles.sample, name != roles.batch))


def _why_not(view: LatentView, columns: Sequence[str]) -> str | None:
    if not view.atlas.meta.has_counts:
        return "the data have no raw counts (role *counts*)."
    if not columns:
        return "no column names samples or donors."
    return None


def _samples(view: LatentView, pair: CellPair, column: str) -> tuple[int, int]:
    from scdyn_core.evaluation.expression.pseudobulk import samples_of

    return samples_of(pair, view.atlas.column(column))


def _one_of(label: str, name: str, options: Sequence[str], usual: str, groups: Sets) -> str:
    """Draw a choice that is kept in the URL."""
    key = f"latent/compare/{name}"
    asked = {"rest": REST}.get(remembered(name) or "", remembered(name))
    st.session_state[key] = asked if asked in options else usual
    chosen: str = st.selectbox(
        label, options, key=key, format_func=lambda one: _titled(one, groups),
        on_change=lambda: _keep(name, st.session_state[key]),
    )  # fmt: skip
    _keep(name, chosen)
    return chosen


def _kept(name: str, options: Sequence[str], usual: str, label: str) -> str:
    key = f"latent/compare/{name}"
    asked = remembered(name)
    st.session_state[key] = asked if asked in options else usual
    chosen: str = st.segmented_control(
        label, options, key=key, required=True, format_func=_METHODS.get, help=_HELP,
        on_change=lambda: _keep(name, st.session_state[key]),
    )  # fmt: skip
    return chosen


def _titled(name: str, groups: Sets) -> str:
    if name == REST:
        return "All other cells"
    return f"{name} · {count(len(groups[name]), 'cell')}" if name in groups else name


def _keep(name: str, value: str) -> None:
    remember(name, "rest" if value == REST else value)
