"""Exported tables hold no formulas and keep their numbers."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.data.csv_safe import safe_cell, to_csv


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_text_that_reads_as_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1.5, 3, "-1.5", "+2e-3", "Sox2", "a=b", "", None])
def test_numbers_and_harmless_text_stay(value: object) -> None:
    assert safe_cell(value) == value


def test_header_index_and_categories_are_made_safe_too() -> None:
    frame = pd.DataFrame(
        {"=gene": pd.Categorical(["@a", "b"]), "n": [-1.5, 2.0]}, index=["+x", "y"]
    )
    assert to_csv(frame, index=True) == ",'=gene,n\n'+x,'@a,-1.5\ny,b,2.0\n"
    assert list(frame.columns) == ["=gene", "n"]


@given(st.lists(st.text(), min_size=1))
def test_no_cell_of_text_ever_starts_a_formula(texts: list[str]) -> None:
    written = to_csv(pd.DataFrame({"name": texts, "n": range(len(texts))}))
    for row in list(csv.reader(io.StringIO(written, newline="")))[1:]:
        cell = row[0]
        if cell.lstrip().startswith(("=", "+", "-", "@")):
            float(cell)
