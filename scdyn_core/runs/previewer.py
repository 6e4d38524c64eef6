"""Previews computed in one warm process beside the caller's.

Compiling and computing would hold up whoever shares a process with it; and a preview that
crashes or runs out of memory costs nothing but itself.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scdyn_core import errors
from scdyn_core.errors import ConfigError, ScdynError
from scdyn_core.reporter import Cancelled, Reporter, SilentReporter
from scdyn_core.runs.preview_worker import TABLES

if TYPE_CHECKING:
    from scdyn_core.data.roles import Roles
    from scdyn_core.preprocess.preview import Preview
    from scdyn_core.preprocess.recipe import Recipe

LOOK_SECONDS = 0.2
#: A preview nobody wants stops at its next step; after this long its process is ended instead.
PATIENCE_SECONDS = 4.0
_ROOT = Path(__file__).resolve().parents[2]


class Previewer:
    """Computes one preview after another; not to be entered by two threads at once."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process that computes; ``None`` before the first preview."""
        return None if self._process is None else self._process.pid

    def preview(
        self,
        data: Path,
        roles: Roles,
        recipe: Recipe,
        n_cells: int,
        reporter: Reporter | None = None,
    ) -> Preview:
        """Apply ``recipe`` to at most ``n_cells`` cells of a stored dataset.

        Parameters
        ----------
        data
            ``data.h5ad`` of a dataset in the store; uploads are never read here.
        roles, recipe, n_cells
            As ``preprocess.preview.preview`` takes them.
        reporter
            Hears how far it is, and says when the preview is no longer wanted.

        Raises
        ------
        ScdynError
            What the preview raised; or that a step failed, or its process crashed or was
            ended for want of memory. The next preview starts a new process.
        Cancelled
            When ``reporter`` said so.
        """
        reporter = reporter or SilentReporter()
        with tempfile.TemporaryDirectory(prefix="scdyn-preview-") as folder:
            request = {
                "data": str(data),
                "roles": roles.model_dump(),
                "recipe": recipe.model_dump(mode="json"),
                "n_cells": n_cells,
                "folder": folder,
            }
            return _read(Path(folder), self._ask(request, reporter))

    def close(self) -> None:
        """End the process; the next preview starts another."""
        if self._process is not None:
            _end(self._process)
            self._process = None

    def _ask(self, request: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
        process = self._running()
        step = ""
        try:
            _say(process, request)
            for answer in _answers(process, reporter):
                if "progress" in answer:
                    reporter.progress(*answer["progress"])
                    step = answer["progress"][-1]
                elif "done" in answer:
                    return answer
                else:
                    raise _as_raised(answer)
        except BrokenPipeError:
            pass  # it died before it could hear the request
        status = process.wait()
        raise _broken(_ending(status), step)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "scdyn_core.runs.preview_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                # Ctrl-C in the terminal is for the app, which takes this process with it.
                start_new_session=True,
            )
            weakref.finalize(self, _end, self._process)
        return self._process


def _say(process: subprocess.Popen[bytes], words: dict[str, Any]) -> None:
    assert process.stdin is not None
    line = json.dumps(words).encode() + b"\n"
    while line:
        line = line[process.stdin.write(line) :]


def _answers(process: subprocess.Popen[bytes], reporter: Reporter) -> Iterator[dict[str, Any]]:
    """Yield what the process says until it ends; see to it that an unwanted preview stops."""
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
                _say(process, {"cancel": True})
            elif unwanted_since and time.monotonic() - unwanted_since > PATIENCE_SECONDS:
                process.kill()
                # Until it is gone it would be asked for the next preview, and never answer.
                process.wait()
                break
    if unwanted_since is not None:
        raise Cancelled


def _read(folder: Path, answer: dict[str, Any]) -> Preview:
    import pandas as pd

    from scdyn_core.preprocess.preview import Preview
    from scdyn_core.preprocess.step import StepRecord

    used, total = answer["done"]
    return Preview(
        cells_used=used,
        cells_total=total,
        records=tuple(StepRecord.model_validate(record) for record in answer["records"]),
        **{name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES},
    )


def _as_raised(answer: dict[str, Any]) -> Exception:
    if "cancelled" in answer:
        return Cancelled()
    if "error" in answer:
        parts = dict(answer["error"])
        kind: type[ScdynError] = getattr(errors, parts.pop("kind"), ScdynError)
        return kind(parts.pop("place"), **parts)
    return _broken(answer["broken"], answer["step"])


def _ending(status: int) -> str:
    if status == -signal.SIGKILL:
        return "it was ended from outside, most often because memory ran out"
    if status < 0:
        return f"it crashed ({signal.Signals(-status).name})"
    return f"its process ended by itself (code {status})"


def _broken(found: str, step: str) -> ConfigError:
    return ConfigError(
        f"preview, step {step}" if step else "preview",
        found=found,
        needed="a step that can be computed on these cells",
        fix="Change or remove this step, preview fewer cells, or try again. Nothing else is "
        "affected.",
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
