"""The views of a page of results: few at once, the kindred ones behind one name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

#: Name in the row -> the views behind it.
Views = Mapping[str, Sequence[str]]


def choose_view(views: Views, key: str) -> str:
    """Draw the choice of what is shown; the view is in the URL, as ``show``.

    Parameters
    ----------
    views
        Groups without a view are left out.
    key
        Of the choice, different on each page.
    """
    there = {group: names for group, names in views.items() if names}
    if key not in st.session_state:
        _take_from_url(there, key)
    group = _one_of("Show", list(there), key)
    names = there[group]
    view = _one_of(group, names, f"{key}/{group}") if len(names) > 1 else names[0]
    if st.query_params.get("show") != view:
        st.query_params["show"] = view
    return view


def _take_from_url(there: Views, key: str) -> None:
    asked = st.query_params.get("show", "")
    for group, names in there.items():
        if asked == group or asked in names:
            st.session_state[key] = group
        if asked in names and len(names) > 1:
            st.session_state[f"{key}/{group}"] = asked


def _one_of(label: str, names: Sequence[str], key: str) -> str:
    if st.session_state.get(key) not in names:
        st.session_state[key] = names[0]  # at first, or another run has not got this view
    return st.segmented_control(label, names, required=True, key=key, label_visibility="collapsed")
