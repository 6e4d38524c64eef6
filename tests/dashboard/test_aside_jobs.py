"""Jobs beside the app: one for everybody who asks the same, one after another, stopped in place."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard._ui.aside_jobs import AsideJobs, Job
from scdyn_core.errors import ConfigError
from scdyn_core.reporter import Cancelled, Reporter

SECONDS = 10


class Slow:
    """Does a task when it is let, unless nobody wants it any more."""

    def __init__(self) -> None:
        self.let, self.begun = threading.Event(), threading.Semaphore(0)
        self.asked: list[dict[str, Any]] = []

    def ask(
        self, task: str, request: dict[str, Any], folder: Path, reporter: Reporter
    ) -> dict[str, Any]:
        self.asked.append(request)
        self.begun.release()
        assert self.let.wait(SECONDS)
        if reporter.cancelled():
            raise Cancelled
        if task == "broken":
            raise ConfigError("task", found="x", needed="y", fix="z")
        (folder / "file").write_text("left")
        return {"asked": request["n"]}


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    yield made
    made.let.set()


@pytest.fixture
def jobs(slow: Slow) -> AsideJobs:
    return AsideJobs(kept=2, aside=slow)  # type: ignore[arg-type]


def ended(job: Job) -> BaseException | None:
    return job.future.exception(SECONDS)


def test_whoever_asks_the_same_gets_the_same_job(jobs: AsideJobs, slow: Slow) -> None:
    first = jobs.request("task", {"n": 1, "m": 2})
    assert jobs.request("task", {"m": 2, "n": 1}) is first
    assert jobs.find("task", {"n": 1, "m": 2}) is first
    assert jobs.find("task", {"n": 2}) is None
    assert first.answer is None
    slow.let.set()
    assert ended(first) is None
    assert first.answer == {"asked": 1}
    assert (first.folder / "file").read_text() == "left"
    assert len(slow.asked) == 1


def test_one_that_waits_for_its_turn_is_cancelled_without_a_start(
    jobs: AsideJobs, slow: Slow
) -> None:
    first = jobs.request("task", {"n": 1})
    assert slow.begun.acquire(timeout=SECONDS)
    second = jobs.request("task", {"n": 2})
    jobs.drop(second)
    slow.let.set()
    third = jobs.request("task", {"n": 3})
    assert ended(third) is None
    assert second.future.cancelled()
    assert first.answer == {"asked": 1}
    assert [request["n"] for request in slow.asked] == [1, 3]


def test_one_that_is_dropped_stops_and_starts_anew_when_it_is_asked_again(
    jobs: AsideJobs, slow: Slow
) -> None:
    first = jobs.request("task", {"n": 1})
    assert slow.begun.acquire(timeout=SECONDS)
    jobs.drop(first)
    again = jobs.request("task", {"n": 1})
    assert again is not first
    slow.let.set()
    assert isinstance(ended(first), Cancelled)
    assert ended(again) is None
    assert again.answer == {"asked": 1}


def test_an_error_is_kept_until_the_job_is_dropped(jobs: AsideJobs, slow: Slow) -> None:
    slow.let.set()
    job = jobs.request("broken", {"n": 1})
    assert isinstance(ended(job), ConfigError)
    assert job.answer is None
    assert jobs.request("broken", {"n": 1}) is job


def test_old_answers_are_forgotten_with_their_files(jobs: AsideJobs, slow: Slow) -> None:
    slow.let.set()
    folders = []
    for number in range(4):
        job = jobs.request("task", {"n": number})
        assert ended(job) is None
        folders.append(job.folder)
    del job
    gc.collect()
    assert [folder.exists() for folder in folders] == [False, False, True, True]
