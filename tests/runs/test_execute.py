import errno
import json

import anndata
import pytest

from scdyn_core.errors import RunError
from scdyn_core.methods.method import Method
from scdyn_core.reporter import Cancelled
from scdyn_core.runs import execute as execute_module
from scdyn_core.runs import writer as writer_module
from scdyn_core.runs.execute import execute
from scdyn_core.runs.reporter import RunReporter
from scdyn_core.runs.run import Run
from tests.runs.line_method import Line, wait_for, write_cells


def carry_out(run):
    with RunReporter(run) as reporter:
        return execute(run, reporter)


@pytest.fixture
def create(workspace, line, tmp_path, make_spec):
    return lambda *args, **kwargs: Run.create(tmp_path / "runs", make_spec(*args, **kwargs))


def test_a_training_run_ends_with_tables_scores_split_and_environment(create):
    run = create(epochs=20, options={"replicates": 2})
    state = carry_out(run)
    assert state.status == "done", (state.error, run.log())
    assert run.tables == ["weights"]
    assert run.table("weights")["replicate"].unique().tolist() == [0, 1]
    assert run.scores()[0].baselines.keys() == {"mean"}
    split = run.split()
    assert split["sample"].tolist() == [f"cell{i}" for i in range(60)]
    assert set(split["part"]) == {"train", "validation", "test"}
    assert run.environment["packages"]["torch"]
    assert run.metrics()["epoch_total"].max() == 20
    assert run.prepared.recipe.name == "none"
    assert [path.suffix for path in run.checkpoints] == [".safetensors"]
    assert state.ended >= state.started >= state.created


def test_a_preparing_run_keeps_the_data_and_what_the_steps_did(create):
    run = create("prepare")
    assert carry_out(run).status == "done", run.log()
    assert anndata.read_h5ad(run.path / "prepared" / "data.h5ad").shape == (60, 12)
    assert run.prepared.records == ()


def test_changed_data_fail_the_run_with_what_to_do(create, tmp_path):
    path = write_cells(tmp_path / "cells.h5ad")
    run = create(path=path)
    write_cells(path, seed=1)
    state = carry_out(run)
    assert state.status == "failed"
    assert "changed" in state.error["found"]
    assert state.error["kind"] == "RunError"


def test_an_unforeseen_error_is_short_in_the_state_and_whole_in_the_log(create):
    run = create(broken=True)
    state = carry_out(run)
    assert state.status == "failed"
    assert "KeyError" in state.error["found"]
    assert "Traceback" not in json.dumps(state.error)
    assert "Traceback" in run.log()


def test_a_configuration_that_does_not_fit_fails_by_name_of_the_field(create):
    run = create(epochs=-1)
    assert "epochs" in carry_out(run).error["found"]


@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory")]
)
def test_running_out_of_memory_interrupts(create, monkeypatch, error):
    def exhausted(self, *args):
        raise error

    monkeypatch.setattr(Line, "tensors", exhausted)
    run = create()
    state = carry_out(run)
    assert state.status == "interrupted"
    assert state.error["kind"] == "OutOfMemory"


@pytest.mark.parametrize(("flag", "status"), [(True, "cancelled"), (False, "interrupted")])
def test_the_users_wish_and_a_signal_end_in_different_states(create, monkeypatch, flag, status):
    run = create()

    def stopped(self, *args):
        if flag:
            run.request_cancel()
        raise Cancelled

    monkeypatch.setattr(Method, "split", stopped)
    assert carry_out(run).status == status


def test_one_run_has_one_worker(create, monkeypatch):
    monkeypatch.setattr(execute_module, "LOCK_SECONDS", 0.1)
    run = create()
    refused = []

    def second(self, *args):
        with pytest.raises(RunError, match="another process"), RunReporter(run) as reporter:
            execute(Run.open(run.path), reporter)
        refused.append(True)
        raise Cancelled

    monkeypatch.setattr(Method, "split", second)
    carry_out(run)
    assert refused == [True]


def test_a_full_disk_fails_the_run_in_words_and_takes_the_place_of_its_progress(
    create, monkeypatch
):
    run = create()
    full = OSError(errno.ENOSPC, "No space left on device")
    real, room = writer_module.write_text, [False]

    def no_room(path, text):
        if path.name == "state.json" and room[0] and (run.path / "progress.json").exists():
            raise full
        real(path, text)

    def fill(self, *args):
        room[0] = True
        wait_for((run.path / "progress.json").exists)
        raise full

    monkeypatch.setattr(writer_module, "write_text", no_room)
    monkeypatch.setattr(Line, "tensors", fill)
    state = carry_out(run)
    assert state.status == "failed"
    assert state.error["kind"] == "DiskFull"
    assert "Free space" in state.error["fix"]
