"""What the supervisor asks of an executor."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Protocol

from scdyn_core.runs.run import Run


class Executor(Protocol):
    """Carries out one run and comes back when its folder says how it ended."""

    def __call__(self, run: Run, environment: Mapping[str, str], stopping: threading.Event) -> None:
        """Carry out ``run``.

        Parameters
        ----------
        run
            A claimed run.
        environment
            Environment variables of the worker, on top of its machine's own.
        stopping
            Set when the app ends: stop the worker at a checkpoint and come back.
        """
