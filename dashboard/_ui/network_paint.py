"""What the colours of the nodes are: communities, expression, or a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import palette
from dashboard._ui.network_facts import facts_of, perturbations_of, responses_to

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator as Place

    from dashboard._ui.network_choice import Shown
    from scdyn_core.networks.view import NetworkView
    from scdyn_core.plots.network_paint import Paint

COMMUNITY, EXPRESSION = "Communities", "Expression"
#: Choice -> column of the table of responses, and the title of its bar.
CHANGES = {
    "Measured change": ("log2_fold_change", "log₂ fold change"),
    "Predicted change": ("predicted", "predicted change, log₂"),
}
NOTHING_TO_PAINT = (
    "Coloured by community: there is no expression or response of genes here to paint."
)


def choose_paint(shown: Shown, view: NetworkView, node: str | None, place: Place) -> Paint | None:
    """Draw the choice; ``None`` for communities."""
    offered = [COMMUNITY]
    facts = facts_of(shown)
    if facts is not None and "control" in facts:
        offered.append(EXPRESSION)
    causes = perturbations_of(shown)
    if causes:
        offered += CHANGES
    if len(offered) == 1:
        place.caption(NOTHING_TO_PAINT)
        return None
    if st.session_state.get("colour") not in offered:
        st.session_state.pop("colour", None)
    chosen = place.selectbox("Colour", offered, key="colour", bind="query-params")
    if chosen == COMMUNITY:
        return None
    if chosen == EXPRESSION:
        return _expression(shown, view)
    return _change(shown, view, chosen, _cause(causes, node))


def show_bar(paint: Paint) -> None:
    """Draw what the colours mean."""
    from scdyn_core.plots.network_paint import paint_bar

    figure = paint_bar(paint, palette())
    st.plotly_chart(
        figure,
        key="network/bar",
        theme=None,
        config={"displayModeBar": False, "staticPlot": True},
        alt=f"Scale of the colours: {paint.title}",
    )


def _expression(shown: Shown, view: NetworkView) -> Paint:
    from scdyn_core.plots.network_paint import Paint

    facts = facts_of(shown)
    assert facts is not None
    return Paint(_of_nodes(view, facts["control"].to_dict()), "mean log expression, control", False)


def _cause(causes: list[str], node: str | None) -> str:
    """Draw the choice of a perturbation; at first that of the chosen gene."""
    own = node.removeprefix("gene:") if node is not None else None
    if st.session_state.get("cause") not in causes:
        st.session_state["cause"] = own if own in causes else causes[0]
    chosen: str = st.selectbox("On perturbing", causes, key="cause", bind="query-params")
    return chosen


def _change(shown: Shown, view: NetworkView, which: str, cause: str) -> Paint:
    from scdyn_core.plots.network_paint import Paint

    column, title = CHANGES[which]
    rows = responses_to(shown, cause)
    if column not in rows:
        st.caption("This run has no such change.")
        return Paint({}, title, True)
    return Paint(_of_nodes(view, rows.set_index("gene")[column].to_dict()), title, True)


def _of_nodes(view: NetworkView, values: dict[str, float]) -> dict[str, float]:
    return {
        node: float(values.get(told["name"], float("nan")))
        for node, told in view.graph.nodes(data=True)
        if told["kind"] == "gene"
    }
