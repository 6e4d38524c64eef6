"""One widget for one field of a pydantic model, chosen by the field's type."""

from __future__ import annotations

import math
import re
import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import streamlit as st
from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

#: Between the two parts of a pair, as in ``Ductal > Alpha``.
PAIR = " > "


def strip_optional(annotation: Any) -> tuple[Any, bool]:
    """Return the type without ``None`` and whether ``None`` was allowed."""
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation, False
    members = [member for member in get_args(annotation) if member is not type(None)]
    if len(members) != 1:
        raise TypeError(f"a form has no widget for {annotation}")
    return members[0], len(members) < len(get_args(annotation))


def extra_of(field: FieldInfo) -> dict[str, Any]:
    """Return what the field says about itself: ``group``, ``advanced``, ``unit``, ``term``."""
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def label_of(name: str, field: FieldInfo) -> str:
    """Return the name of a field for people, with its unit."""
    words = field.title or name.replace("_", " ").capitalize()
    words = re.sub(r"\bkl\b", "KL", words, flags=re.IGNORECASE)
    unit = extra_of(field).get("unit")
    return f"{words} ({unit})" if unit else words


def help_of(field: FieldInfo) -> str | None:
    """Return the help of a field: a sentence of what it does, and what the paper calls it."""
    term = extra_of(field).get("term")
    said = (field.description or "").rstrip(".")
    parts = [f"{said[:1].upper()}{said[1:]}." if said else "",
             f"Called `{term}` in the paper." if term else ""]  # fmt: skip
    return "\n\n".join(part for part in parts if part) or None


def bounds_of(field: FieldInfo) -> tuple[float | None, float | None]:
    """Return the smallest and largest value a field allows, open ends included."""
    low = high = None
    for limit in field.metadata:
        if isinstance(limit, Ge):
            low = limit.ge
        elif isinstance(limit, Gt):
            low = limit.gt
        elif isinstance(limit, Le):
            high = limit.le
        elif isinstance(limit, Lt):
            high = limit.lt
    return low, high  # type: ignore[return-value]


def _of_texts(kind: Any) -> bool:
    """Return whether a tuple or list is one of texts."""
    item = get_args(kind)[0]
    return (get_args(item)[0] if get_origin(item) is Annotated else item) is str


def _of_pairs(kind: Any) -> bool:
    """Return whether a tuple or list is one of pairs of texts."""
    return get_origin(get_args(kind)[0]) is tuple


def to_state(value: Any, annotation: Any) -> Any:
    """Return what the widget of a field holds when the field has ``value``."""
    kind, _ = strip_optional(annotation)
    if get_origin(kind) in (tuple, list):
        if get_origin(get_args(kind)[0]) is Literal:
            return list(value)
        if _of_texts(kind):
            return "" if value is None else "\n".join(value)
        if _of_pairs(kind):
            return "\n".join(PAIR.join(pair) for pair in value or ())
        return "" if value is None else ", ".join(f"{item:g}" for item in value)
    return value


def from_state(state: Any, annotation: Any) -> Any:
    """Return the value of a field when its widget holds ``state``; text stays where unreadable."""
    kind, optional = strip_optional(annotation)
    if get_origin(kind) in (tuple, list) and isinstance(state, str):
        if _of_pairs(kind):
            lines = [line for line in state.splitlines() if line.strip()]
            return [tuple(part.strip() for part in line.split(PAIR.strip())) for line in lines]
        # Texts may hold commas: there is one on a line.
        parts = state.splitlines() if _of_texts(kind) else state.replace(";", ",").split(",")
        items = [item.strip() for item in parts if item.strip()]
        return None if optional and not items else items
    return None if optional and state == "" else state


def field_widget(name: str, field: FieldInfo, key: str) -> None:
    """Draw the widget of one field; its value lives in the session state under ``key``."""
    kind, optional = strip_optional(field.annotation)
    common: dict[str, Any] = {"key": key, "help": help_of(field), "persist_state": "session"}
    label = label_of(name, field)
    if kind is bool:
        st.toggle(label, **common)
    elif get_origin(kind) is Literal:
        choices = [*([None] if optional else []), *get_args(kind)]
        st.selectbox(label, choices, format_func=_choice, **common)
    elif kind in (int, float):
        _number(label, kind, field, optional, common)
    elif get_origin(kind) in (tuple, list):
        item = get_args(kind)[0]
        if get_origin(item) is Literal:
            st.multiselect(label, get_args(item), format_func=_choice, **common)
        elif _of_texts(kind):
            st.text_area(label, placeholder="one on a line", height=100, **common)
        elif _of_pairs(kind):
            st.text_area(label, placeholder=f"first{PAIR}second, one on a line", **common)
        else:
            st.text_input(label, placeholder="numbers, separated by commas", **common)
    elif kind is str:
        st.text_input(label, **common)
    else:
        raise TypeError(f"a form has no widget for {name}: {field.annotation}")


def choice_widget(name: str, field: FieldInfo, key: str, choices: Mapping[str, str]) -> None:
    """Draw a choice of named values; one that is not among them stays as it is."""
    held = st.session_state.get(key)
    names = dict(choices) if held is None or held in choices else {**choices, held: held}
    st.selectbox(
        label_of(name, field),
        list(names),
        format_func=names.__getitem__,
        key=key,
        help=help_of(field),
        persist_state="session",
    )


def _choice(value: Any) -> str:
    return "none" if value is None else str(value).replace("_", " ")


def _number(
    label: str, kind: type[float], field: FieldInfo, optional: bool, common: dict[str, Any]
) -> None:
    low, high = (None if bound is None else kind(bound) for bound in bounds_of(field))
    held = st.session_state.get(common["key"])
    empty = {"value": None, "placeholder": "automatic"} if optional else {}
    if kind is int:
        st.number_input(label, min_value=low, max_value=high, step=1, **empty, **common)
        return
    # A tenth of the default is a step one can see; a fixed step is none for 1e-5 or 1e4.
    size = abs(field.default) if isinstance(field.default, int | float) else abs(held or 0.0)
    step = 10.0 ** (math.floor(math.log10(size)) - 1) if size else 0.01
    st.number_input(label, min_value=low, max_value=high, step=step, format="%g", **empty, **common)
