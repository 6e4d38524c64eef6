"""A form generated from a pydantic model: every field with bounds, help, unit and errors in words.

Basic fields stand open, fields marked ``advanced`` fold away; ``group`` puts fields together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args, get_origin

import streamlit as st
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from streamlit.delta_generator import DeltaGenerator

from dashboard._ui.form_undo import keep_replaced, offer_replaced
from dashboard._ui.form_widgets import (
    choice_widget,
    extra_of,
    field_widget,
    from_state,
    label_of,
    strip_optional,
    to_state,
)

ModelT = TypeVar("ModelT", bound=BaseModel)
Path = tuple[str, ...]
#: Name of a field -> values it can have here, and what they are called.
Choices = Mapping[str, Mapping[str, str]]
COLUMNS = 3
FREE: Choices = MappingProxyType({})


@dataclass(frozen=True)
class Leaf:
    """One field that has a widget, wherever it is nested."""

    path: Path
    field: FieldInfo
    group: str
    advanced: bool


def model_form(
    model_cls: type[ModelT],
    initial: ModelT,
    *,
    key: str,
    without: Sequence[str] = (),
    choices: Choices = FREE,
) -> ModelT | None:
    """Draw a form for ``model_cls`` and return what it says, or ``None`` while it is wrong.

    Parameters
    ----------
    model_cls
        A pydantic model whose fields are numbers, booleans, choices, text, lists of these or
        further models.
    initial
        What the form starts from; another ``initial`` (a preset) starts it anew.
    key
        Distinguishes forms; values are kept for the browser session.
    without
        Fields that get no widget and stay as they are in ``initial``.
    choices
        Text fields that are chosen from what is there rather than written.
    """
    leaves = [leaf for leaf in _leaves(model_cls) if leaf.path[0] not in without]
    _start(leaves, initial, key)
    offer_replaced(key)
    problems: dict[Path, DeltaGenerator] = {}
    _section([leaf for leaf in leaves if not leaf.advanced], key, problems, choices)
    advanced = [leaf for leaf in leaves if leaf.advanced]
    if advanced:
        folded = st.expander(
            f"Advanced settings ({len(advanced)})",
            icon=":material/tune:",
            key=f"{key}/advanced",
            on_change="rerun",
        )
        # Dozens of widgets that nobody sees would hold up every click on the page.
        if folded.open:
            with folded:
                _section(advanced, key, problems, choices)
    overall = st.empty()
    try:
        return model_cls.model_validate(_collect(leaves, initial, key))
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            place = tuple(str(part) for part in problem["loc"] if not isinstance(part, int))
            folded_away = [label_of(leaf.path[-1], leaf.field) for leaf in leaves
                           if leaf.path == place and place not in problems]  # fmt: skip
            words = ": ".join([*folded_away, _in_words(problem)])
            problems.get(place, overall).error(words, icon=":material/error:")
        return None


def _leaves(model_cls: type[BaseModel], path: Path = (), group: str = "") -> Iterator[Leaf]:
    for name, field in model_cls.model_fields.items():
        kind, _ = strip_optional(field.annotation)
        if get_origin(kind) is Literal and len(get_args(kind)) == 1:
            continue  # a discriminator says which model this is and is not a choice
        extra = extra_of(field)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _leaves(kind, (*path, name), label_of(name, field))
        else:
            named = str(extra.get("group", group))
            yield Leaf((*path, name), field, named, bool(extra.get("advanced", False)))


def _start(leaves: Sequence[Leaf], initial: BaseModel, key: str) -> None:
    """Fill the widgets from ``initial``: at first, when it changes, and what went missing."""
    digest = initial.model_dump_json()
    started = st.session_state.get(f"{key}/started", {})
    starts = {_widget_key(key, leaf.path): _start_of(leaf, initial) for leaf in leaves}
    anew = st.session_state.get(f"{key}/initial") != digest
    if anew:
        keep_replaced(key, started, starts)
        st.session_state[f"{key}/initial"] = digest
        st.session_state[f"{key}/started"] = starts
    for widget, value in starts.items():
        if anew or widget not in st.session_state:
            st.session_state[widget] = value


def _start_of(leaf: Leaf, initial: BaseModel) -> Any:
    value: Any = initial
    for name in leaf.path:
        value = getattr(value, name)
    return to_state(value, leaf.field.annotation)


def _section(
    leaves: Sequence[Leaf], key: str, problems: dict[Path, DeltaGenerator], choices: Choices
) -> None:
    for group in dict.fromkeys(leaf.group for leaf in leaves):
        members = [leaf for leaf in leaves if leaf.group == group]
        if group:
            st.markdown(f"**{group[0].upper()}{group[1:]}**")
        for start in range(0, len(members), COLUMNS):
            row = st.columns(COLUMNS, vertical_alignment="bottom")
            for column, leaf in zip(row, members[start : start + COLUMNS], strict=False):
                with column:
                    name, widget = leaf.path[-1], _widget_key(key, leaf.path)
                    if name in choices:
                        choice_widget(name, leaf.field, widget, choices[name])
                    else:
                        field_widget(name, leaf.field, widget)
                    problems[leaf.path] = st.empty()


def _collect(leaves: Sequence[Leaf], initial: BaseModel, key: str) -> dict[str, Any]:
    values = initial.model_dump()
    for leaf in leaves:
        target = values
        for name in leaf.path[:-1]:
            target = target[name]
        state = st.session_state[_widget_key(key, leaf.path)]
        target[leaf.path[-1]] = from_state(state, leaf.field.annotation)
    return values


def _widget_key(key: str, path: Path) -> str:
    return f"{key}/{'.'.join(path)}"


def _in_words(problem: Any) -> str:
    """Return one problem of a validation as a sentence."""
    wording = {
        "greater_than": "Must be more than {gt:g}.",
        "greater_than_equal": "Must be at least {ge:g}.",
        "less_than": "Must be less than {lt:g}.",
        "less_than_equal": "Must be at most {le:g}.",
        "int_parsing": "Write whole numbers, separated by commas.",
        "int_from_float": "Must be a whole number.",
        "float_parsing": "Write numbers, separated by commas.",
        "too_short": "Needs {min_length} or more values.",
        "too_long": "Takes {max_length} values or fewer.",
        "int_type": "Must not be empty.",
        "float_type": "Must not be empty.",
    }.get(problem["type"])
    if wording is not None:
        return wording.format(**problem.get("ctx", {}))
    message = str(problem["msg"]).removeprefix("Value error, ")
    return message[:1].upper() + message[1:].rstrip(".") + "."
