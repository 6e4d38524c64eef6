import math
import time

import pytest

from scdyn_core.runs.eta import Pace
from scdyn_core.runs.reporter import RunReporter
from scdyn_core.runs.run import Run
from tests.runs.line_method import wait_for


@pytest.fixture
def run(tmp_path, make_spec):
    return Run.create(tmp_path / "runs", make_spec())


def rows_of(run):
    return run.metrics()["epoch_total"].tolist()


def test_what_is_reported_can_be_read_while_it_goes_on(run):
    with RunReporter(run) as reporter:
        reporter.metrics({"epoch_total": 1, "loss": math.nan, "part": "train"})
        reporter.log("hello\n")
        reporter.progress("training: fit", 3, 10, "epoch 3")
        assert run.metrics()["loss"].isna().tolist() == [True]
        assert run.log().endswith("hello")
        wait_for(lambda: run.progress is not None and run.progress.done == 3)
    assert run.progress.stage == "training: fit"


def test_the_heart_beats_although_nothing_is_reported(run, monkeypatch):
    monkeypatch.setattr("scdyn_core.runs.reporter.HEARTBEAT_SECONDS", 0.05)
    with RunReporter(run):
        wait_for(lambda: run.progress is not None)
        first = run.progress.heartbeat
        wait_for(lambda: run.progress.heartbeat > first)


def test_rows_after_the_checkpoint_are_replaced_on_resume(run):
    with RunReporter(run) as reporter:
        for epoch in (10, 20, 30):
            for part in ("train", "validation"):
                reporter.metrics({"epoch_total": epoch, "part": part})
    with (run.path / "metrics.jsonl").open("a") as torn:
        torn.write('{"epoch_total": 4')
    with RunReporter(run) as reporter:
        for epoch in (20, 30, 40):
            for part in ("train", "validation"):
                reporter.metrics({"epoch_total": epoch, "part": part})
    assert rows_of(run) == [10, 10, 20, 20, 30, 30, 40, 40]


def test_a_resumed_run_with_nothing_more_to_report_keeps_its_rows(run):
    with RunReporter(run) as reporter:
        reporter.metrics({"epoch_total": 10})
    with RunReporter(run) as reporter:
        reporter.log("only results")
    assert rows_of(run) == [10]


def test_the_flag_and_the_signal_both_cancel(run):
    with RunReporter(run) as reporter:
        assert not reporter.cancelled()
        run.request_cancel()
        wait_for(reporter.cancelled)
    (run.path / "cancel").unlink()
    with RunReporter(run) as reporter:
        reporter.stop()
        assert reporter.cancelled()


def test_the_time_left_follows_the_pace_since_the_stage_began(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    pace = Pace()
    assert pace.progress("fit", 50, 100).eta_seconds is None
    now[0] += 10
    assert pace.progress("fit", 70, 100).eta_seconds == pytest.approx(15)
    assert pace.progress("refine", 0, 5).eta_seconds is None
