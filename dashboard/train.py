"""Train: choose a method, check what it will do, launch it in the background."""

import streamlit as st

from dashboard._ui.empty import empty_state
from dashboard._ui.errors import errors_shown
from dashboard._ui.form import model_form
from dashboard._ui.greyed import WRONG_SETTINGS, greyed
from dashboard._ui.method_words import idle_options, trains_in_epochs
from dashboard._ui.recipe import current_recipe, dataset_ref
from dashboard._ui.selection import current_dataset, select_run
from dashboard._ui.services import run_store
from dashboard._ui.text import count, plain
from dashboard._ui.train_check import train_check
from dashboard._ui.train_choices import setting_choices
from dashboard._ui.train_cost import show_cost
from dashboard._ui.train_methods import choose_method, roles_after
from dashboard._ui.train_presets import choose_preset, copied_options, forget_copy, show_differences
from dashboard._ui.train_sampler import choose_sampler
from scdyn_core.training.options import TrainingOptions

record = current_dataset()
if record is None:
    st.title("Train")
    empty_state("No data yet", "A model needs a dataset to learn from.", action="Add data")
    st.stop()

recipe = current_recipe(record)
heading, launch_place = st.columns([3, 1], vertical_alignment="bottom")
with heading:
    st.title("Train")
    steps = count(len(recipe.steps), "step")
    st.markdown(
        f"**{plain(record.name)}** · {count(record.n_cells, 'cell')} × "
        f"{count(record.n_genes, 'gene')} · recipe **{plain(recipe.name)}** ({steps})"
    )
    st.page_link("dashboard/preprocess.py", label="Change the recipe", icon=":material/filter_alt:")

roles = roles_after(record.roles, recipe)
method = choose_method(roles)
if method is None:
    st.info("Give the dataset the missing roles on the Data page.", icon=":material/info:")
    st.stop()

check_place = st.container()
name, preset = choose_preset(method)
config = model_form(
    method.Config,
    preset,
    key=f"train/{method.key}",
    choices=setting_choices(method, record, roles),
)
show_differences(method, config)
st.subheader("How to train" if trains_in_epochs(method) else "How to fit")
options = model_form(
    TrainingOptions,
    copied_options() or method.options,
    key="train/options",
    without=(*idle_options(method), "sampling"),
)
sampling = choose_sampler(method, record, roles, recipe)
if options is not None:
    options = None if sampling is None else options.model_copy(update={"sampling": sampling})

with check_place:
    train_check(record, method, config, options)
if config is not None and options is not None:
    show_cost(record, method, config, options)


def launch() -> None:
    """Queue the run, and remember to open it."""
    from scdyn_core.runs.spec import RunSpec

    assert config is not None
    assert options is not None
    with errors_shown():
        recipe.check(record.roles)
        spec = RunSpec(
            kind="train",
            dataset=dataset_ref(record),
            recipe=recipe,
            method=method.key,
            preset=name,
            config=config.model_dump(mode="json"),
            options=options,
        )
        run = run_store().submit(spec)
        forget_copy()
        select_run(run.id)
        st.switch_page("dashboard/runs.py", query_params={"run": run.id})


with launch_place:
    if st.button(
        "Train",
        key="launch",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        **greyed(
            WRONG_SETTINGS if config is None or options is None else None,
            "Starts in the background; closing the browser changes nothing",
        ),
    ):
        launch()
