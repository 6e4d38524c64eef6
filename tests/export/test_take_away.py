"""Everything a run can be taken away as, and why not where it cannot."""

import zipfile

import pytest

from scdyn_core.aside.tasks.export import work
from scdyn_core.errors import RunError
from scdyn_core.export.offers import OFFERS, offer
from scdyn_core.export.take_away import take_all, take_away
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.run import Run


@pytest.mark.parametrize("what", ["tables", "report", "script", "bundle", "h5ad"])
def test_one_file_is_made_aside(trained, tmp_path, what):
    run = Run.open(trained)
    request = {"run": str(run.path), "what": what, "with_data": False, "changed": []}
    answer = work(request, tmp_path, SilentReporter())
    file = tmp_path / answer["file"]
    assert file.stat().st_size == answer["size"] > 0
    assert file.suffix == (offer(what).suffix or ".zip")
    if what == "tables":
        assert "scores.csv" in zipfile.ZipFile(file).namelist()


def test_all_of_it_lies_in_one_folder(trained, tmp_path, monkeypatch):
    monkeypatch.setattr("scdyn_core.export.figures.find_browser", lambda: None)
    run = Run.open(trained)
    files, notes = take_all(run, tmp_path / "out", SilentReporter())
    assert {path.suffix for path in files} >= {".csv", ".html", ".h5ad", ".py", ".zip"}
    assert any("no interaction network" in note for note in notes)
    assert all(path.is_file() for path in files)


def test_what_cannot_be_had_says_why(trained, tmp_path):
    run = Run.open(trained)
    with pytest.raises(RunError, match="no interaction network"):
        take_away(run, "network", tmp_path / "n", SilentReporter())
    run.spec.dataset.path.unlink()
    assert "not on this computer" in offer("h5ad").missing(run)
    with pytest.raises(RunError, match="not on this computer"):
        take_away(run, "h5ad", tmp_path / "x.h5ad", SilentReporter())


def test_names_of_files_are_plain_whatever_the_data_are_called(trained):
    run = Run.open(trained)
    dataset = run.spec.dataset.model_copy(update={"name": "../../<b>\n/etc"})
    run.spec = run.spec.model_copy(update={"dataset": dataset})
    for each in OFFERS:
        name = each.file_name(run)
        assert "/" not in name
        assert not name.startswith(".")
        assert name.isprintable()
