"""Everything there is to go to: pages, datasets, runs, samples, and genes of the dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.navigation import go_to, page_titles
from dashboard._ui.results_page import results_page
from dashboard._ui.runs_label import run_label
from dashboard._ui.sample_gallery import open_sample
from dashboard._ui.selection import current_dataset
from dashboard._ui.services import dataset_records, dataset_store, run_store
from dashboard._ui.text import count
from scdyn_core.data.samples import SAMPLES
from scdyn_core.errors import InputError

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.runs.run import Run


@dataclass(frozen=True)
class Target:
    """A place with its name, which is shown letter by letter, and the way there."""

    label: str
    go: Callable[[], None]


def targets() -> list[Target]:
    """Return every place, pages first; no two have the same label."""
    found = [*_pages(), *_datasets(), *_runs(), *_samples(), *_genes()]
    return list({target.label: target for target in found}.values())


def _pages() -> Iterator[Target]:
    for name, (title, _) in page_titles().items():
        yield Target(f"{title} · page", partial(go_to, name))


def _datasets() -> Iterator[Target]:
    for record in dataset_records():
        label = f"{record.name} · dataset, {count(record.n_cells, 'cell')} · {record.id[:6]}"
        yield Target(label, partial(go_to, "data", dataset=record.id))


def _runs() -> Iterator[Target]:
    for run in run_store().runs():
        yield Target(f"{run_label(run)} · run, {run.state.status}", partial(_open_run, run))


def _open_run(run: Run) -> None:
    trained = run.spec.kind in ("train", "experiment") and run.state.status == "done"
    go_to((trained and results_page(run)) or "runs", run=run.id)


def _samples() -> Iterator[Target]:
    for sample in SAMPLES:
        fetched = f", download of {sample.size / 1e6:.0f} MB" if sample.kind == "download" else ""
        yield Target(f"{sample.title} · sample{fetched}", partial(open_sample, sample))


def _genes() -> Iterator[Target]:
    record = current_dataset()
    if record is None:
        return
    try:
        names = _names(record.id, record.fingerprint)
    except InputError:
        return  # the pages about the dataset say what is wrong with it
    for name in names:
        yield Target(f"{name} · gene", partial(_open_gene, record, name))


def _open_gene(record: DatasetRecord, gene: str) -> None:
    go_to("latent", dataset=record.id, of="data", colour=f"gene/{gene}")


@st.cache_resource(max_entries=4, show_spinner=False)
def _names(dataset_id: str, fingerprint: str) -> tuple[str, ...]:
    """Return the genes of a dataset; ``fingerprint`` is part of the key."""
    from scdyn_core.data.gene_names import gene_names

    return gene_names(dataset_store().path(dataset_id))
