"""What can the data tell: looked at before anything is trained, for methods that can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.check_view import show_check
from dashboard._ui.check_words import CHOICE, check_words
from dashboard._ui.errors import errors_shown, show_error_parts
from dashboard._ui.form_widgets import extra_of
from dashboard._ui.greyed import greyed
from dashboard._ui.job_watch import watch_job
from dashboard._ui.recipe import current_recipe, dataset_ref
from dashboard._ui.run_words import ago, status_badge
from dashboard._ui.services import run_store
from dashboard._ui.stale import stale_banner
from scdyn_core.runs.state import ENDED

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.methods.method import Method, MethodConfig
    from scdyn_core.runs.run import Run
    from scdyn_core.runs.spec import RunSpec
    from scdyn_core.training.options import TrainingOptions


def train_check(
    record: DatasetRecord,
    method: Method,
    config: MethodConfig | None,
    options: TrainingOptions | None,
) -> None:
    """Offer a check of the data for a method that has one, and draw the newest."""
    from scdyn_core.methods.method import Method as Contract

    _show_unknown_types(record, config)
    if type(method).check is Contract.check:
        return
    run, texts = newest_check(record, method), check_words(method.key)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader("What can the data tell?", width="stretch", anchor=False)
        if config is not None and options is not None:
            st.button(
                texts.start if run is None else texts.again,
                key="check",
                icon=":material/query_stats:",
                on_click=_submit,
                args=(_spec(record, method, config, options),),
                **greyed(
                    "A check of these data is under way; it can be cancelled below."
                    if run is not None and run.state.status not in ENDED
                    else None,
                    texts.help,
                ),
            )
    if run is None:
        st.caption(texts.before)
        return
    wanted = None if config is None or options is None else _spec(record, method, config, options)
    _show(run, wanted, method)


def _show_unknown_types(record: DatasetRecord, config: MethodConfig | None) -> None:
    """Say before a run that transitions name cell types that the data do not have."""
    from scdyn_core.methods.clera.sources.types import transitions

    column = next((one for one in record.obs if one.name == record.roles.cell_type), None)
    listed = column is not None and len(column.levels) == column.n_levels
    if listed or column is None:
        with errors_shown():
            transitions(getattr(config, "lineage", ()), () if column is None else column.levels)


def newest_check(record: DatasetRecord, method: Method) -> Run | None:
    """Return the newest check of this dataset for a method, whatever its settings."""
    for run in run_store().runs():
        spec = run.spec
        same = spec.dataset.fingerprint == record.fingerprint and spec.method == method.key
        if spec.kind == "check" and same:
            return run
    return None


def _spec(
    record: DatasetRecord, method: Method, config: MethodConfig, options: TrainingOptions
) -> RunSpec:
    from scdyn_core.runs.spec import RunSpec

    all_sources = {CHOICE: "auto"} if CHOICE in method.Config.model_fields else {}
    return RunSpec(
        kind="check",
        dataset=dataset_ref(record),
        recipe=current_recipe(record),
        method=method.key,
        config=config.model_dump(mode="json") | all_sources,
        options=options.model_copy(update={"replicates": 1}),
    )


def _submit(spec: RunSpec) -> None:
    with errors_shown():
        spec.recipe.check(spec.dataset.roles)
        run_store().submit(spec)
        st.toast(check_words(spec.method).running, icon=":material/query_stats:")


def _show(run: Run, wanted: RunSpec | None, method: Method) -> None:
    state = run.state
    if state.status not in ENDED:
        watch_job(run, key="cancel_check")
        return
    if state.status != "done":
        with st.container(horizontal=True, vertical_alignment="center"):
            status_badge(state.status)
            st.caption(f"ended {ago(state.ended or state.created)}")
    if state.error:
        show_error_parts(state.error)
    if state.status != "done":
        return
    if wanted is not None and _what_matters(run.spec, method) != _what_matters(wanted, method):
        texts = check_words(method.key)
        stale_banner(
            texts.what,
            "the recipe, the roles, the seed or the data settings have changed since",
            f"{texts.again}.",
        )
    show_check(run, key="train/check", take=lambda source: _take(method, source))


def _what_matters(spec: RunSpec, method: Method) -> object:
    """Return what the result of a check depends on."""
    fields = method.Config.model_fields.items()
    data = {name: field for name, field in fields if extra_of(field).get("group") == "Data"}
    # A check of an earlier version lacks newer settings, which it did not use.
    settings = {
        name: spec.config.get(name, field.get_default(call_default_factory=True))
        for name, field in data.items()
        if name != CHOICE
    }
    return spec.recipe.digest(), spec.dataset.roles, spec.options.seed, settings


def _take(method: Method, source: str) -> None:
    """Choose a source in the form below."""
    st.session_state[f"train/{method.key}/{CHOICE}"] = source
    st.toast(f"Derivative set to {source}", icon=":material/check:")
