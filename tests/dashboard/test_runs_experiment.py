"""Runs: experiments are listed with what they ask and lead to their answer."""

import json

import pandas as pd
import pytest

from scdyn_core.methods.method import Table
from scdyn_core.runs.run import Run
from scdyn_core.runs.tables import write_table
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import open_page, words
from tests.plots.synthetic_run import write_run

HOSTILE = "Clusters helped <b>T</b> [cells](http://x.y)."


def experiment(workspace: Workspace, status: str = "done", question: str = "resampling") -> Run:
    run = write_run(workspace.runs, status=status, frames={"answer": answer()}, losses=False)
    config = json.loads((run.path / "config.json").read_text())
    config["kind"] = "experiment"
    config["experiment"] = {"question": question, "arms": ["balanced", "clusters"], "seeds": 5}
    (run.path / "config.json").write_text(json.dumps(config))
    if status == "done":
        rows = pd.DataFrame(
            {
                "arm": ["clusters"], "metric": ["recall"], "cell_type": ["rare"],
                "uniform": [0.3], "value": [0.4], "difference": [0.1], "low": [-0.1],
                "high": [0.3], "seeds": [5], "better": ["higher"],
                "verdict": ["no difference seen"],
            }
        )  # fmt: skip
        meanings = dict.fromkeys(rows.columns, "made for a test")
        write_table(run.path / "tables" / "arm_comparison.parquet", Table(rows, meanings))
    return run


def answer() -> pd.DataFrame:
    return pd.DataFrame({"sentence": [HOSTILE], "recommended": ["uniform"]})


@pytest.mark.parametrize(
    ("question", "title"),
    [("resampling", "does resampling help?"), ("unseen response", "unseen responses")],
)
def test_an_experiment_is_listed_with_what_it_asks(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, question: str, title: str
) -> None:
    run = experiment(workspace, question=question)
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert title in page.subheader[0].value
    assert "balanced by type, joint: clusters · 5 seeds" in words(page)
    assert [tab.label for tab in page.tabs] == ["Answer", "Steps", "Log", "Settings"]


def test_the_answer_is_there_as_text_with_the_comparison(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = experiment(workspace)
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert r"\<b\>T" in words(page)
    (row,) = page.dataframe[0].value.to_dict("records")
    assert (row["way_of_drawing"], row["cell_type"]) == ("joint: clusters", "rare types")
    assert row["verdict"] == "no difference seen"


def test_until_it_is_done_there_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = experiment(workspace, status="interrupted")
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert "when all models are trained" in words(page)
    assert "open_results" not in [button.key for button in page.button]


def test_the_answer_leads_to_the_page_of_rare_cells(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = experiment(workspace)
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    page.button(key="open_results").click().run()
    assert page.title[0].value == "Rare cells"
    assert page.query_params["run"] == run.id


def test_an_experiment_of_another_version_is_still_listed(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = experiment(workspace, question="of tomorrow")
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert "of another version" in words(page)


def test_home_lists_experiments_and_leads_to_rare_cells(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = experiment(workspace)
    page = open_page(monkeypatch, workspace, "home")
    assert not page.exception
    assert "does resampling help?" in page.button(key=f"home_run_{run.id}").label
