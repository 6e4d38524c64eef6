"""The methods to choose from; those that cannot run on this dataset say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.greyed import greyed
from dashboard._ui.text import plain

if TYPE_CHECKING:
    from scdyn_core.data.roles import Roles
    from scdyn_core.methods.method import Method
    from scdyn_core.preprocess.recipe import Recipe

CARDS = 3


def roles_after(roles: Roles, recipe: Recipe) -> Roles:
    """Return the roles that are played once the recipe has run; made ones are named ``recipe``."""
    made = {role for step in recipe.steps for role in step.gives}
    return roles.replace(dict.fromkeys(made - set(roles.assigned()), "recipe"))


def choose_method(roles: Roles) -> Method | None:
    """Draw one card per method and return the chosen one, or ``None`` when none can run."""
    from scdyn_core.methods.registry import METHODS

    reasons = {method.key: method.roles.missing(roles.assigned()) for method in METHODS}
    able = [method for method in METHODS if reasons[method.key] is None]
    chosen = st.query_params.get("method") or st.session_state.get("chosen_method")
    method = next((one for one in able if one.key == chosen), able[0] if able else None)
    for start in range(0, len(METHODS), CARDS):
        for column, one in zip(st.columns(CARDS), METHODS[start : start + CARDS], strict=False):
            with column:
                _card(one, reasons[one.key], one is method)
    return method


def _card(method: Method, reason: str | None, chosen: bool) -> None:
    with st.container(border=True, height="stretch"):
        title = method.title if reason is None else f":gray[{method.title}]"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{title}**", width="stretch", help=f"Source: {plain(method.citation)}")
            if chosen:
                st.badge("chosen", icon=":material/check:", color="blue")
        st.caption(method.summary)
        why_not = reason and plain(reason[:1].upper() + reason[1:])
        if why_not:
            st.markdown(f":small[:orange[:material/block: {why_not}]]")
        if not chosen:
            st.button(
                "Choose",
                key=f"choose/{method.key}",
                on_click=_choose,
                args=(method.key,),
                **greyed(why_not),
            )


def _choose(key: str) -> None:
    st.session_state["chosen_method"] = key
    st.query_params["method"] = key
