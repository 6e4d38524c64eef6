import json

import pandas as pd
import pytest

from scdyn_core.errors import RunError
from scdyn_core.evaluation.score import Score
from scdyn_core.methods.method import Table
from scdyn_core.runs.run import Run
from scdyn_core.runs.tables import write_table
from scdyn_core.runs.writer import RunWriter


@pytest.fixture
def run(tmp_path, make_spec):
    return Run.create(tmp_path / "runs", make_spec(epochs=7))


def test_a_created_run_is_queued_and_reads_back_what_was_asked(run, make_spec):
    again = Run.open(run.path)
    assert again.spec == make_spec(epochs=7)
    assert again.state.status == "queued"
    assert again.progress is None
    assert again.scores() == []
    assert again.tables == []
    assert len(again.metrics()) == 0
    assert again.log() == ""
    assert again.prepared is None


def test_ids_sort_by_time_of_making(tmp_path, make_spec):
    ids = [Run.create(tmp_path, make_spec()).id for _ in range(20)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 20


def test_runs_of_the_same_folder_name_in_different_places_have_different_ids(tmp_path, make_spec):
    first = Run.create(tmp_path / "a", make_spec(), name="result")
    second = Run.create(tmp_path / "b", make_spec(), name="result")
    assert first.id != second.id
    assert Run.open(first.path).id == first.id


def test_a_folder_in_use_is_not_overwritten(tmp_path, make_spec):
    Run.create(tmp_path, make_spec(), name="result")
    with pytest.raises(RunError, match="Choose another folder"):
        Run.create(tmp_path, make_spec(), name="result")
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


@pytest.mark.parametrize("file", ["config.json", "state.json"])
@pytest.mark.parametrize("content", [None, "", '{"status": "run', '{"status": "dancing"}', "[]"])
def test_a_damaged_folder_is_refused_with_the_place(run, file, content):
    target = run.path / file
    target.unlink()
    if content is not None:
        target.write_text(content)
    with pytest.raises(RunError, match=file):
        Run.open(run.path)


def test_a_run_of_a_newer_version_is_refused(run):
    config = json.loads((run.path / "config.json").read_text())
    config["schema_version"] = 99
    (run.path / "config.json").write_text(json.dumps(config))
    with pytest.raises(RunError, match="version 99"):
        Run.open(run.path)


def test_a_torn_last_line_of_the_metrics_is_left_out(run):
    (run.path / "metrics.jsonl").write_text('{"loss": 2.0}\n{"loss": 1.5}\n{"lo')
    assert run.metrics()["loss"].tolist() == [2.0, 1.5]


def test_tables_keep_values_kinds_and_meanings(run):
    frame = pd.DataFrame({"gene": ["=cmd()", "b"], "kind": pd.Categorical(["x", "y"]), "n": [1, 2]})
    write_table(run.path / "tables" / "genes.parquet", Table(frame, {"gene": "its name"}))
    assert run.tables == ["genes"]
    read = run.table("genes")
    pd.testing.assert_frame_equal(read, frame)
    assert read.attrs["columns"] == {"gene": "its name"}


@pytest.mark.parametrize("name", ["missing", "../config", "/etc/passwd", ""])
def test_a_table_that_is_not_there_is_an_error_that_names_it(run, name):
    with pytest.raises(RunError, match="no table called"):
        run.table(name)


def test_a_damaged_table_is_an_error_not_a_crash(run):
    (run.path / "tables" / "genes.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(RunError, match=r"tables|genes"):
        run.table("genes")


def test_scores_and_note_are_kept(run):
    score = Score(
        metric="accuracy", value=0.9, split="test", better="higher", baselines={"majority": 0.5}
    )
    RunWriter(run).scores([score])
    run.note = "the good one\n<b>"
    again = Run.open(run.path)
    assert again.scores() == [score]
    assert again.note == "the good one\n<b>"


def test_the_log_gives_its_last_lines(run):
    (run.path / "log.txt").write_text("".join(f"line {i}\n" for i in range(1000)))
    assert run.log(3) == "line 997\nline 998\nline 999"


def test_writing_leaves_no_file_behind_but_the_one_written(run):
    before = {path.name for path in run.path.iterdir()}
    run.note = "a"
    run.note = "b"
    assert {path.name for path in run.path.iterdir()} == before | {"note.txt"}
