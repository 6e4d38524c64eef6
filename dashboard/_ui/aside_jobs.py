"""Work of seconds that a page asks for: done aside, watched and cancelled in place.

A job is known by what it is asked: whoever asks for the same gets the same job, done once.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import weakref
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import streamlit as st

from dashboard._ui.errors import show_error
from dashboard._ui.greyed import greyed
from dashboard._ui.text import plain
from scdyn_core.aside.asker import Aside
from scdyn_core.errors import ScdynError
from scdyn_core.reporter import Cancelled, SilentReporter

#: Jobs whose answers and files are kept.
_KEPT = 64
REFRESH_SECONDS = 0.3


class Listener(SilentReporter):
    """Remembers how far a job is, for whoever asks; stops it when nobody wants it."""

    def __init__(self, step: str = "waiting for its turn") -> None:
        self.share = 0.0
        self.step = step
        self.unwanted = False

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """Remember the step that is worked on."""
        self.share = done / total if total else 0.0
        self.step = message or stage

    def cancelled(self) -> bool:
        """Whether somebody cancelled the job."""
        return self.unwanted


@dataclass
class Job:
    """Work that is waiting, under way or done.

    Attributes
    ----------
    folder
        Where the task reads and leaves files; kept as long as the job.
    """

    key: str
    future: Future[dict[str, Any]]
    listener: Listener
    folder: Path

    def __post_init__(self) -> None:
        # A page may still read the files of a job that others have forgotten.
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    @property
    def answer(self) -> dict[str, Any] | None:
        """What the task answered; ``None`` unless it is done and well."""
        if not self.future.done() or self.future.cancelled() or self.future.exception():
            return None
        return self.future.result()


@dataclass
class AsideJobs:
    """The newest jobs by what they were asked, done one after another."""

    kept: int = _KEPT
    jobs: OrderedDict[str, Job] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)
    turn: Lock = field(default_factory=Lock)
    aside: Aside = field(default_factory=Aside)

    def request(self, task: str, request: dict[str, Any]) -> Job:
        """Return the job of a request, started when it is new."""
        key = hashlib.sha256(json.dumps([task, request], sort_keys=True).encode()).hexdigest()
        with self.lock:
            job = self.jobs.get(key)
            if job is None:
                folder = Path(tempfile.mkdtemp(prefix="scdyn-aside-"))
                self.jobs[key] = job = Job(key, Future(), Listener(), folder)
                # A daemon: closing the app does not wait for it.
                Thread(target=self._work, args=(job, task, request), daemon=True).start()
            self.jobs.move_to_end(key)
            self._forget_old()
            return job

    def find(self, task: str, request: dict[str, Any]) -> Job | None:
        """Return the job of a request if there is one."""
        key = hashlib.sha256(json.dumps([task, request], sort_keys=True).encode()).hexdigest()
        return self.jobs.get(key)

    def drop(self, job: Job) -> None:
        """Stop a job, or forget what became of it: the next request starts it anew."""
        with self.lock:
            self.jobs.pop(job.key, None)
            job.listener.unwanted = True
            job.future.cancel()

    def _work(self, job: Job, task: str, request: dict[str, Any]) -> None:
        with self.turn:
            if job.listener.unwanted or not job.future.set_running_or_notify_cancel():
                return
            job.listener.step = "starting"
            try:
                job.future.set_result(self.aside.ask(task, request, job.folder, job.listener))
            except BaseException as error:
                job.future.set_exception(error)

    def _forget_old(self) -> None:
        done = [key for key, job in self.jobs.items() if job.future.done()]
        for key in done[: max(0, len(self.jobs) - self.kept)]:
            del self.jobs[key]


def aside_job(task: str, request: dict[str, Any]) -> Job:
    """Return the job that does what is asked; started once, and kept while it is new enough."""
    return _jobs().request(task, request)


def known_job(task: str, request: dict[str, Any]) -> Job | None:
    """Return the job that does what is asked if it was ever started; starts nothing."""
    return _jobs().find(task, request)


def shown(
    job: Job, title: str, *, key: str, jobs: AsideJobs | None = None
) -> dict[str, Any] | None:
    """Return the answer of a job; until it is there, draw its progress and a way to cancel it.

    Parameters
    ----------
    job
        From :func:`aside_job`.
    title
        What is done, in words.
    key
        Of the widgets.
    jobs
        Where the job is from, if not from :func:`aside_job`.
    """
    if not job.future.done():
        st.fragment(_wait, run_every=REFRESH_SECONDS)(job, title, key)
        return None
    if job.answer is not None:
        return job.answer
    error = None if job.future.cancelled() else job.future.exception()
    if error is None or isinstance(error, Cancelled):
        st.caption(f"{title}: cancelled.")
    elif isinstance(error, ScdynError):
        show_error(error)
    else:
        st.error(f"{title} stopped: {plain(error)}.", icon=":material/error:")
    st.button(
        "Try again", icon=":material/refresh:", key=f"{key}/again", on_click=(jobs or _jobs()).drop,
        args=(job,),
    )  # fmt: skip
    return None


def _wait(job: Job, title: str, key: str) -> None:
    if job.future.done():
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(
            min(job.listener.share, 1.0), text=f"{title}: {plain(job.listener.step.lower())}…"
        )
        st.button("Cancel", key=f"{key}/cancel", icon=":material/stop:", on_click=_cancel,
                  args=(job,), **greyed("It stops at its next step."
                                        if job.listener.unwanted else None,
                                        "Stops the work; nothing else is affected"))  # fmt: skip


def _cancel(job: Job) -> None:
    job.listener.unwanted = True
    job.future.cancel()


@st.cache_resource(show_spinner=False)
def _jobs() -> AsideJobs:
    return AsideJobs()
