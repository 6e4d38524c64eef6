"""Tables of text: which columns are genes, and what is wrong on which line."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scdyn_core.data.load import load
from scdyn_core.data.text import clean_text
from scdyn_core.data.times import parse_times
from scdyn_core.errors import InputError

MASTER = """Cell_ID,CellType,Time_numeric,SOD2,IL1B,TIMELESS
c1,Mono,0,0.5,0,1.5
c2,Mono,6,1.25,2,0
c3,Neu,6,3,0.1,0
c4,Neu,24,0,0,0.5
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("packed", [False, True])
def test_the_master_sheet_layout(separator: str, packed: bool, tmp_path: Path) -> None:
    path = write(tmp_path, MASTER.replace(",", separator))
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    dataset = load(path)
    assert list(dataset.adata.var_names) == ["SOD2", "IL1B", "TIMELESS"]
    assert list(dataset.adata.obs_names) == ["c1", "c2", "c3", "c4"]
    assert dataset.roles.time == "Time_numeric"
    assert dataset.roles.cell_type == "CellType"
    assert dataset.adata.X[1, 0] == 1.25


@pytest.mark.parametrize("cell_id", ["Cell_ID", "PseudoCellID"])
@pytest.mark.parametrize("time", ["Time_numeric", "Time_numerics"])
@pytest.mark.parametrize("separator", [",", "\t"])
@pytest.mark.parametrize("index", [False, True])
def test_the_master_sheet_as_pandas_writes_it(
    cell_id: str, time: str, separator: str, index: bool, tmp_path: Path
) -> None:
    frame = pd.read_csv(io.StringIO(MASTER))
    frame = frame.rename(columns={"Cell_ID": cell_id, "Time_numeric": time})
    frame.to_csv(tmp_path / "master_sheet.csv", sep=separator, index=index)
    dataset = load(tmp_path / "master_sheet.csv")
    assert list(dataset.adata.var_names) == ["SOD2", "IL1B", "TIMELESS"]
    assert list(dataset.adata.obs_names) == ["c1", "c2", "c3", "c4"]
    assert dataset.roles.assigned() == {"time": time, "cell_type": "CellType"}
    assert dataset.adata.obs[time].tolist() == [0, 6, 6, 24]
    np.testing.assert_array_equal(dataset.adata.X, frame.iloc[:, 3:].astype(np.float32))


@pytest.mark.parametrize("index", [False, True])
def test_pseudo_cells_that_share_a_name_keep_it_as_a_column(index: bool, tmp_path: Path) -> None:
    frame = pd.read_csv(io.StringIO(MASTER)).rename(columns={"Cell_ID": "PseudoCellID"})
    frame["PseudoCellID"] = ["p1", "p2", "p1", "p2"]
    frame.to_csv(tmp_path / "master_sheet.csv", index=index)
    adata = load(tmp_path / "master_sheet.csv").adata
    assert list(adata.obs["PseudoCellID"]) == ["p1", "p2", "p1", "p2"]
    assert adata.obs_names.is_unique
    assert list(adata.var_names) == ["SOD2", "IL1B", "TIMELESS"]


def test_numbers_may_name_the_cells_when_nothing_else_does(tmp_path: Path) -> None:
    adata = load(write(tmp_path, MASTER.replace("\nc", "\n10"))).adata
    assert list(adata.obs_names) == ["101", "102", "103", "104"]


def test_numeric_metadata_before_a_text_column_is_metadata(tmp_path: Path) -> None:
    table = "quality,kind,G1\n" + "".join(f"{i},{'ab'[i % 2]},{i}\n" for i in range(6))
    adata = load(write(tmp_path, table)).adata
    assert list(adata.obs.columns) == ["quality", "kind"]
    assert list(adata.var_names) == ["G1"]


def test_row_names_without_a_header_as_r_writes_them(tmp_path: Path) -> None:
    adata = load(write(tmp_path, "G1,G2\na,1,2\nb,3,4\n")).adata
    assert list(adata.obs_names) == ["a", "b"]
    assert adata.X.tolist() == [[1, 2], [3, 4]]


def test_genes_by_cells_is_turned_and_said_so(tmp_path: Path) -> None:
    table = ",AAACCTGAGAGGGATA,AAACCTGAGCCTTGAT,AAACCTGGTAAGTGGC\nActb,1,2,3\nSox2,0,5,0\n"
    dataset = load(write(tmp_path, table))
    assert list(dataset.adata.var_names) == ["Actb", "Sox2"]
    assert any("genes × cells" in f.found for f in dataset.report.findings)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (MASTER.replace("c3,Neu,6,3", "c3,Neu,3"), "line 4: 5 fields; needed 6"),
        (MASTER + "c5,Neu,24,0,0,0.5,9\n", "line 6: 7 fields; needed 6"),
        (MASTER.replace("0.1", "o.1"), "line 4, column 5 ('IL1B'): 'o.1'; needed a number"),
        (MASTER.replace("c3", '"c3'), "line 5: text that is no table"),
        ("only one line\n", "0 rows of 1 columns"),
        ("cell,type\na,x\nb,y\n", "no gene among the 2 columns"),
        (MASTER.replace("1.25", ""), "first in cell 'c2', gene 'SOD2'"),
        (MASTER.replace("1.25", "inf"), "first in cell 'c2', gene 'SOD2'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(table: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        load(write(tmp_path, table))
    assert message in str(refusal.value)


def test_text_that_is_not_utf8_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("cell,gène\na,1\n".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        load(path)


def test_a_table_beyond_the_budget_is_refused_before_parsing(tmp_path: Path) -> None:
    path = write(tmp_path, "cell,g1,g2\n" + "a,1,2\n" * 2000)
    with pytest.raises(InputError, match="a table of more than"):
        load(path, budget_bytes=20_000)


names = st.text(
    st.characters(codec="utf-8", exclude_characters='"\r\n,\t;\0'), min_size=1, max_size=12
).filter(lambda name: bool(clean_text(name)))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    genes=st.lists(names, min_size=2, max_size=6),
    values=st.lists(st.integers(0, 10_000), min_size=6, max_size=6),
)
def test_any_names_of_genes_come_through_as_clean_unique_text(
    genes: list[str], values: list[int], tmp_path: Path
) -> None:
    # "G" in front: a name such as "cell" or "time" rightly counts as metadata.
    genes = [f"G{gene}" for gene in genes]
    header = ",".join(["cell_id", *(f'"{gene}"' for gene in genes)])
    rows = [f"c{i}," + ",".join(map(str, values[: len(genes)])) for i in range(3)]
    adata = load(write(tmp_path, "\n".join([header, *rows, ""]))).adata
    assert adata.X.tolist() == [values[: len(genes)]] * 3
    assert adata.var_names.is_unique
    for given_name, name in zip(genes, adata.var_names, strict=True):
        assert name.startswith(clean_text(given_name))


@given(st.text())
def test_clean_text_is_one_short_printable_line_and_stays_so(text: str) -> None:
    clean = clean_text(text)
    assert len(clean) <= 200
    assert len(clean.splitlines()) <= 1
    assert not any(ord(c) < 32 for c in clean)
    assert clean_text(clean) == clean


@pytest.mark.parametrize(
    ("levels", "times"),
    [
        (["0h", "6h", "12h"], [0, 6, 12]),
        (["day 1", "day 10"], [1, 10]),
        (["D0", "D7"], [0, 7]),
        (["E6.5", "E8.25"], [6.5, 8.25]),
        (["0", "30min"], [0, 30]),
        (["6h", "2d"], None),
        (["early", "late"], None),
        (["1", "1"], None),
    ],
)
def test_times_are_read_in_one_unit_or_not_at_all(
    levels: list[str], times: list[float] | None
) -> None:
    found = parse_times(levels)
    assert found == times if times is None else np.allclose(found, times)
