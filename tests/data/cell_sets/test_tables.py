"""Sets as CSV: out and in again, and whatever else people or enemies upload."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scdyn_core.data.cell_sets import tables
from scdyn_core.data.cell_sets.tables import read_sets, sets_of_column, table_of_sets
from scdyn_core.data.csv_safe import to_csv
from scdyn_core.errors import InputError

CELLS = pd.Index(["AAC-1", "=SUM(A1)", "GGT-1", "'quoted", "-TT", "<b>x</b>"])
SETS = [("early", np.array([0, 1, 3])), ("=cmd()", np.array([1, 2])), ("<b>", np.array([4, 5]))]


def as_lists(found: tables.FoundSets) -> dict[str, list[int]]:
    return {name: rows.tolist() for name, rows, _ in found.sets}


def test_what_goes_out_comes_in_again_even_with_names_like_formulas() -> None:
    frame = table_of_sets(SETS, lambda cells: list(CELLS[cells]))
    assert list(frame) == ["cell", "set"]
    found = read_sets(to_csv(frame).encode(), "sets.csv", CELLS)
    assert as_lists(found) == {"early": [0, 1, 3], "'=cmd()": [1, 2], "<b>": [4, 5]}
    assert (found.unknown, found.left_out) == (0, ())


def test_no_sets_make_a_table_without_rows() -> None:
    assert table_of_sets([], lambda cells: []).to_csv(index=False) == "cell,set\n"


def test_every_further_column_of_groups_gives_sets() -> None:
    content = b"barcode;type;phase\nAAC-1;T;G1\nGGT-1;B;\n-TT;T;S\n"
    found = read_sets(content, "../meta.csv", CELLS)
    assert as_lists(found) == {
        "type: B": [2], "type: T": [0, 4], "phase: G1": [0], "phase: S": [4]
    }  # fmt: skip
    assert found.sets[0][2].model_dump() == {
        "kind": "import", "source": "../meta.csv", "column": "type", "level": "B"
    }  # fmt: skip


def test_unknown_cells_are_counted_and_named() -> None:
    content = b"cell,set\nAAC-1,a\nnobody,a\nnobody,b\nother\x07,b\n"
    found = read_sets(content, "sets.csv", CELLS)
    assert as_lists(found) == {"a": [0]}
    assert (found.unknown, found.examples) == (2, ("nobody", "other"))


def test_columns_that_are_no_groups_are_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_LEVELS", 2)
    content = b"cell,set,count\nAAC-1,a,1\nGGT-1,a,2\n-TT,b,3\n"
    found = read_sets(content, "sets.csv", CELLS)
    assert as_lists(found) == {"a": [0, 2], "b": [4]}
    assert found.left_out == ("count",)


def test_names_are_cleaned() -> None:
    found = read_sets("cell,set\nAAC-1,a\u202eb\u0007\n".encode(), "s", CELLS)
    assert as_lists(found) == {"ab": [0]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "1 columns"),
        (b"cell\nAAC-1\n", "1 columns"),
        (b"cell,set\n", "no cell in any group"),
        (b"cell,set\nnobody,a\n", "no cell of this dataset, but for instance 'nobody'"),
        (b"cell,set\nAAC-1,a,b,c\n", "no table"),
        (b"cell,set\nAAC-1,\xff\xfe\n", "no table"),
        (b'cell,set\n"AAC-1,a\n', "no table"),
        (b"cell,set\nAAC-1,a\0\n", "no text"),
        (b"c" * 30_000, "no text with a short first line"),
        (b"," * 60 + b"\n", "61 columns"),
        (b"\x89PNG\r\n\x1a\n\0", "no text"),
    ],
)
def test_what_is_no_table_of_sets_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_sets(content, "sets.csv", CELLS)


def test_size_and_rows_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"cell,set\nAAC-1,a\nGGT-1,a\n"
    monkeypatch.setattr(tables, "MOST_ROWS", 1)
    with pytest.raises(InputError, match="more than 1 rows"):
        read_sets(content, "sets.csv", CELLS)
    monkeypatch.setattr(tables, "LARGEST_FILE", 10)
    with pytest.raises(InputError, match="more than 10 B"):
        read_sets(content, "sets.csv", CELLS)


def test_a_column_of_the_data_gives_a_set_for_every_level_in_order() -> None:
    column = pd.Series(pd.Categorical(["b", "a", None, "b"], categories=["b", "a"]), name="type")
    found = sets_of_column(column, np.array([10, 11, 12, -1]))
    assert [(name, rows.tolist()) for name, rows, _ in found.sets] == [("b", [10]), ("a", [11])]
    truth = pd.Series([True, False, True, True], name="doublet")
    assert as_lists(sets_of_column(truth, np.arange(4))) == {"False": [1], "True": [0, 2, 3]}


def test_a_column_of_names_is_no_column_of_groups() -> None:
    column = pd.Series(pd.Categorical([f"c{n}" for n in range(300)]), name="barcode")
    with pytest.raises(InputError, match="300 groups"):
        sets_of_column(column, np.arange(300))
