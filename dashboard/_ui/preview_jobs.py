"""Previews of recipes, computed one at a time beside the pages.

The work is done in a process of its own; the thread of a preview only waits for it.
"""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

import streamlit as st

from dashboard._ui.aside_jobs import Listener
from dashboard._ui.recipe import current_recipe
from dashboard._ui.services import dataset_store
from scdyn_core.aside.previewer import Previewer
from scdyn_core.errors import ScdynError

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.data.roles import Roles
    from scdyn_core.preprocess.preview import Preview
    from scdyn_core.preprocess.recipe import Recipe
    from scdyn_core.preprocess.step import StepRecord

CELLS = (500, 1000, 3000)
_KEPT = 16
Key = tuple[str, str, str, int]


@dataclass
class PreviewJob:
    """One preview, waiting, under way or done."""

    future: Future[Preview]
    listener: Listener


@dataclass(frozen=True)
class Work:
    """What a preview is made of: a stored dataset, its roles, the recipe, how many cells."""

    data: Path
    roles: Roles
    recipe: Recipe
    n_cells: int


@dataclass
class PreviewJobs:
    """The newest previews by what they were made of."""

    jobs: OrderedDict[Key, PreviewJob] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)
    turn: Lock = field(default_factory=Lock)
    previewer: Previewer = field(default_factory=Previewer)

    def request(self, key: Key, work: Work) -> PreviewJob:
        """Return the preview under ``key``, started when it is new."""
        with self.lock:
            job = self.jobs.get(key)
            if job is None or job.listener.unwanted or job.future.cancelled():
                self.jobs[key] = job = PreviewJob(Future(), Listener("getting ready"))
                # A daemon: closing the app does not wait for a preview.
                Thread(target=self._work, args=(job, work), daemon=True).start()
            self.jobs.move_to_end(key)
            while len(self.jobs) > _KEPT:
                self.jobs.popitem(last=False)
            return job

    def _work(self, job: PreviewJob, work: Work) -> None:
        with self.turn:
            if not job.future.set_running_or_notify_cancel():
                return
            try:
                seen = self.previewer.preview(
                    work.data, work.roles, work.recipe, work.n_cells, job.listener
                )
                job.future.set_result(seen)
            except Exception as error:
                job.future.set_exception(error)

    def drop(self, key: Key) -> None:
        """Stop a preview that its page no longer shows, unless it is done."""
        with self.lock:
            job = self.jobs.get(key)
            if job is not None and not job.future.done():
                job.listener.unwanted = True
                job.future.cancel()

    def forget(self, key: Key) -> None:
        """Have a preview made anew when it is asked for again."""
        with self.lock:
            self.jobs.pop(key, None)


def preview_job(record: DatasetRecord, recipe: Recipe, n_cells: int) -> PreviewJob:
    """Return the preview of a recipe on a dataset; another one of this page is stopped."""
    key = (record.fingerprint, record.roles.model_dump_json(), recipe.digest(), n_cells)
    shown: Key | None = st.session_state.get("preview_shown")
    if shown is not None and shown != key:
        _jobs().drop(shown)
    st.session_state["preview_shown"] = key
    work = Work(dataset_store().path(record.id), record.roles, recipe, n_cells)
    return _jobs().request(key, work)


def preview_again() -> None:
    """Make the preview of this page once more."""
    shown: Key | None = st.session_state.get("preview_shown")
    if shown is not None:
        _jobs().forget(shown)


def start_preview(record: DatasetRecord) -> None:
    """Begin the preview that the Preprocess page will show; what is wrong is shown there."""
    recipe = current_recipe(record)
    with suppress(ScdynError):
        recipe.check(record.roles)
        preview_job(record, recipe, chosen_cells())


def steps_done(job: PreviewJob | None) -> dict[int, StepRecord]:
    """Return what each step did, by its position; empty while the preview is not done."""
    if job is None or not job.future.done() or job.future.cancelled() or job.future.exception():
        return {}
    return dict(enumerate(job.future.result().records))


def chosen_cells() -> int:
    """Return on how many cells previews are made."""
    return int(st.session_state.get("preview_cells", CELLS[1]))


@st.cache_resource(show_spinner=False)
def _jobs() -> PreviewJobs:
    return PreviewJobs()
