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
            "name": ["a", None, PICTURE],
            "kind": pa.array(["x", "y", "x"]).dictionary_encode(),
            "n": [1, 2, 3],
            "value": [1.5, None, float("nan")],
            "on": [True, False, None],
            "nothing": pa.nulls(3),
        }
    ).replace_schema_metadata({MEANINGS: json.dumps({"n": PICTURE}), b"pandas": b"{}"})
    frame = table_of(tmp_path, arrow)
    assert frame["name"].tolist()[:2] == ["a", None]
    assert "](" not in frame["name"][2]
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
        pa.table({"n": pa.array(["x" * 2_000]).dictionary_encode().take([0] * 200_000)}),
        pa.table({"when": pa.array([1], pa.timestamp("ns"))}),
    ],
    ids=["lists", "records", "bytes", "disguised name", "bomb", "bomb of text", "times"],
)
def test_other_tables_are_refused(tmp_path, arrow):
    with pytest.raises(ValueError, match=r"column|values"):
        table_of(tmp_path, arrow)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("any", {"replicate": ["zero"]}),
        ("any", {"replicate": [0, None]}),
        ("any", {"cell": [1]}),
        ("any", {"chosen": ["yes"]}),
        ("equations", {"replicate": [0]}),
        ("replicates", {"replicate": [0]}),
        ("split", {"part": ["train"]}),
    ],
)
def test_a_table_that_no_page_could_read_is_refused(tmp_path, name, columns):
    with pytest.raises(ValueError, match="column"):
        rewritten.table(table_file(tmp_path / f"{name}.parquet", columns))


def test_arrays_have_the_names_of_a_model(tmp_path):
    file = tmp_path / "a.safetensors"
    held = {
        "0/layer.weight": np.ones((2, 3), dtype=np.float32),
        "0/beta": np.array(0.5, dtype=np.float32),
        "11/2/likelihood": np.array(1.5),
        "1/partial correlation": np.eye(3),
        "parts/train/label": np.arange(3.0),
        "samples/test": np.arange(3),
    }
    save_file(held, file, {"note": PICTURE})
    rewritten.arrays(file)
    found = load_file(file)
    assert found.keys() == held.keys()
    for name, values in held.items():
        assert found[name].shape == values.shape, name
        assert found[name].dtype == values.dtype, name
        assert np.array_equal(found[name], values), name
    assert PICTURE.encode() not in file.read_bytes()


@pytest.mark.parametrize("name", ["../x", "0/../x", "x/0", "0/a/../b", "0/a\n", "parts/A/x", "0/"])
def test_other_arrays_are_refused(tmp_path, name):
    file = tmp_path / "a.safetensors"
    save_file({name: np.ones(1)}, file)
    if name == "0/../x":
        # Dots are in the names of layers; here a name is no path.
        rewritten.arrays(file)
        return
    with pytest.raises(ValueError, match="none of a model"):
        rewritten.arrays(file)


def test_a_header_that_promises_more_than_there_is_is_refused(tmp_path):
    file = tmp_path / "a.safetensors"
    for header in (b"{}" * 10, json.dumps({"0/x": {"dtype": "F64", "shape": [2**60],
                   "data_offsets": [0, 2**63]}}).encode()):  # fmt: skip
        for length in (len(header), 2**62, 0):
            file.write_bytes(length.to_bytes(8, "little") + header)
            with pytest.raises(Exception, match=r"(?i)header|deserializ|invalid|offset"):
                rewritten.arrays(file)


def test_a_table_that_lies_about_its_rows_is_measured_when_it_is_read(tmp_path, monkeypatch):
    class Modest(pq.ParquetFile):
        metadata = pq.ParquetFile(table_file(tmp_path / "one", {"n": [1]})).metadata

    file = table_file(tmp_path / "many", {"n": np.zeros(20_000_000, dtype=np.int8)})
    monkeypatch.setattr(pq, "ParquetFile", Modest)
    with pytest.raises(ValueError, match="values"):
        rewritten.table(file)


def table_file(file, columns):
    pq.write_table(pa.table(columns), file)
    return file


@pytest.mark.parametrize(
    "row",
    [
        {"epoch": "soon", "loss": 1.0},
        {"replicate": True},
        {"loss": "low"},
        {"part": 3},
        {"phase": 1.5},
    ],
)
def test_metrics_that_no_curve_can_be_drawn_from_are_refused(tmp_path, row):
    (tmp_path / "m.jsonl").write_text(json.dumps(row))
    with pytest.raises(ValueError, match="metrics whose"):
        rewritten.rows(tmp_path / "m.jsonl")


def test_numbers_that_no_float_holds_do_not_come_in(tmp_path):
    file = tmp_path / "x"
    file.write_text('{"loss": 1' + "0" * 400 + ', "other": NaN, "epoch": 2}')
    rewritten.rows(file)
    assert read_rows(file) == [{"epoch": 2}]
    for text in ('{"a": [1' + "0" * 400 + "]}", '{"a": {"b": Infinity}}', '{"a": -1e999}'):
        file.write_text(text)
        with pytest.raises(ValueError, match="number"):
            rewritten.facts(file)


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
