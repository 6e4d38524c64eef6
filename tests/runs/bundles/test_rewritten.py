"""Nothing of a bundle lands as it came."""

import json
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from scdyn_core.runs.bundles import rewritten
from scdyn_core.runs.bundles.rewritten import harmless
from scdyn_core.runs.metrics import read_rows
from scdyn_core.runs.tables import MEANINGS, read_table

PICTURE = "![](http://elsewhere/x.png)\u202e\n$$"


@given(st.text(max_size=200))
def test_no_text_stays_a_link_a_picture_or_a_second_line(text):
    found = harmless(text)
    assert "](" not in found
    assert "\n" not in found
    assert harmless(found) == found


def table_of(tmp_path, arrow):
    pq.write_table(arrow, tmp_path / "t.parquet")
    rewritten.table(tmp_path / "t.parquet")
    return read_table(tmp_path / "t.parquet")


def test_a_table_keeps_values_types_gaps_and_meanings(tmp_path):
    arrow = pa.table(
        {
            "cell": ["a", None, PICTURE],
            "kind": pa.array(["x", "y", "x"]).dictionary_encode(),
            "n": [1, 2, 3],
            "value": [1.5, None, float("nan")],
            "on": [True, False, None],
            "nothing": pa.nulls(3),
        }
    ).replace_schema_metadata({MEANINGS: json.dumps({"n": PICTURE}), b"pandas": b"{}"})
    frame = table_of(tmp_path, arrow)
    assert frame["cell"].tolist()[:2] == ["a", None]
    assert "](" not in frame["cell"][2]
    assert frame["kind"].tolist() == ["x", "y", "x"]
    assert frame["n"].dtype == np.int64
    assert "](" not in frame.attrs["columns"]["n"]
    assert b"pandas" not in pq.read_schema(tmp_path / "t.parquet").metadata


def test_a_table_without_rows_is_one(tmp_path):
    assert table_of(tmp_path, pa.table({"cell": pa.array([], pa.string())})).empty


@pytest.mark.parametrize(
    "arrow",
    [
        pa.table({"x": [[1], [2]]}),
        pa.table({"x": [{"a": 1}]}),
        pa.table({"x": pa.array([b"raw"])}),
        pa.table({"x\u202e": [1]}),
        pa.table({"n": np.zeros(20_000_000, dtype=np.int8)}),
    ],
    ids=["lists", "records", "bytes", "disguised name", "bomb"],
)
def test_other_tables_are_refused(tmp_path, arrow):
    with pytest.raises(ValueError, match=r"column|values"):
        table_of(tmp_path, arrow)


def test_arrays_have_the_names_of_a_model(tmp_path):
    file = tmp_path / "a.safetensors"
    save_file({"0/layer.weight": np.ones((2, 3), dtype=np.float32)}, file, {"note": PICTURE})
    rewritten.arrays(file)
    assert load_file(file)["0/layer.weight"].shape == (2, 3)
    assert PICTURE.encode() not in file.read_bytes()
    save_file({"../x": np.ones(1)}, file)
    with pytest.raises(ValueError, match="none of a model"):
        rewritten.arrays(file)


def test_rows_logs_and_notes_are_plain(tmp_path):
    file = tmp_path / "x"
    file.write_text(json.dumps({"loss": 1.5, "note": PICTURE, "deep": {"a": 1}}) + "\n{torn")
    rewritten.rows(file)
    (row,) = read_rows(file)
    assert row["loss"] == 1.5
    assert set(row) == {"loss", "note"}
    file.write_text(f"one\n\x1b[31mtwo {PICTURE}")
    rewritten.log(file)
    assert "\x1b" not in file.read_text()
    assert file.read_text().startswith("one\n[31mtwo")
    file.write_text("x" * 10_000)
    rewritten.note(file)
    assert len(file.read_text()) == 500


def test_a_state_is_done_and_of_a_time_that_was(tmp_path):
    file = tmp_path / "state.json"
    for wrong in (
        {"status": "running", "created": 1.0},
        {"status": "done", "created": -1.0},
        {"status": "done", "created": time.time() + 10**7},
        {"status": "done", "created": 1.0, "other": 1},
    ):
        file.write_text(json.dumps(wrong))
        with pytest.raises(ValueError, match=r"run that|time|Extra|extra"):
            rewritten.state(file)
    file.write_text(json.dumps({"status": "done", "created": 1.0, "pid": 1, "host": "h"}))
    rewritten.state(file)
    assert json.loads(file.read_text())["pid"] is None


def test_json_that_nests_without_end_is_refused(tmp_path):
    file = tmp_path / "info.json"
    file.write_text('{"a":' * 200_000 + "1" + "}" * 200_000)
    with pytest.raises(RecursionError):
        rewritten.facts(file)
