"""The supervisor: background threads of the app that keep every slot at work."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from scdyn_core.runs.executors.executor import Executor
from scdyn_core.runs.executors.local import LocalExecutor
from scdyn_core.runs.queue import bury, claim
from scdyn_core.runs.run import Run
from scdyn_core.runs.slots import Slot, find_slots
from scdyn_core.runs.store import RunStore

LOOK_FOR_WORK_SECONDS = 0.5
LOOK_FOR_DEAD_SECONDS = 2.0

_log = logging.getLogger(__name__)


class Supervisor:
    """Runs the queue of a store, one thread per slot, each run in a process of its own.

    Several supervisors, in one process or many, can share a store.

    Parameters
    ----------
    store
        Whose runs.
    slots
        Where runs work at the same time; every GPU and the CPU when not given.
    executor
        How a run is carried out; a process on this machine when not given.
    """

    def __init__(
        self,
        store: RunStore,
        slots: Sequence[Slot] | None = None,
        executor: Executor | None = None,
    ) -> None:
        self.store = store
        self.slots = tuple(find_slots() if slots is None else slots)
        self._executor = executor or LocalExecutor()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._working: dict[str, Run] = {}

    def start(self) -> None:
        """Mark orphans as interrupted, then start taking runs."""
        bury(self.store)
        self._threads = [
            threading.Thread(target=self._bury_the_dead, name="run-burial", daemon=True),
            *(
                threading.Thread(target=self._serve, args=(slot,), name=slot.name, daemon=True)
                for slot in self.slots
            ),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 15.0) -> None:
        """Stop every worker at a checkpoint and take no more runs; they can be resumed."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout)

    @property
    def working(self) -> dict[str, Run]:
        """Name of a slot -> the run this supervisor has there now."""
        return dict(self._working)

    def _serve(self, slot: Slot) -> None:
        home = {"SCDYN_HOME": str(self.store.workspace.home)}
        while not self._stopping.is_set():
            try:
                run = claim(self.store, slot.accepts)
                if run is not None:
                    self._working[slot.name] = run
                    self._executor(run, {**home, **slot.environment}, self._stopping)
                    continue
            except Exception:
                # One broken run folder or a full disk must not cost the queue its slot.
                _log.exception("slot %s", slot.name)
            finally:
                self._working.pop(slot.name, None)
            self._stopping.wait(LOOK_FOR_WORK_SECONDS)

    def _bury_the_dead(self) -> None:
        while not self._stopping.wait(LOOK_FOR_DEAD_SECONDS):
            try:
                bury(self.store)
            except Exception:
                _log.exception("burying runs without a worker")
