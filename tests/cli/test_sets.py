"""Cell sets without a browser."""

from __future__ import annotations

import json

import numpy as np
import pytest

from scdyn_core.data.load import load
from scdyn_core.data.store import DatasetStore
from tests.data import files


@pytest.fixture
def dataset(home, tmp_path):
    adata = files.small()
    adata.obs["age"] = np.arange(30.0)
    data = load(files.h5ad(tmp_path / "small.h5ad", adata), name="small")
    return DatasetStore(home).add_dataset(data, source="small.h5ad")


@pytest.fixture
def two_sets(scdyn, dataset):
    for name, condition in (("young", "age=..4"), ("A young", "cell_type=A")):
        status, _, error = scdyn("sets", "add", "small", name, "--where", condition)
        assert status == 0, error
    return dataset


def test_conditions_make_a_set(scdyn, dataset):
    status, out, _ = scdyn(
        "sets", "add", "small", "some", "--where", "cell_type=A", "--where", "age=3..9", "--json"
    )
    assert status == 0
    made = json.loads(out)
    assert made["n_cells"] == 4
    assert made["how"]["filter"]["parts"][1] == {
        "kind": "range", "column": "age", "low": 3.0, "high": 9.0
    }  # fmt: skip
    status, out, _ = scdyn(
        "sets", "add", dataset.id, "any", "--where", "age=29..", "--where", "age=0", "--any"
    )
    assert out == "kept any: 2 of 30 cells\n"
    status, out, _ = scdyn("sets", "add", "small", "gene", "--where", "gene:g1>0", "--json")
    counted = files.counts().toarray()[:, 1] > 0
    assert json.loads(out)["n_cells"] == counted.sum()


def test_sets_are_listed_and_deleted(scdyn, two_sets):
    _, out, _ = scdyn("sets", "list", "small", "--json")
    assert [one["name"] for one in json.loads(out)] == ["young", "A young"]
    assert scdyn("sets", "delete", "small", "young")[:2] == (0, "deleted young\n")
    _, out, _ = scdyn("sets", "list", "small")
    assert "A young" in out
    assert "cell_type is 'A'" in out


def test_what_goes_out_comes_in_again(scdyn, two_sets, tmp_path):
    status, out, _ = scdyn("sets", "export", "small", tmp_path / "sets.csv", "--set", "young")
    assert status == 0
    written = (tmp_path / "sets.csv").read_text()
    assert written.splitlines()[:2] == ["cell,set", "c0,young"]
    (tmp_path / "sets.csv").write_text(written + "nobody,young\n")
    status, out, _ = scdyn("sets", "import", "small", tmp_path / "sets.csv", "--json")
    found = json.loads(out)
    assert [(one["name"], one["n_cells"]) for one in found["sets"]] == [("young (2)", 5)]
    assert found["unknown_cells"] == 1


def test_sets_become_a_column_of_a_new_dataset(scdyn, two_sets, home):
    status, out, error = scdyn(
        "sets", "write-column", "small", "stage", "--set", "A young", "--set", "young", "--json"
    )
    assert status == 0, error
    new = DatasetStore(home).record(json.loads(out)["id"])
    assert new.obs[-1].levels == ("A young", "young", "not assigned")
    assert new.obs[-1].cells == (15, 3, 12)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("list", "absent"), "0 stored datasets"),
        (("delete", "small", "absent"), "no set of this name"),
        (("add", "small", "x", "--where", "absent=1"), "no column of this name"),
        (("add", "small", "x", "--where", "cell_type=Z"), "no group 'Z'"),
        (("add", "small", "x", "--where", "age=a..b"), "no condition"),
        (("add", "small", "x", "--where", "age=.."), "no condition"),
        (("add", "small", "x", "--where", "gene:absent>1"), "'absent', which the data do not have"),
        (("add", "small", "x", "--where", "gene:g1>much"), "no condition"),
        (("add", "small", "young", "--where", "age=3"), "another set of this name"),
        (("import", "small", "/nowhere.csv"), "no readable file"),
        (("write-column", "small", "age"), "a column of this name"),
    ],
)
def test_what_cannot_be_done_is_said(scdyn, two_sets, arguments, words):
    status, _, error = scdyn("sets", *arguments)
    assert status == 1
    assert words in error
