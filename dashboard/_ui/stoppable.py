"""Work of seconds that a page waits for: with how long it takes, and a button that stops it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

import streamlit as st

from scdyn_core.reporter import Reporter, SilentReporter

ResultT = TypeVar("ResultT")
#: Work that ends at once is not announced.
QUIET_SECONDS, REFRESH_SECONDS = 0.5, 0.25


class _Listener(SilentReporter):
    """Remembers how far the work is, and that nobody waits for it any more."""

    def __init__(self) -> None:
        self.share = 0.0
        self.unwanted = False

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """Remember the share that is done."""
        self.share = min(done / total, 1.0) if total else 0.0

    def cancelled(self) -> bool:
        """Whether nobody waits any more."""
        return self.unwanted


def stoppable(
    title: str, work: Callable[[Reporter], ResultT], on_stop: Callable[[], None] | None = None
) -> ResultT:
    """Do work beside the page and return its result; what it raises is raised here.

    Pressing the button draws the page anew, which ends the waiting: the work is told that nobody
    wants it, and what it still returns is lost.

    Parameters
    ----------
    title
        What is done, as Markdown.
    work
        Called in a thread of its own, where no widget may be drawn.
    on_stop
        Called before the page is drawn anew.
    """
    listener, future = _Listener(), Future[ResultT]()
    Thread(target=_work, args=(work, listener, future), daemon=True).start()
    begun = time.monotonic()
    wait([future], QUIET_SECONDS)
    place = st.empty()
    try:
        if not future.done():
            with place.container(horizontal=True, vertical_alignment="center"):
                bar = st.progress(0.0, text=title)
                st.button(
                    "Cancel",
                    key=f"stop/{id(future)}",
                    icon=":material/stop:",
                    on_click=on_stop,
                    help="Stops the work; nothing else is affected",
                )
            while not future.done():
                bar.progress(listener.share, text=f"{title} {time.monotonic() - begun:.0f} s")
                wait([future], REFRESH_SECONDS)
            place.empty()
    finally:
        listener.unwanted = True
    return future.result()


def _work(
    work: Callable[[Reporter], ResultT], listener: _Listener, future: Future[ResultT]
) -> None:
    try:
        future.set_result(work(listener))
    except BaseException as error:
        future.set_exception(error)
