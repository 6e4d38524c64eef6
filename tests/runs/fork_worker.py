"""Starts workers without waiting for imports: a child forked for every run folder on its input.

Prints the pid of the child, and once it is gone an empty line.
"""

import os
import sys
from pathlib import Path

import torch  # noqa: F401

from scdyn_core.runs import work  # noqa: F401
from scdyn_core.runs.execute import execute
from scdyn_core.runs.reporter import RunReporter
from scdyn_core.runs.run import Run
from tests.runs.line_method import register


def main() -> None:
    register()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            run = Run.open(Path(line.rstrip("\n")))
            with RunReporter(run) as reporter:
                execute(run, reporter)
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        os.waitpid(pid, 0)
        sys.stdout.write("\n")
        sys.stdout.flush()


main()
