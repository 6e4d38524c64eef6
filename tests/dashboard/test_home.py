"""Home: a sample in one click, and the next thing to do."""

import pytest

from scdyn_core.data.store import DatasetStore
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import add_hopf, open_page, words
from tests.dashboard.quiet import still_previews
from tests.plots.synthetic_run import write_run


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    still_previews(monkeypatch)


def test_the_first_visitor_is_told_where_to_start(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = open_page(monkeypatch, workspace, "home")
    assert not page.exception
    assert "Start here" in words(page)
    page.button(key="next_data").click().run()
    assert page.title[0].value == "Data"


def test_one_click_stores_a_sample_and_opens_it(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = open_page(monkeypatch, workspace, "home")
    page.button(key="sample_hopf").click().run()
    assert not page.exception
    (record,) = DatasetStore(workspace).records()
    assert (record.n_cells, record.n_genes) == (2400, 200)
    assert page.title[0].value == "Limit cycle \\(generated\\)"
    assert page.query_params["dataset"] == record.id


def test_with_data_the_next_step_is_preprocessing(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_hopf(workspace)
    page = open_page(monkeypatch, workspace, "home")
    assert "preprocess **hopf**" in words(page)


def test_recent_runs_are_listed(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    run = write_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "home")
    assert page.button(key=f"home_run_{run.id}").label.startswith("CLERA")


@pytest.mark.parametrize(
    ("missing", "title"),
    [((), "Dynamics"), (("equations",), "Latent space"), (("equations", "latent"), "Runs")],
)
def test_results_open_where_they_are_shown_and_else_among_the_runs(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, missing: tuple[str, ...], title: str
) -> None:
    record = add_hopf(workspace)
    run = write_run(workspace.runs)
    config = run.path / "config.json"
    config.write_text(config.read_text().replace("0" * 16, record.fingerprint))
    for table in missing:
        (run.path / "tables" / f"{table}.parquet").unlink()
    page = open_page(monkeypatch, workspace, "home", dataset=record.id)
    page.button(key="next_results").click().run()
    assert not page.exception
    assert page.title[0].value == title
    assert page.query_params["run"] == run.id
