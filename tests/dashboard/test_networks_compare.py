"""Gene networks, comparing: known edges, other networks, held-out cells."""

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.networks.store import NetworkStore
from scdyn_core.workspace import Workspace
from tests.dashboard.network_run import network_tables, write_network_run
from tests.dashboard.opening import open_page, words
from tests.plots.synthetic_run import write_run

ATTACK = "<img src=x onerror=alert(1)>![x](http://evil)"
KNOWN = b"source,target,sign\n" + b"\n".join(
    f"GENE{source},gene{target},1".encode() for source in range(5) for target in range(20, 24)
)


def held_out(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    rows = [
        ("held-out cells", model, metric, value, better)
        for metric, better in (("mean Wasserstein", "higher"), ("false omission rate", "lower"))
        for model, value in (("this run", 0.4), ("mean shift", 0.5), ("random", 0.1))
    ]
    columns = ["reference", "model", "metric", "value", "better"]
    scores = pd.concat([frames["network_scores"], pd.DataFrame(rows, columns=columns)])
    return {**frames, "network_scores": scores}


def compare(monkeypatch: pytest.MonkeyPatch, workspace: Workspace, **query: str) -> AppTest:
    page = open_page(monkeypatch, workspace, "networks", show="Compare", **query)
    assert not page.exception
    return page


def test_the_truth_is_compared_with_at_once(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs)
    page = compare(monkeypatch, workspace)
    text = words(page)
    assert page.selectbox(key="networks/against").value == "known/truth, direct"
    assert "known edges among its" in text
    assert "times as many as chance would have" in text
    assert "Truth of generated data" in text
    scores = page.dataframe[0].value
    assert list(scores["model"])[-1] == "random"
    assert set(scores["model"]) > {"direct effect", "total effect", "mean shift", "correlation"}
    assert {"AUPRC", "AUPRC ratio", "EPR", "signed EPR"} < set(scores.columns)
    head = page.dataframe[1].value
    assert list(head["rank"]) == list(range(1, len(head) + 1))
    assert set(head["reference"]) <= {"known", "known, other way", "not known"}


def test_the_verdict_names_the_network_that_is_better(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = network_tables(replicates=1)
    rng = np.random.default_rng(0)
    network = frames["network"]
    own = network["evidence"] == "direct effect"
    # Of the run's own network most edges are lost; those of mean shift stay.
    frames["network"] = network[~own | (rng.random(len(network)) < 0.3)]
    write_network_run(workspace.runs, frames=frames)
    page = compare(monkeypatch, workspace)
    assert "rank the known edges better than this network" in words(page)
    page.button_group(key="networks/compared").set_value("mean shift").run()
    assert not page.exception
    assert "**mean shift** has" in words(page)


def test_a_kept_network_is_read_whatever_the_case_of_its_names(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs)
    NetworkStore(workspace).add(KNOWN, f"{ATTACK}.csv")
    page = compare(monkeypatch, workspace)
    page.selectbox(key="networks/against").set_value(f"known/{ATTACK}.csv").run()
    assert not page.exception
    text = words(page)
    assert "20 known edges" in text
    assert "not proven wrong" in text
    assert "![x](" not in text
    assert "<img" not in text.replace(r"\<", "")


def test_a_network_of_other_genes_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs)
    NetworkStore(workspace).add(b"source,target\nSTAT1,IRF1\n", "other.csv")
    page = compare(monkeypatch, workspace, against="known/other.csv")
    assert not page.exception
    assert "no edge between genes of this run" in "\n".join(str(e.value) for e in page.error)


def test_two_networks_of_one_run_are_compared_edge_by_edge(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs)
    page = compare(monkeypatch, workspace)
    page.selectbox(key="networks/against").set_value("evidence").run()
    page.selectbox(key="networks/first").set_value("correlation").run()
    assert not page.exception
    text = words(page)
    assert "are in both, chance would give" in text
    assert "act the same way" in text
    assert "Rank correlation" in text
    assert set(page.dataframe[0].value["among"]) <= {"both", "only the first", "only the second"}


def test_two_runs_are_compared_by_the_same_evidence(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    first, second = (write_network_run(workspace.runs) for _ in range(2))
    page = compare(monkeypatch, workspace, run=first.id)
    page.selectbox(key="networks/against").set_value(f"run/{second.id}").run()
    assert not page.exception
    assert page.selectbox(key="networks/second/that run: direct effect").value == "direct effect"
    assert "100% of the" in words(page)


def test_a_network_with_strengths_can_be_read_as_another_network(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs)
    lines = "\n".join(f"Gene{n},Gene{n + 20},{n + 1}" for n in range(10))
    NetworkStore(workspace).add(f"source,target,weight\n{lines}".encode(), "mine")
    page = compare(monkeypatch, workspace, against="known/mine")
    page.button_group(key="networks/read_as").set_value("As another network").run()
    assert not page.exception
    assert "are in both, chance would give" in words(page)


def test_scores_on_held_out_cells_say_what_they_measure(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs, frames=held_out(network_tables()))
    text = words(compare(monkeypatch, workspace))
    assert "On held-out cells" in text
    assert "total effects" in text


def test_networks_of_latents_have_no_known_edges(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_run(workspace.runs)
    assert "No edge of this run is between two genes" in words(compare(monkeypatch, workspace))


def test_an_upload_is_kept_and_compared_with(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs)
    page = compare(monkeypatch, workspace)
    # What the upload leaves behind; a browser sends the file itself.
    page.session_state["networks/added"] = NetworkStore(workspace).add(KNOWN, "mine.csv")
    page.run()
    assert page.selectbox(key="networks/against").value == "known/mine.csv"
    page.button(key="networks/forget/mine.csv").click().run()
    assert not page.exception
    assert NetworkStore(workspace).names() == []
    assert page.selectbox(key="networks/against").value == "known/truth, direct"
    page.button(key="networks/restore").click().run()
    assert NetworkStore(workspace).names() == ["mine.csv"]
