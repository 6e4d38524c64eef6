"""Weights from an embedding that is there already, without training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.charts import chart, palette
from dashboard._ui.downloads import csv_button, table
from dashboard._ui.empty import empty_state
from dashboard._ui.errors import errors_shown
from dashboard._ui.form import model_form
from dashboard._ui.greyed import greyed
from dashboard._ui.job_watch import watch_job
from dashboard._ui.prepare_run import newest_prepare, submit_prepare
from dashboard._ui.rare_weights import FORMATS
from dashboard._ui.rare_words import starved_words, weight_words
from dashboard._ui.recipe import current_recipe, dataset_ref
from dashboard._ui.selection import current_dataset, remember, remembered
from dashboard._ui.services import dataset_store, opened, run_store
from dashboard._ui.text import count, plain
from scdyn_core.runs.state import ENDED
from scdyn_core.training.resampling.options import COMPONENTS, DENSITY_SCHEMES, SamplingOptions

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.data.dataset import Dataset
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.experiments.one_shot import OneShot

#: Options about the course of a training, or chosen elsewhere on this page.
NOT_HERE = ("scheme", "embedding", "warm_up", "refreshes", "memory", "draw")
USUAL = "X_pca"
#: Maps to look at, the most telling first, and what they are called in tables.
MAPS = {"X_umap": "umap", "X_pca": "pca"}
_TYPES = "rare/weigh/types"


def show_embedding() -> None:
    """Draw the weights of all cells of the current dataset, by an embedding it has."""
    record = current_dataset()
    if record is None:
        empty_state("No data yet", "Weights are found in an embedding of a dataset.",
                    action="Add data", icon="grain")  # fmt: skip
        return
    data = _data(record)
    embeddings = [str(name) for name in data.adata.obsm]
    st.markdown(
        f"Weights of the {count(data.adata.n_obs, 'cell')} of **{plain(record.name)}**, found "
        "once, without training: to look at, or to draw cells elsewhere (divided by the number of "
        "cells they are probabilities)."
    )
    if not embeddings:
        _prepare_first(record)
        return
    asked = _choices(record, data, embeddings)
    if asked is None:
        return
    key, options, column = asked
    with errors_shown():
        _show(_weighed(data, data.fingerprint, key, options.model_dump_json(), column), data,
              options)  # fmt: skip


def _data(record: DatasetRecord) -> Dataset:
    """Return the data as the recipe prepared them in full, else as they were added."""
    run = run_store().prepare_lookup(dataset_ref(record), current_recipe(record))
    if run is None:
        return opened(record.id, record.fingerprint)
    return _prepared(run.id, record.id, record.fingerprint)


def _prepare_first(record: DatasetRecord) -> None:
    job = newest_prepare(record)
    if job is not None and job.state.status not in ENDED:
        watch_job(job, key="rare/weigh/cancel", title="Preparing")
        return
    st.info("These data have no embedding yet. The recipe makes one (step *PCA*) when it is run on "
            "all cells.", icon=":material/scatter_plot:")  # fmt: skip
    st.button("Run the recipe", key="rare/weigh/prepare", type="primary",
              icon=":material/play_arrow:", on_click=submit_prepare, args=(record,))  # fmt: skip


def _choices(
    record: DatasetRecord, data: Dataset, embeddings: list[str]
) -> tuple[str, SamplingOptions, str | None] | None:
    """Draw the choices; return embedding, options and the column with the types."""
    from scdyn_core.training.resampling.options import SAMPLING
    from scdyn_core.training.resampling.words import MEANINGS, NAMES, options_that_count

    ways = {name: words for name, words in NAMES.items() if name not in ("uniform", COMPONENTS)}
    columns = [one.name for one in record.obs if one.kind in ("category", "bool")]
    places = st.columns(3)
    with places[0]:
        way = _one_of("way", "Way of drawing", list(ways), "neighbours")
    with places[1]:
        key = _one_of("embedding", "Embedding", embeddings, USUAL,
                      why_not=None if SAMPLING[way].scheme in DENSITY_SCHEMES else
                      "This way of drawing reads types, not an embedding.")  # fmt: skip
    with places[2]:
        usual = record.roles.cell_type
        column = st.selectbox(
            "Types", columns, key=f"{_TYPES}/{record.id}", persist_state="session",
            index=columns.index(usual) if usual in columns else None,
            placeholder="none: weights only", help="Column whose groups are counted",
        )  # fmt: skip
    st.caption(MEANINGS[way])
    if way == "balanced" and column is None:
        st.info("Choose the column with the types to balance.", icon=":material/info:")
        return None
    own = st.toggle("Change how far weights may go", key="rare/weigh/own", persist_state="session")
    if not own:
        return key, SAMPLING[way], column
    counting = {*options_that_count(SAMPLING[way])} - {*NOT_HERE}
    without = [name for name in SamplingOptions.model_fields if name not in counting]
    with st.container(border=True):
        options = model_form(SamplingOptions, SAMPLING[way], key="rare/weigh", without=without)
    return None if options is None else (key, options, column)


def _one_of(
    name: str, label: str, names: list[str], usual: str, *, why_not: str | None = None
) -> str:
    from scdyn_core.training.resampling.words import NAMES

    key = f"rare/weigh/{name}"
    asked = remembered(name)
    st.session_state[key] = next(one for one in (asked, usual, names[0]) if one in names)
    chosen: str = st.selectbox(
        label, names, key=key, **greyed(why_not),
        format_func=(lambda way: NAMES[way]) if name == "way" else str,
        on_change=lambda: remember(name, st.session_state[key]),
    )  # fmt: skip
    remember(name, chosen)
    return chosen


def _show(found: OneShot, data: Dataset, options: SamplingOptions) -> None:
    from scdyn_core.plots.rare_type_mass import type_mass_figure
    from scdyn_core.plots.rare_weight_map import map_columns, weight_map_figure
    from scdyn_core.training.resampling.words import sampler_name

    masses = found.mass.assign(low=found.mass["mass"], high=found.mass["mass"])
    name = sampler_name(options)
    st.markdown(weight_words(name[:1].upper() + name[1:], found.cells, found.effective_share,
                             masses if len(masses) else None, what="cell"))  # fmt: skip
    starved = starved_words(masses)
    if starved is not None:
        st.warning(starved, icon=":material/warning:")
    cells = _on_map(found.cells, data)
    if map_columns(cells) is not None:
        chart(weight_map_figure(cells, palette=palette()), name="weights", key="rare/weigh/map")
    csv_button(lambda: cells, name="weights", key="rare/weigh/cells", label="Weights of all cells")
    if len(masses):
        chart(type_mass_figure(masses, palette=palette()), name="type_mass",
              key="rare/weigh/mass")  # fmt: skip
        st.caption("Rarest type on top; numbers at the right: how much more often than uniform it "
                   "is drawn.")  # fmt: skip
        table(found.mass, name="type_mass", key="rare/weigh/table", formats=FORMATS)


def _on_map(cells: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    """Return the cells with their places on every map the data have."""
    maps = data.adata.obsm
    places = {
        f"{word}_{axis + 1}": maps[name][:, axis]
        for name, word in MAPS.items()
        if name in maps and maps[name].shape[1] > 1
        for axis in (0, 1)
    }
    return cells.assign(**places)


@st.cache_resource(max_entries=8, show_spinner="Weighing the cells…")
def _weighed(
    _data: Dataset, fingerprint: str, key: str, options: str, column: str | None
) -> OneShot:
    from scdyn_core.experiments.one_shot import one_shot

    return one_shot(_data, key, SamplingOptions.model_validate_json(options), column)


@st.cache_resource(max_entries=2, show_spinner="Reading the prepared data…")
def _prepared(run_id: str, dataset_id: str, fingerprint: str) -> Dataset:
    from scdyn_core.preprocess.prepared import read_prepared

    original = dataset_store().open(dataset_id)
    return read_prepared(run_store().run(run_id).path / "prepared", original).dataset
