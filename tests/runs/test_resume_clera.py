"""CLERA itself: a run that was killed ends bit-equal to one that was not."""

import os
import signal

from scdyn_core.runs.slots import Slot
from scdyn_core.runs.state import ENDED
from scdyn_core.runs.supervisor import Supervisor
from tests.runs.clera_spec import assert_same_results, clera_spec
from tests.runs.line_method import wait_for


def test_a_killed_run_ends_bit_equal_to_an_uninterrupted_one(store, tmp_path):
    spec = clera_spec(tmp_path, fit_epochs=150, replicates=2)
    killed, whole = store.submit(spec), store.submit(spec)
    supervisor = Supervisor(store, [Slot("CPU")])
    supervisor.start()
    try:
        wait_for(lambda: killed.checkpoints or killed.state.status in ENDED)
        assert killed.state.status == "running", killed.log()
        os.kill(killed.state.pid, signal.SIGKILL)
        wait_for(lambda: killed.state.status == "interrupted")
        store.resume(killed)
        wait_for(lambda: killed.state.status in ENDED and whole.state.status in ENDED)
    finally:
        supervisor.stop()
    assert_same_results(killed, whole)
