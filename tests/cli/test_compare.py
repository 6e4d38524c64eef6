"""``scdyn compare``: the numbers of the page, in a shell."""

import json

import pandas as pd
import pytest

from scdyn_core.runs.comparison.report import comparison
from tests.plots.synthetic_run import write_run


@pytest.fixture
def runs(tmp_path):
    return {name: write_run(tmp_path / name) for name in ("a", "b")}


def test_every_table_is_written_and_says_what_the_library_says(scdyn, runs, tmp_path):
    out = tmp_path / "out"
    status, said, _ = scdyn("compare", *(run.path for run in runs.values()), "--out", out)
    assert status == 0
    assert "derivative share" in said
    tables, _ = comparison({run.path.name: run for run in runs.values()})
    assert {file.stem for file in out.iterdir()} == set(tables)
    written = pd.read_csv(out / "embeddings.csv")
    assert written["value"].tolist() == pytest.approx(tables["embeddings"]["value"].tolist())


def test_programs_get_the_same(scdyn, runs):
    status, said, _ = scdyn("compare", *(run.path for run in runs.values()), "--json")
    assert status == 0
    told = json.loads(said)
    assert [run["run"] for run in told["runs"]] == [str(run.path) for run in runs.values()]
    assert told["equation_agreement"][0]["both"] == 9
    assert told["notes"] == told["files"] == []


def test_folders_of_one_name_are_told_apart(scdyn, runs, tmp_path):
    folders = []
    for name, run in runs.items():
        folder = tmp_path / f"in {name}" / "model"
        folder.parent.mkdir()
        run.path.rename(folder)
        folders.append(folder)
    _, said, _ = scdyn("compare", *folders, "--json")
    assert [run["name"] for run in json.loads(said)["runs"]] == ["1 · model", "2 · model"]
