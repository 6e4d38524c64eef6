"""Which cells are drawn: one choice of named ways, its settings folded away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.form import model_form
from dashboard._ui.method_words import learns_from_genes, trains_in_epochs
from dashboard._ui.navigation import page_path
from dashboard._ui.rare_views import NEW
from dashboard._ui.text import plain
from dashboard._ui.train_presets import COPIED, SAMPLER, copied_options
from scdyn_core.training.resampling.options import (
    COMPONENTS,
    DENSITY_SCHEMES,
    SAMPLING,
    SamplingOptions,
)
from scdyn_core.training.resampling.words import MEANINGS, NAMES, options_that_count, preset_of

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.data.roles import Roles
    from scdyn_core.methods.method import Method
    from scdyn_core.preprocess.recipe import Recipe

#: Kind of a step -> the embedding it makes.
_MADE = {"pca": "X_pca", "umap": "X_umap", "diffusion_pseudotime": "X_diffmap"}
_LATENTS = "the model's own latents"
_COMPONENTS = "principal components of the training cells"


def choose_sampler(
    method: Method, record: DatasetRecord, roles: Roles, recipe: Recipe
) -> SamplingOptions | None:
    """Draw the choice and return it, or ``None`` while it is wrong.

    A method that is fitted at once draws nothing and is not asked.
    """
    if not trains_in_epochs(method):
        return SamplingOptions()
    offered, refused = _offered(method, roles)
    if st.session_state.get(SAMPLER) not in offered:
        st.session_state[SAMPLER] = preset_of(method.options.sampling) or "uniform"
    samples = method.samples
    choice, words = st.columns([1, 2], vertical_alignment="bottom")
    name = choice.selectbox(
        f"Which {samples} are drawn",
        list(offered),
        key=SAMPLER,
        format_func=lambda key: NAMES.get(key, key),
        help=_all_meanings(offered, samples),
        persist_state="session",
    )
    with words:
        st.caption(_meaning(name, samples))
        for reason in refused:
            st.caption(f":orange[:material/block: {plain(reason)}]")
    options = _settings(offered[name], method, record, recipe)
    if not learns_from_genes(method):
        _point_to_experiment(name)
    return options


def _offered(method: Method, roles: Roles) -> tuple[dict[str, SamplingOptions], list[str]]:
    """Return the ways that can be taken by name, and why others cannot."""
    from scdyn_core.methods.sampling import refusal

    ways = {key: SAMPLING[key] for key in NAMES}
    copied = copied_options()
    if copied is not None and preset_of(copied.sampling) is None:
        ways[COPIED] = copied.sampling
    lacks = {key: refusal(method, way, roles.assigned()) for key, way in ways.items()}
    reasons = [f"{NAMES.get(key, key)}: needs {lack}" for key, lack in lacks.items() if lack]
    return {key: way for key, way in ways.items() if lacks[key] is None}, reasons


def _settings(
    start: SamplingOptions, method: Method, record: DatasetRecord, recipe: Recipe
) -> SamplingOptions | None:
    counting = {*options_that_count(start), *options_that_count(_learning(start))}
    if learns_from_genes(method):
        counting.discard("embedding")
    if not counting:
        return start
    made = [_MADE[step.kind] for step in recipe.steps if step.kind in _MADE]
    embeddings = {name: name for name in dict.fromkeys((*record.obsm, *made))}
    return model_form(
        SamplingOptions,
        start,
        key="train/sampling",
        without=[name for name in SamplingOptions.model_fields if name not in counting],
        choices={"embedding": {"": _LATENTS, COMPONENTS: _COMPONENTS, **embeddings}},
    )


def _learning(options: SamplingOptions) -> SamplingOptions:
    """Return the options with the latents of the model in place of an embedding."""
    density = options.scheme in DENSITY_SCHEMES
    return options.model_copy(update={"embedding": ""}) if density else options


def _point_to_experiment(name: str) -> None:
    why = (
        "Does another way help on these data? Ask with an experiment"
        if name == "uniform"
        else "Uniform is recommended, as what helps on some data does nothing or harm on others: "
        "ask with an experiment whether this way helps on these"
    )
    st.page_link(
        page_path("rare_cells"),
        label=why,
        icon=":material/science:",
        query_params={"show": NEW},
    )


def _meaning(name: str, samples: str) -> str:
    words = MEANINGS.get(name, "As the copied run drew them.")
    return words if samples == "cells" else words.replace("cell", "gene")


def _all_meanings(offered: Mapping[str, SamplingOptions], samples: str) -> str:
    return "\n\n".join(
        f"**{NAMES.get(name, name)}**: {_meaning(name, samples)}" for name in offered
    )
