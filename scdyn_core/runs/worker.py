"""The worker process: ``python -m scdyn_core.runs.worker RUN_DIR``.

Only the standard library is imported before the number of threads is settled, because numpy
and torch read it once, when they are imported.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scdyn_core.runs.threads import set_threads

if TYPE_CHECKING:
    from scdyn_core.runs.reporter import RunReporter
    from scdyn_core.runs.run import Run

#: Added to the scheduling priority number, so that the dashboard stays responsive.
NICENESS = 10
#: After the app is gone, a run that reaches no safe point in this time is given up.
GRACE_SECONDS = 10.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the run of a folder; return the exit status of the process."""
    parser = argparse.ArgumentParser(prog="python -m scdyn_core.runs.worker")
    parser.add_argument("run_dir", type=Path)
    parser.add_argument("--parent-pid", type=int, help="stop when this process is gone")
    parsed = parser.parse_args(arguments)
    faulthandler.enable()
    os.nice(NICENESS)
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    set_threads(_wanted_threads(parsed.run_dir))
    return _carry_out(parsed.run_dir, parsed.parent_pid)


def _wanted_threads(run_dir: Path) -> int:
    try:
        config = json.loads((run_dir / "config.json").read_text(encoding="utf-8"))
        return int(config["options"]["threads"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _carry_out(run_dir: Path, parent_pid: int | None) -> int:
    from scdyn_core.errors import RunError
    from scdyn_core.runs.execute import execute
    from scdyn_core.runs.reporter import RunReporter
    from scdyn_core.runs.run import Run

    try:
        run = Run.open(run_dir)
        with RunReporter(run) as reporter:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: reporter.stop())
            if parent_pid is not None:
                watch = threading.Thread(
                    target=_outlive_no_parent, args=(run, reporter, parent_pid), daemon=True
                )
                watch.start()
            state = execute(run, reporter)
    except RunError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 1 if state.status == "failed" else 0


def _outlive_no_parent(run: Run, reporter: RunReporter, parent_pid: int) -> None:
    """Stop the run when the app is gone; nobody would hear of its end or could cancel it."""
    from scdyn_core.runs.queue import bury_run

    while os.getppid() == parent_pid:
        time.sleep(0.5)
    reporter.stop()
    time.sleep(GRACE_SECONDS)
    bury_run(run, "the app that supervised it ended, and it did not stop in time")
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
