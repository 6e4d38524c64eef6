"""The best replicate of the compared runs: the rule with its weights, and a Pareto plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import table
from dashboard._ui.navigation import go_to
from dashboard._ui.text import plain

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.evaluation.selection import SelectionRule
    from scdyn_core.runs.run import Run

#: Columns of the table, and what they are called there.
COLUMNS = {
    "name": "candidate",
    "merit": "merit",
    "validation_derivative_share": "derivative share, validation",
    "active_terms": "terms",
    "field_stability": "field stability",
    "term_stability": "term stability",
    "front": "on the front",
    "test_derivative_share": "derivative share, test",
}


def show_pareto(picked: dict[str, Run]) -> None:
    """Draw the candidates of the runs that compare with the first, and the best of them."""
    from scdyn_core.plots.pareto import pareto_figure
    from scdyn_core.runs.selection import TABLE, candidates_of, reason, same_question

    measured = {name: run for name, run in picked.items() if TABLE in run.tables}
    if not measured:
        return
    runs = same_question(measured)
    st.markdown("**The best replicate**")
    rule = _rule()
    candidates = candidates_of(runs, rule)
    best = candidates[candidates["chosen"]].iloc[0]
    with st.container(border=True):
        st.markdown(f":material/trophy: **{plain(best['name'])}**. {reason(candidates, rule)}")
        st.caption(f"Rule: {rule.words()}. It never looks at test cells.")
        if best["validation_derivative_share"] <= 0:
            st.warning("Even the best explains less than predicting no motion at all.")
    if left_out := [name for name in measured if name not in runs]:
        names = ", ".join(plain(name) for name in left_out)
        st.caption(
            f"Left out, because other data, derivative or cells held out do not compare: {names}."
        )
    state = chart(
        pareto_figure(candidates, palette=palette()),
        name="pareto",
        key="compare/pareto",
        data=candidates,
        on_select="rerun",
        selection_mode="points",
    )
    st.caption(
        "Circles: no other candidate is better in error, terms and stability at once; crosses: one "
        "is. Dotted: the front of error and terms alone. Ring: the best by the rule. Click a point "
        "to open it."
    )
    shown = _clicked(state, candidates)
    if shown is None:
        shown = best
    if st.button(
        f"Open {plain(shown['name'])} in Dynamics",
        key="compare/open",
        icon=":material/line_axis:",
    ):
        run = picked[shown["run"]]
        go_to("dynamics", run=run.id, replicate=str(int(shown["replicate"]) + 1))
    ordered = candidates.sort_values("merit", ascending=False)
    table(
        ordered[list(COLUMNS)].rename(columns=COLUMNS), name="candidates", key="compare/candidates"
    )


def _rule() -> SelectionRule:
    from scdyn_core.evaluation.selection import SelectionRule

    default, fields = SelectionRule(), SelectionRule.model_fields
    columns = st.columns(4)
    weights = {
        name: column.slider(
            label,
            0.0,
            8.0,
            getattr(default, name),
            0.5,
            key=f"compare/weight/{name}",
            help=fields[name].description,
            persist_state="session",
        )
        for column, (name, label) in zip(
            columns,
            {"error": "Error", "terms": "Few terms", "stability": "Stability"}.items(),
            strict=False,
        )
    }
    kind = columns[3].segmented_control(
        "Stability of",
        ["field", "terms"],
        default=default.stability_of,
        required=True,
        key="compare/stability_of",
        help=fields["stability_of"].description,
        persist_state="session",
    )
    return SelectionRule(**weights, stability_of=kind)


def _clicked(state: object, candidates: pd.DataFrame) -> pd.Series | None:
    """Return the candidate whose point was clicked; lines and rings carry no number."""
    points = getattr(getattr(state, "selection", None), "points", None) or []
    numbers = [point["customdata"] for point in points if point.get("customdata") is not None]
    numbers = [n[0] if isinstance(n, list) else n for n in numbers]
    inside = [int(n) for n in numbers if 0 <= int(n) < len(candidates)]
    return candidates.iloc[inside[0]] if inside else None
