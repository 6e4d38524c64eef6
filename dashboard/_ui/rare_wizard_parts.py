"""What the forms of both experiments share: data, method, ways of drawing, settings, start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard._ui.errors import errors_shown
from dashboard._ui.form import model_form
from dashboard._ui.form_widgets import bounds_of
from dashboard._ui.greyed import greyed
from dashboard._ui.navigation import continue_button, page_path
from dashboard._ui.rare_cost import time_words
from dashboard._ui.recipe import current_recipe, dataset_ref
from dashboard._ui.selection import current_dataset, select_run
from dashboard._ui.services import run_store
from dashboard._ui.text import count, plain
from dashboard._ui.train_choices import setting_choices
from dashboard._ui.train_methods import roles_after
from scdyn_core.training.options import TrainingOptions

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.methods.method import Method, MethodConfig
    from scdyn_core.runs.spec import RunSpec

#: Options that an experiment sets itself.
SET_BY_EXPERIMENT = ("replicates", "sampling")


@dataclass(frozen=True)
class Settings:
    """How every model of an experiment is trained."""

    preset: str | None
    config: MethodConfig
    options: TrainingOptions


@dataclass(frozen=True)
class Asked:
    """What an experiment asks of a method."""

    method: Method
    settings: Settings
    experiment: dict[str, Any] = field(default_factory=dict)


def show_data(about: str) -> DatasetRecord | None:
    """Say what the experiment does and on which data; ``None`` when there are no data."""
    st.markdown(about)
    record = current_dataset()
    if record is None:
        continue_button("Add data", "data", key="rare/add_data")
        return None
    recipe = current_recipe(record)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{plain(record.name)}** · {count(record.n_cells, 'cell')} × "
            f"{count(record.n_genes, 'gene')} · recipe **{plain(recipe.name)}**",
            width="content",
        )
        st.page_link(page_path("preprocess"), label="Change the recipe",
                     icon=":material/filter_alt:")  # fmt: skip
    return record


def choose_method(
    record: DatasetRecord, keys: Sequence[str], key: str, *, needs_types: bool
) -> Method | None:
    """Draw the methods that can be asked, greyed with the reason where a role is missing."""
    from scdyn_core.methods.registry import METHODS

    roles = roles_after(record.roles, current_recipe(record))
    methods = [one for wanted in keys for one in METHODS if one.key == wanted]
    reasons = {one.key: _reason(one, roles.assigned(), needs_types) for one in methods}
    able = [one for one in methods if reasons[one.key] is None]
    chosen = st.session_state.get(f"{key}/method")
    method = next((one for one in able if one.key == chosen), able[0] if able else None)
    for column, one in zip(st.columns(max(len(methods), 2)), methods, strict=False):
        with column:
            _card(one, reasons[one.key], one is method, key, alone=len(methods) == 1)
    if method is None:
        st.info("Give the dataset the missing roles first.", icon=":material/info:")
        continue_button("Set roles", "data", key=f"{key}/roles", dataset=record.id)
    return method


def choose_ways(key: str, asked: FieldInfo, label: str, *, uniform: bool) -> list[Any]:
    """Draw the choice of ways of drawing cells; return their keys in the usual order."""
    from scdyn_core.training.resampling.words import MEANINGS, NAMES

    names = [name for name in NAMES if uniform or name != "uniform"]
    told = "\n\n".join(f"**{NAMES[name]}**: {MEANINGS[name]}" for name in names)
    chosen = st.pills(label, names, selection_mode="multi", default=list(asked.default), key=key,
                      format_func=lambda name: NAMES[name], help=told,
                      persist_state="session")  # fmt: skip
    return [name for name in names if name in chosen]


def number_of(label: str, asked: FieldInfo, key: str) -> int:
    """Draw the choice of a whole number with the bounds of a field."""
    low, high = bounds_of(asked)
    return int(
        st.number_input(label, min_value=low, max_value=high, value=asked.default, step=1, key=key,
                        help=asked.description, persist_state="session")
    )  # fmt: skip


def choose_settings(
    record: DatasetRecord, method: Method, key: str, without: Sequence[str] = ()
) -> Settings | None:
    """Draw the settings of the model if they are wanted; ``None`` while they are wrong."""
    preset, config = next(iter(method.presets.items()))
    options = method.options.model_copy(update={"replicates": 1})
    own = st.toggle(f"Change the settings of {method.title}", key=f"{key}/own/{method.key}",
                    persist_state="session",
                    help="Otherwise the recommended ones are taken")  # fmt: skip
    if not own:
        return Settings(preset, config, options)
    with st.container(border=True):
        roles = roles_after(record.roles, current_recipe(record))
        changed = model_form(method.Config, config, key=f"{key}/{method.key}", without=without,
                             choices=setting_choices(method, record, roles))  # fmt: skip
        trained = model_form(TrainingOptions, options, key=f"{key}/options",
                             without=SET_BY_EXPERIMENT)  # fmt: skip
    if changed is None or trained is None:
        return None
    return Settings(preset if changed == config else None, changed, trained)


def show_start(
    record: DatasetRecord,
    asked: Asked,
    sizes: str,
    trainings: int,
    *,
    question: str,
    key: str,
    why_not: str | None = None,
) -> None:
    """Draw what the experiment costs and the button that starts it.

    ``why_not`` says why it cannot start, where it cannot.
    """
    epochs = int(getattr(asked.settings.config, "epochs", 0))
    with st.container(border=True):
        words, start = st.columns([4, 1], vertical_alignment="center")
        words.markdown(
            f":material/science: {sizes} = **{count(trainings, 'training')}** of "
            f"{count(epochs, 'epoch')}. :material/timer: "
            + time_words(record, asked.method, trainings * epochs)
        )
        start.button(
            "Start",
            key=f"{key}/start",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_submit,
            args=(record, asked, question),
            width="stretch",
            **greyed(why_not, "Runs in the background; can be cancelled and resumed"),
        )


def spec_of(record: DatasetRecord, asked: Asked) -> RunSpec:
    """Return the run that carries the experiment out."""
    from scdyn_core.runs.spec import RunSpec

    settings = asked.settings
    return RunSpec(
        kind="experiment",
        dataset=dataset_ref(record),
        recipe=current_recipe(record),
        method=asked.method.key,
        preset=settings.preset,
        config=settings.config.model_dump(mode="json"),
        options=settings.options,
        experiment=asked.experiment,
    )


def _submit(record: DatasetRecord, asked: Asked, question: str) -> None:
    from dashboard._ui.rare_views import VIEWS, open_view

    with errors_shown():
        current_recipe(record).check(record.roles)
        run = run_store().submit(spec_of(record, asked))
        select_run(run.id)
        open_view(question, VIEWS[question][0])


def _reason(method: Method, assigned: dict[str, str], needs_types: bool) -> str | None:
    reason = method.roles.missing(assigned)
    if reason is None and needs_types and "cell_type" not in assigned:
        return "needs a column with the role cell_type: rare types are what it is about"
    return reason


def _card(method: Method, reason: str | None, chosen: bool, key: str, *, alone: bool) -> None:
    with st.container(border=True, height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center"):
            title = method.title if reason is None else f":gray[{method.title}]"
            st.markdown(f"**{title}**", width="stretch")
            if chosen and not alone:
                st.badge("chosen", icon=":material/check:", color="blue")
        st.caption(method.summary)
        if reason is not None:
            st.caption(f":orange[:material/block: {plain(reason[:1].upper() + reason[1:])}]")
        elif not chosen:
            st.button("Choose", key=f"{key}/choose/{method.key}", on_click=_choose,
                      args=(key, method.key))  # fmt: skip


def _choose(key: str, method: str) -> None:
    st.session_state[f"{key}/method"] = method
