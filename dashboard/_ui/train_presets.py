"""Presets: the settings a form starts from, and how they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from scdyn_core.runs.comparison.settings import settings_rows

if TYPE_CHECKING:
    from scdyn_core.methods.method import Method, MethodConfig
    from scdyn_core.runs.spec import RunSpec
    from scdyn_core.training.options import TrainingOptions

_COPY = "train/copied_spec"
SAMPLER = "train/sampler"
COPIED = "copied run"
_WORDS = {"scdyn": "scdyn (recommended)", "published": "As published"}


def copy_run(spec: RunSpec) -> None:
    """Have the form start from what a run was asked to do."""
    from scdyn_core.training.resampling.words import preset_of

    st.session_state[_COPY] = spec
    st.session_state[SAMPLER] = preset_of(spec.options.sampling) or COPIED
    st.session_state["chosen_method"] = spec.method
    st.session_state[f"preset/{spec.method}"] = COPIED


def copied_options() -> TrainingOptions | None:
    """Return the training options of the copied run."""
    spec: RunSpec | None = st.session_state.get(_COPY)
    return None if spec is None else spec.options


def forget_copy() -> None:
    """Start from the presets again next time."""
    spec: RunSpec | None = st.session_state.pop(_COPY, None)
    if spec is not None:
        st.session_state.pop(f"preset/{spec.method}", None)


def choose_preset(method: Method) -> tuple[str, MethodConfig]:
    """Draw the choice of presets; return the name and settings of the chosen one."""
    presets = dict(method.presets)
    spec: RunSpec | None = st.session_state.get(_COPY)
    if spec is not None and spec.method == method.key:
        try:
            presets[COPIED] = method.Config.model_validate(spec.config)
        except ValidationError:
            st.warning("The settings of that run do not fit this version; choose a preset.")
    st.subheader("Settings")
    if len(presets) == 1:
        return next(iter(presets.items()))
    key = f"preset/{method.key}"
    if st.session_state.get(key) not in presets:
        st.session_state[key] = next(iter(presets))
    name = st.segmented_control(
        "Start from",
        list(presets),
        key=key,
        format_func=lambda preset: _WORDS.get(preset, preset[:1].upper() + preset[1:]),
        required=True,
        persist_state="session",
        help="The paper's settings, or ours with the defects found in them mended",
    )
    assert name is not None
    return name, presets[name]


def show_differences(method: Method, config: MethodConfig | None) -> None:
    """Tabulate where the presets, and the form as it stands, differ."""
    settings = {name: preset.model_dump() for name, preset in method.presets.items()}
    if config is not None:
        settings["this run"] = config.model_dump()
    rows = settings_rows(settings, only_differences=True)
    if rows:
        folded = st.expander(
            f"What differs ({len(rows)} settings)",
            icon=":material/difference:",
            key=f"differs/{method.key}",
            on_change="rerun",
        )
        if folded.open:
            folded.dataframe(rows, hide_index=True, key=f"differences/{method.key}")
