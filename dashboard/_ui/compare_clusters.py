"""Groups of genes or cells in two runs: where the members of each went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.compare_choice import choose_pair
from dashboard._ui.compare_data import labels_compared, tables_of
from dashboard._ui.compare_words import label_words
from dashboard._ui.downloads import table
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from scdyn_core.runs.comparison.labels import ComparedLabels, Labels
    from scdyn_core.runs.comparison.side import Side

_MEASURES = {
    "measure": "1 for the same groups",
    "value": "of the two runs",
    "shuffled": "mean with the samples of one shuffled 200 times",
    "shuffled_best": "the largest of these",
}


def show_clusters(sides: Mapping[str, Side]) -> None:
    """Draw how the groups of two runs, or two kinds of groups, go into each other."""
    from scdyn_core.runs.comparison.labels import labels_of

    pair = choose_pair(sides, "compare/grouped")
    first, second = (labels_of(tables_of(side)) for side in pair)
    if not first or not second:
        empty = pair[1] if first else pair[0]
        st.info(f"{plain(empty.name)} divides neither genes nor cells into groups.",
                icon=":material/info:")  # fmt: skip
        return
    left, right = st.columns(2)
    with left:
        one = first[_choose("Groups of the first", first, "compare/first_groups")]
    like = {name: labels for name, labels in second.items() if labels.kind == one.kind}
    if not like:
        st.info(f"{plain(pair[1].name)} has no groups of {one.kind}s.", icon=":material/info:")
        return
    with right:
        other = like[_choose("Groups of the second", like, "compare/second_groups")]
    found = labels_compared((pair[0], one), (pair[1], other))
    if not found.samples:
        st.info(f"The two have no {one.kind} with the same name.", icon=":material/info:")
        return
    _draw(found, pair, (one, other))


def _choose(label: str, there: Mapping[str, Labels], key: str) -> str:
    if st.session_state.get(key) not in there:
        st.session_state[key] = next(iter(there))
    return st.selectbox(label, list(there), key=key)


def _draw(found: ComparedLabels, pair: tuple[Side, Side], labels: tuple[Labels, Labels]) -> None:
    from scdyn_core.plots.compared_labels import flow_figure

    st.markdown(label_words(found.measures, found.samples, labels[0].kind))
    if not any(each.learned for each in labels):
        st.caption("Both came with the data: this says nothing of the models.")
    titles = tuple((side.name, each.name) for side, each in zip(pair, labels, strict=True))
    words = "Cluster" if labels[0].algorithm and labels[1].algorithm else ""
    figure = flow_figure(found.counts, (titles[0], titles[1]), words=words, palette=palette())
    chart(figure, name="compared_groups", key="compare/flow", data=found.pairs())
    st.caption(
        "A group on the right has the colour of the group on the left that it shares most with, "
        "one to one; grey ones are left over."
    )
    wide = found.counts.rename_axis(columns=None).rename_axis("first").reset_index()
    st.markdown("**Members in both groups** (rows: first, columns: second)")
    table(wide, name="contingency", key="compare/contingency")
    table(found.measures, name="group_agreement", key="compare/group_measures",
          columns=_MEASURES,
          formats=dict.fromkeys(("value", "shuffled", "shuffled_best"), "%.3f"))  # fmt: skip
