"""Workers on a ``dask.distributed`` cluster that shares the file system of the run folders."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scdyn_core.errors import ConfigError
from scdyn_core.runs.executors.local import LocalExecutor
from scdyn_core.runs.queue import bury_run
from scdyn_core.runs.run import Run
from scdyn_core.runs.slots import Slot
from scdyn_core.runs.writer import RunWriter

WATCH_SECONDS = 0.5


class DaskExecutor:
    """Sends the run folder to a cluster; start its workers with one thread, one per GPU.

    Parameters
    ----------
    address
        Address of the scheduler, such as ``tcp://host:8786``.

    Raises
    ------
    ConfigError
        When ``distributed`` is not installed or the scheduler does not answer.
    """

    def __init__(self, address: str) -> None:
        try:
            self._distributed: Any = importlib.import_module("distributed")
            self._client = self._distributed.Client(address)
        except ImportError as error:
            raise ConfigError(
                "executor dask",
                found="the package distributed is not installed",
                needed="dask.distributed, to reach a cluster",
                fix="Install it with `pip install distributed`, or use the local executor.",
            ) from error
        except (OSError, ValueError) as error:
            raise ConfigError(
                "executor dask",
                found=f"no scheduler answers at {address}",
                needed="the address of a running dask scheduler",
                fix="Start the cluster or correct the address.",
            ) from error

    def slots(self) -> list[Slot]:
        """Return one slot per worker of the cluster."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        return [Slot(f"dask {address}") for address in workers]

    def __call__(self, run: Run, environment: Mapping[str, str], stopping: threading.Event) -> None:
        """Carry out ``run`` on the cluster, where it goes on when the app ends."""
        future = self._client.submit(_carry_out, str(run.path), dict(environment), pure=False)
        self._distributed.fire_and_forget(future)
        while not future.done() and not stopping.is_set():
            stopping.wait(WATCH_SECONDS)
        if future.done() and future.exception() is not None:
            bury_run(run, f"the cluster gave it up: {future.exception()}")


def _carry_out(path: str, environment: dict[str, str]) -> None:
    run = Run.open(Path(path))
    # From here on the process to look for is on this machine, not the app's.
    RunWriter(run).start()
    LocalExecutor()(run, environment, threading.Event())
