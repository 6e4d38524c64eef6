"""The rows of a large table that somebody looks at, without reading the others."""

from pathlib import Path

import pandas as pd
import pytest

from scdyn_core.errors import RunError
from scdyn_core.methods.method import Table
from scdyn_core.runs.tables import write_table
from tests.plots.synthetic_run import write_run


def test_only_the_rows_with_a_value_are_read_with_what_the_columns_mean(tmp_path: Path) -> None:
    run = write_run(tmp_path / "batch=1")
    frame = pd.DataFrame({"name": ["A", "B", "A", "<i>"], "value": [1, 2, 3, 4]})
    meanings = {"name": "who", "value": "how much"}
    write_table(run.path / "tables" / "large.parquet", Table(frame, meanings))
    rows = run.table_rows("large", "name", "A")
    assert list(rows.columns) == ["name", "value"]
    assert rows["value"].tolist() == [1, 3]
    assert rows.attrs["columns"] == meanings
    assert run.table_rows("large", "name", "<i>")["value"].tolist() == [4]
    assert run.table_rows("large", "name", "C").empty
    assert run.table_rows("large", "value", 2)["name"].tolist() == ["B"]


def test_a_table_or_column_that_is_not_there_is_said(tmp_path: Path) -> None:
    run = write_run(tmp_path)
    with pytest.raises(RunError):
        run.table_rows("absent", "name", "A")
    with pytest.raises(RunError):
        run.table_rows("cells", "absent", "A")
