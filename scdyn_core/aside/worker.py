"""The process that works beside the dashboard: ``python -m scdyn_core.aside.worker``.

It reads requests, one JSON object a line, from standard input, answers in the same way on
standard output and leaves arrays and tables in the folder that the request names. When standard
input ends, because whoever asks has closed it or was killed, the process ends too, even in the
middle of a task. Only the standard library is imported before the number of threads is settled.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import sys
import threading
from importlib import import_module
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TextIO

from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.runs.threads import set_threads

#: Before training (10) and after the dashboard (0).
NICENESS = 5
#: Nobody asks any more: the memory is better given back.
IDLE_SECONDS = 900.0


class Answers(SilentReporter):
    """Tells the asker how far the work is, and hears when nobody wants it any more."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self.step = ""
        self.unwanted = threading.Event()

    def say(self, **answer: Any) -> None:
        """Write one answer."""
        self._out.write(json.dumps(answer) + "\n")
        self._out.flush()

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        """Pass on how far the work is."""
        self.step = message
        self.say(progress=[stage, done, total, message])

    def cancelled(self) -> bool:
        """Whether the asker wants it no more."""
        return self.unwanted.is_set()


def main() -> None:
    """Answer requests until nobody asks any more."""
    faulthandler.enable()
    os.nice(NICENESS)
    set_threads(1)
    _offer_to_the_kernel()
    # What libraries print must not get between the answers.
    answers = Answers(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    requests: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, answers), daemon=True).start()
    with contextlib.suppress(Empty):
        while True:
            _answer(requests.get(timeout=IDLE_SECONDS), answers)


def _listen(requests: SimpleQueue[dict[str, Any]], answers: Answers) -> None:
    for line in sys.stdin:
        request = json.loads(line)
        if "cancel" in request:
            answers.unwanted.set()
        else:
            answers.unwanted.clear()
            requests.put(request)
    os._exit(0)


def _answer(request: dict[str, Any], answers: Answers) -> None:
    from scdyn_core.errors import ScdynError

    answers.step = ""
    try:
        task = import_module(f"scdyn_core.aside.tasks.{request['task']}")
        answers.say(done=task.work(request["request"], Path(request["folder"]), answers))
    except Cancelled:
        answers.say(cancelled=True)
    except ScdynError as error:
        answers.say(error=error.as_dict())
    except MemoryError:
        answers.say(broken="it takes more memory than was left", step=answers.step)
    except Exception as error:
        answers.say(broken=f"{type(error).__name__}: {error}", step=answers.step)


def _offer_to_the_kernel() -> None:
    """Where memory runs out, Linux shall end this process and not the app or a training."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    main()
