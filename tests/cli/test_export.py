import json
import re

import anndata
import numpy as np
import pandas as pd
import pytest

from scdyn_core.methods.method import Table
from scdyn_core.runs.run import Run
from scdyn_core.runs.state import RunState
from scdyn_core.runs.tables import write_table
from scdyn_core.runs.writer import RunWriter
from tests.plots.synthetic_run import write_run

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def told(trained):
    """A finished run with a latent space of two replicates and a hostile name."""
    run = Run.open(trained)
    cells = [f"cell{i}" for i in reversed(range(60))]
    latent = pd.DataFrame(
        {
            "replicate": np.repeat([0, 1], 60),
            "cell": cells * 2,
            "part": "train",
            **{name: np.arange(120.0) for name in ("z1", "z2", "dz1", "dz2", "dzhat1", "dzhat2")},
        }
    )
    write_table(run.path / "tables" / "latent.parquet", Table(latent, {"z1": "=first"}))
    run.note = HOSTILE
    return run


def test_tables_become_csv_with_the_meaning_of_their_columns(scdyn, told, tmp_path):
    out = tmp_path / "csv"
    status, text, _ = scdyn("export", told.path, out, "--what", "tables", "--json")
    assert status == 0
    assert {path.split("/")[-1] for path in json.loads(text)["files"]} == {
        "weights.csv", "latent.csv", "scores.csv", "columns.csv",
    }  # fmt: skip
    assert len(pd.read_csv(out / "latent.csv")) == 120
    assert "'=first" in pd.read_csv(out / "columns.csv")["meaning"].tolist()
    assert set(pd.read_csv(out / "scores.csv")["of"]) == {"model", "mean"}


def test_learned_results_stand_in_the_standard_slots(scdyn, told, tmp_path):
    out = tmp_path / "result.h5ad"
    assert scdyn("export", told.path, out, "--what", "h5ad")[0] == 0
    adata = anndata.read_h5ad(out)
    assert adata.obsm["X_line"].shape == (60, 2)
    # The table listed the cells in another order.
    assert adata.obsm["X_line"][0, 0] == 59
    assert json.loads(adata.uns["line"]["config"])["method"] == "line"


def test_a_run_goes_to_another_workspace_as_one_file(scdyn, tmp_path, monkeypatch):
    run = write_run(tmp_path / "a")
    out = tmp_path / "run.zip"
    assert scdyn("export", run.path, out, "--what", "bundle")[0] == 0
    monkeypatch.setenv("SCDYN_HOME", str(tmp_path / "other"))
    status, text, error = scdyn("import", out, "--json")
    assert status == 0, error
    told = json.loads(text)
    assert not told["has_data"]
    assert scdyn("show", told["run"])[0] == 0
    out.write_bytes(b"no zip")
    status, _, error = scdyn("import", out)
    assert status == 1
    assert "--what bundle" in error


def test_a_script_and_everything_at_once(scdyn, trained, tmp_path, monkeypatch):
    monkeypatch.setattr("scdyn_core.export.figures.find_browser", lambda: None)
    script = tmp_path / "again.py"
    assert scdyn("export", trained, script, "--what", "script")[0] == 0
    assert "notebook.train" in script.read_text()
    status, text, _ = scdyn("export", trained, tmp_path / "all", "--what", "all")
    assert status == 0
    assert "no interaction network" in text


def test_figures_are_pages_pictures_and_data(scdyn, trained, tmp_path):
    out = tmp_path / "figures"
    status, text, error = scdyn("export", trained, out, "--what", "figures", "--json")
    assert status == 0, error
    files = [path.split("/")[-1] for path in json.loads(text)["files"]]
    assert {"scores.html", "scores.csv", "loss_curves.html", "loss_curves.csv"} <= set(files)
    assert len(pd.read_csv(out / "loss_curves.csv")) > 0
    if not json.loads(text)["notes"]:
        assert (out / "scores.png").read_bytes().startswith(b"\x89PNG")
        assert b"<svg" in (out / "scores.svg").read_bytes()


def test_without_a_browser_figures_are_pages_and_the_user_is_told(
    scdyn, trained, tmp_path, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setattr("scdyn_core.export.browser._MAC", tmp_path / "none")
    out = tmp_path / "figures"
    status, text, _ = scdyn("export", trained, out, "--what", "figures")
    assert status == 0
    assert "No Chrome" in text
    assert {path.suffix for path in out.iterdir()} == {".html", ".csv"}


def test_the_report_is_one_page_that_needs_no_network_and_runs_no_name(scdyn, told, tmp_path):
    out = tmp_path / "report.html"
    assert scdyn("export", told.path, out, "--what", "report")[0] == 0
    page = out.read_text()
    for expected in ("Methods", "Pearson 1901", "epochs", "torch", "mean", "not better than"):
        assert expected in page, expected
    assert HOSTILE not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", page)
    assert "default-src &#39;none&#39;" in page


@pytest.mark.parametrize("what", ["tables", "report", "script", "bundle", "all"])
def test_nothing_is_written_over(scdyn, trained, tmp_path, what):
    file, folder = tmp_path / "mine.csv", tmp_path / "mine"
    file.write_text("mine")
    folder.mkdir()
    (folder / "scores.csv").write_text("mine")
    for target in (file, folder):
        status, _, error = scdyn("export", trained, target, "--what", what, "--json")
        assert status == 1
        told = json.loads(error)["error"]
        assert {"place", "found", "needed", "fix"} <= told.keys()
        assert "there already" in told["found"]
    assert file.read_text() == "mine"
    assert [path.read_text() for path in folder.iterdir()] == ["mine"]


def test_an_empty_folder_is_filled(scdyn, trained, tmp_path):
    (tmp_path / "out").mkdir()
    assert scdyn("export", trained, tmp_path / "out", "--what", "tables")[0] == 0
    assert (tmp_path / "out" / "scores.csv").is_file()
    status, _, error = scdyn("export", trained, tmp_path / "out", "--what", "h5ad", "--json")
    assert status == 1
    assert "new file" in json.loads(error)["error"]["needed"]


def test_a_place_that_cannot_be_written_is_named(scdyn, trained, tmp_path):
    (tmp_path / "file").write_text("x")
    status, _, error = scdyn(
        "export", trained, tmp_path / "file" / "x", "--what", "tables", "--json"
    )
    assert status == 1
    assert json.loads(error)["error"]["kind"] == "RunError"


@pytest.mark.parametrize("what", ["tables", "h5ad", "bundle", "all"])
def test_stopped_in_the_middle_it_leaves_nothing(scdyn, trained, tmp_path, what, monkeypatch):
    from scdyn_core.runs.rich_reporter import RichReporter

    def stop(self, stage, done, total, message=""):
        if done > 0 or stage == "writing":
            raise KeyboardInterrupt

    monkeypatch.setattr(RichReporter, "progress", stop)
    out = tmp_path / "exports" / "x.out"
    status, _, _ = scdyn("export", trained, out, "--what", what)
    assert status == 130
    assert not list(out.parent.iterdir())


def test_what_is_no_bundle_is_refused_with_what_to_do(scdyn, tmp_path, home):
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04")
    for file in (tmp_path / "x.zip", tmp_path / "none.zip", tmp_path):
        status, _, error = scdyn("import", file, "--json")
        assert status == 1
        told = json.loads(error)["error"]
        assert told["kind"] == "InputError"
        assert told["fix"]
    assert not [path for path in home.runs.iterdir() if path.name != ".queue.lock"]


def test_an_unfinished_run_is_not_exported(scdyn, trained, tmp_path):
    RunWriter(Run.open(trained)).set_state(RunState(status="cancelled", created=0))
    status, _, error = scdyn("export", trained, tmp_path / "x", "--what", "tables")
    assert status == 1
    assert "scdyn resume" in error
