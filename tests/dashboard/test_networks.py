"""Gene networks: what acts on what, chosen, searched and taken away."""

import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.workspace import Workspace
from tests.dashboard.opening import open_page, words
from tests.plots.synthetic_run import tables, write_run

ATTACK = "<img src=x onerror=alert(1)>![x](http://evil)<a href='http://evil'>x</a>"


@pytest.fixture
def networks(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> AppTest:
    write_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "networks")
    assert not page.exception
    assert not page.error
    return page


def test_without_runs_the_page_leads_to_training(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = open_page(monkeypatch, workspace, "networks")
    assert "Nothing learned yet" in words(page)
    assert not page.exception


def test_a_run_without_a_network_says_so(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = {name: tables()[name] for name in ("cells", "equations")}
    run = write_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "networks", run=run.id)
    assert "no interaction network" in words(page)
    assert not page.exception


def test_hubs_communities_and_files_are_there_at_once(networks: AppTest) -> None:
    text = words(networks)
    assert "Hubs" in text
    assert "not proof of regulation" in text
    assert {"Modularity", "Agreement of seeds", "Communities"} <= {
        metric.label for metric in networks.metric
    }
    labels = {button.label for button in networks.get("download_button")}
    assert {"GraphML", "Page (HTML)", "All edges, all cell types", "CSV"} <= labels


def test_a_searched_gene_is_ranked_from_and_its_edges_listed(networks: AppTest) -> None:
    networks.selectbox(key="node").set_value("gene:Gene7").run()
    networks.button_group(key="below").set_value("Edges").run()
    assert not networks.exception
    assert "Near Gene7" in words(networks)
    edges = networks.dataframe[0].value
    assert set(edges["target"]) == {"Gene7"}
    networks.selectbox(key="way").set_value("What it acts on").run()
    assert "0 nodes reached" in words(networks)
    networks.slider(key="steps").set_value(3).run()
    assert not networks.exception


def test_fewer_genes_and_a_threshold_leave_fewer_edges(networks: AppTest) -> None:
    networks.button_group(key="below").set_value("Edges").run()
    before = len(networks.dataframe[0].value)
    networks.slider(key="genes").set_value(5).run()
    fewer = len(networks.dataframe[0].value)
    networks.slider(key="weakest").set_value(0.95).run()
    assert before > fewer > len(networks.dataframe[0].value)
    assert (networks.dataframe[0].value["weight"] >= 0.95).all()


def test_a_cell_type_has_the_evidence_measured_on_it(networks: AppTest) -> None:
    networks.selectbox(key="cells").set_value("phase 2").run()
    assert not networks.exception
    assert list(networks.button_group(key="evidence_type").options) == ["equation"]
    networks.button_group(key="evidence_type").set_value([]).run()
    assert "Choose at least one kind of evidence" in words(networks)


def test_the_figure_can_be_looked_at(networks: AppTest) -> None:
    charts = len(networks.get("plotly_chart"))
    networks.button_group(key="below").set_value("Figure").run()
    assert len(networks.get("plotly_chart")) == charts + 1
    assert not networks.exception


def test_a_link_opens_what_was_looked_at(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs)
    page = open_page(
        monkeypatch, workspace, "networks",
        run=run.id, node="Gene3 · gene", genes="7", cells="All cells", below="Edges",
    )  # fmt: skip
    assert page.selectbox(key="node").value == "gene:Gene3"
    assert page.slider(key="genes").value == 7
    assert "Near Gene3" in words(page)


def test_names_are_shown_letter_by_letter(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs, frames=tables(gene=ATTACK, cell_type=ATTACK))
    page = open_page(monkeypatch, workspace, "networks", run=run.id)
    page.selectbox(key="node").set_value(f"gene:{ATTACK}0").run()
    assert not page.exception
    heading = next(text.value for text in page.markdown if text.value.startswith("**Near"))
    assert "![x]" not in heading
    assert "<img" not in heading.replace(r"\<", "")
    page.selectbox(key="cells").set_value(f"{ATTACK}1").run()
    assert not page.exception
