"""CLERA itself: a run that was killed ends bit-equal to one that was not."""

import os
import signal

import pandas as pd
import pytest

from scdyn_core.data.load import load
from scdyn_core.data.simulators.registry import simulate
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.preprocess.recipe import RECIPES
from scdyn_core.runs.slots import Slot
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.runs.state import ENDED
from scdyn_core.runs.supervisor import Supervisor
from scdyn_core.training.options import TrainingOptions
from tests.runs.line_method import wait_for


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "hopf.h5ad"
    simulate("hopf", n_cells=300, n_genes=30, keep_true_velocity=True).write_h5ad(path)
    dataset = load(path)
    config = CleraConfig(warmup_epochs=20, fit_epochs=400, refine_epochs=40)
    return RunSpec(
        kind="train",
        dataset=DatasetRef(
            path=path, name="hopf", fingerprint=dataset.fingerprint, roles=dataset.roles
        ),
        recipe=RECIPES["none"],
        method="clera",
        config=config.model_dump(mode="json"),
        options=TrainingOptions(
            threads=1, device="cpu", replicates=2, seed=3, checkpoint_seconds=0.1
        ),
    )


def test_a_killed_run_ends_bit_equal_to_an_uninterrupted_one(store, spec):
    whole, killed = store.submit(spec), store.submit(spec)
    supervisor = Supervisor(store, [Slot("CPU")])
    supervisor.start()
    try:
        wait_for(lambda: killed.checkpoints or killed.state.status in ENDED, 240)
        assert killed.state.status == "running", killed.log()
        os.kill(killed.state.pid, signal.SIGKILL)
        wait_for(lambda: killed.state.status == "interrupted")
        store.resume(killed)
        wait_for(lambda: killed.state.status in ENDED, 240)
    finally:
        supervisor.stop()
    assert whole.state.status == killed.state.status == "done", killed.log()
    assert killed.scores() == whole.scores()
    assert killed.tables == whole.tables
    for name in whole.tables:
        pd.testing.assert_frame_equal(killed.table(name), whole.table(name), check_exact=True)
    pd.testing.assert_frame_equal(killed.metrics(), whole.metrics(), check_exact=True)
