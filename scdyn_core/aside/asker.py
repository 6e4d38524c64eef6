"""Work of seconds, done in one warm process beside the caller's.

Compiling and computing would hold up whoever shares a process with it; and work that crashes or
runs out of memory costs nothing but itself.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from scdyn_core import errors
from scdyn_core.errors import ConfigError, ScdynError
from scdyn_core.reporter import Cancelled, Reporter, SilentReporter

LOOK_SECONDS = 0.2
#: Work nobody wants stops where it next looks; after this long its process is ended instead.
PATIENCE_SECONDS = 4.0
_ROOT = Path(__file__).resolve().parents[2]


class Aside:
    """Has one task done after another; not to be entered by two threads at once."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process that works; ``None`` before the first task."""
        return None if self._process is None else self._process.pid

    def ask(
        self, task: str, request: dict[str, Any], folder: Path, reporter: Reporter | None = None
    ) -> dict[str, Any]:
        """Have a task done and return its answer.

        Parameters
        ----------
        task
            Name of a module in ``scdyn_core.aside.tasks``.
        request
            What the task is asked, as JSON.
        folder
            Where it reads and leaves arrays and tables.
        reporter
            Hears how far it is, and says when it is no longer wanted.

        Raises
        ------
        ScdynError
            What the task raised; or that it failed, or its process crashed or was ended for
            want of memory. The next task starts a new process.
        Cancelled
            When ``reporter`` said so.
        """
        process = self._running()
        words = {"task": task, "request": request, "folder": str(folder)}
        try:
            answer = _answer(process, words, reporter or SilentReporter())
        except BaseException:
            # The answer that is still to come would be taken for that to the next request.
            _end(process)
            raise
        if "done" not in answer:
            raise _as_raised(task, answer)
        done: dict[str, Any] = answer["done"]
        return done

    def close(self) -> None:
        """End the process; the next task starts another."""
        if self._process is not None:
            _end(self._process)
            self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "scdyn_core.aside.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                # Ctrl-C in the terminal is for the app, which takes this process with it.
                start_new_session=True,
            )
            weakref.finalize(self, _end, self._process)
        return self._process


def _answer(
    process: subprocess.Popen[bytes], words: dict[str, Any], reporter: Reporter
) -> dict[str, Any]:
    """Return the last answer to a request, and pass on the others, which are progress."""
    step = ""
    with suppress(BrokenPipeError):  # it died before it could hear the request
        _say(process, words)
        for answer in _answers(process, reporter):
            if "progress" not in answer:
                return answer
            reporter.progress(*answer["progress"])
            step = answer["progress"][-1]
    raise _broken(words["task"], _ending(process.wait()), step)


def _say(process: subprocess.Popen[bytes], words: dict[str, Any]) -> None:
    assert process.stdin is not None
    line = json.dumps(words).encode() + b"\n"
    while line:
        line = line[process.stdin.write(line) :]


def _answers(process: subprocess.Popen[bytes], reporter: Reporter) -> Iterator[dict[str, Any]]:
    """Yield what the process says until it ends; see to it that unwanted work stops."""
    assert process.stdout is not None
    unwanted_since: float | None = None
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if selector.select(LOOK_SECONDS):
                heard = process.stdout.read(1 << 16)
                if not heard:
                    break
                *lines, rest = (rest + heard).split(b"\n")
                yield from map(json.loads, lines)
            if unwanted_since is None and reporter.cancelled():
                unwanted_since = time.monotonic()
                with suppress(BrokenPipeError):  # nobody is left to hear it
                    _say(process, {"cancel": True})
            elif unwanted_since and time.monotonic() - unwanted_since > PATIENCE_SECONDS:
                process.kill()
                # Until it is gone it would be asked for the next task, and never answer.
                process.wait()
                break
    if unwanted_since is not None:
        raise Cancelled


def _as_raised(task: str, answer: dict[str, Any]) -> Exception:
    if "cancelled" in answer:
        return Cancelled()
    if "error" in answer:
        parts = dict(answer["error"])
        kind: type[ScdynError] = getattr(errors, parts.pop("kind"), ScdynError)
        return kind(parts.pop("place"), **parts)
    return _broken(task, answer["broken"], answer["step"])


def _ending(status: int) -> str:
    if status == -signal.SIGKILL:
        return "it was ended from outside, most often because memory ran out"
    if status < 0:
        return f"it crashed ({signal.Signals(-status).name})"
    return f"its process ended by itself (code {status})"


def _broken(task: str, found: str, step: str) -> ConfigError:
    what = task.replace("_", " ")
    return ConfigError(
        f"{what}, step {step}" if step else what,
        found=found,
        needed="something that can be computed on these cells",
        fix="Change what you asked for, take fewer cells, or try again. Nothing else is affected.",
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
