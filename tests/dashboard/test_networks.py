"""Gene networks: what acts on what, chosen, searched and taken away."""

import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.networks.store import NetworkStore
from scdyn_core.workspace import Workspace
from tests.dashboard.network_run import network_tables, write_network_run
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
    assert networks.button_group(key="hubs/mixed").value == "Weight"
    assert "not proof of regulation" in text
    assert {"Modularity", "Agreement of seeds", "Communities"} <= {
        metric.label for metric in networks.metric
    }
    labels = {button.label for button in networks.get("download_button")}
    assert {"GraphML", "SIF", "Page (HTML)", "All edges, all evidence", "CSV"} <= labels


def test_a_searched_gene_has_a_card_and_its_edges_listed(networks: AppTest) -> None:
    networks.selectbox(key="node").set_value("gene:Gene7").run()
    networks.button_group(key="below").set_value("Edges").run()
    assert not networks.exception
    assert "**Gene7**" in words(networks)
    edges = networks.dataframe[0].value
    assert set(edges["target"]) == {"Gene7"}
    networks.button_group(key="card").set_value("Near").run()
    assert "nodes reached" in words(networks)
    networks.button_group(key="steps").set_value("1 step").run()
    networks.selectbox(key="way").set_value("What it acts on").run()
    assert "No edge leads on from here" in words(networks)
    networks.selectbox(key="way").set_value("What acts on it").run()
    assert "No edge leads on from here" not in words(networks)
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
    assert "**Gene3**" in words(page)


def test_names_are_shown_letter_by_letter(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs, frames=tables(gene=ATTACK, cell_type=ATTACK))
    page = open_page(monkeypatch, workspace, "networks", run=run.id)
    page.selectbox(key="node").set_value(f"gene:{ATTACK}0").run()
    assert not page.exception
    heading = next(text.value for text in page.markdown if text.value.startswith("**"))
    assert "![x]" not in heading
    assert "<img" not in heading.replace(r"\<", "")
    page.selectbox(key="cells").set_value(f"{ATTACK}1").run()
    assert not page.exception


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> AppTest:
    """The page on a run that found a network of genes."""
    write_network_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "networks")
    assert not page.exception
    return page


def test_the_verdict_and_what_the_edges_are_not_stand_first(screen: AppTest) -> None:
    text = words(screen)
    assert "Mean shift ranks the true direct effects better than this run" in text
    assert "not proof of binding or of regulation" in text
    assert screen.button_group(key="evidence_genes").options[0] == "direct effect"


def test_there_is_one_network_of_all_replicates(screen: AppTest) -> None:
    assert not any(box.label == "Replicate" for box in screen.selectbox)


def test_the_card_of_a_perturbed_gene_says_how_deep_and_what_changes(screen: AppTest) -> None:
    screen.selectbox(key="node").set_value("gene:Gene3").run()
    text = words(screen)
    assert "lowered to 22%" in text
    assert "Perturbing it changes" in text
    assert "above" in text
    screen.selectbox(key="node").set_value("gene:Gene11").run()
    assert "is assumed" in words(screen)
    assert "Not measured itself" in words(screen)


def test_the_surroundings_of_a_gene_are_drawn_from_the_whole_network(screen: AppTest) -> None:
    screen.select_slider(key="edges").set_value(25).run()
    assert "25 of" in words(screen)
    screen.selectbox(key="node").set_value("gene:Gene3").run()
    screen.button_group(key="steps").set_value("2 steps").run()
    assert not screen.exception
    screen.button_group(key="below").set_value("Edges").run()
    assert set(screen.dataframe[0].value["source"]) | set(screen.dataframe[0].value["target"])


def test_edges_can_be_chosen_by_sign_and_stability(screen: AppTest) -> None:
    screen.button_group(key="below").set_value("Edges").run()
    screen.selectbox(key="sign").set_value("lowers").run()
    assert set(screen.dataframe[0].value["sign"]) == {-1}
    screen.slider(key="stability").set_value(1.0).run()
    assert set(screen.dataframe[0].value["stability"]) == {1.0}


@pytest.mark.parametrize("colour", ["Expression", "Measured change", "Predicted change"])
def test_values_are_painted_with_their_bar(screen: AppTest, colour: str) -> None:
    charts = len(screen.get("plotly_chart"))
    screen.selectbox(key="colour").set_value(colour).run()
    assert not screen.exception
    assert len(screen.get("plotly_chart")) == charts + 1
    assert any(box.key == "cause" for box in screen.selectbox) == (colour != "Expression")


@pytest.mark.parametrize("layout", ["rings", "circle", "layers"])
def test_every_layout_is_drawn(screen: AppTest, layout: str) -> None:
    screen.selectbox(key="layout").set_value(layout).run()
    assert not screen.exception


def test_the_table_of_edges_is_searched(screen: AppTest) -> None:
    screen.button_group(key="networks/show").set_value("Edges").run()
    screen.text_input(key="find").set_value('"gene3"').run()
    rows = screen.dataframe[0].value
    assert ((rows["source"] == "Gene3") | (rows["target"] == "Gene3")).all()
    screen.button_group(key="ends").set_value("Source").run()
    assert set(screen.dataframe[0].value["source"]) == {"Gene3"}
    screen.text_input(key="find").set_value("nothing like it").run()
    assert "0 of" in words(screen)


def test_a_large_table_shows_its_strongest_rows_and_says_how_many_there_are(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = network_tables(nodes=50, genes=200, edges=4000, replicates=1)
    write_network_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "networks", show="Edges")
    assert len(page.dataframe[0].value) == 1000
    assert "the 1,000 strongest are shown" in words(page)
    assert page.dataframe[0].value["weight"].is_monotonic_decreasing


def test_genes_are_ranked_with_what_is_known_of_them(screen: AppTest) -> None:
    screen.button_group(key="networks/show").set_value("Genes").run()
    rows = screen.dataframe[0].value
    assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
    assert {"dose", "control", "pagerank"} <= set(rows)


def test_names_of_a_network_of_genes_are_text(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_network_run(workspace.runs, frames=network_tables(gene=ATTACK))
    page = open_page(monkeypatch, workspace, "networks")
    page.selectbox(key="node").set_value(f"gene:{ATTACK}3").run()
    assert not page.exception
    for text in (*page.markdown, *page.caption):
        assert "![x]" not in text.value
        assert "<img" not in text.value.replace(r"\<", "")


def test_an_uploaded_network_is_offered_and_shown(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    NetworkStore(workspace).add(b"source,target,weight\nSTAT1,IRF1,2\nIRF1,GBP2,1\n", "mine.csv")
    page = open_page(monkeypatch, workspace, "networks")
    assert not page.exception
    assert not page.error
    assert "Edges as they were uploaded" in words(page)
    views = page.button_group(key="networks/show")
    assert list(views.options) == ["Network", "What if", "Edges", "Genes"]
    assert "choose a run above" in words(page)
    assert "no expression or response of genes here to paint" in words(page)
    views.set_value("What if").run()
    assert not page.exception
    assert "Changing **STAT1** moves 2 other genes" in words(page)
    assert "it says how far, not which way" in words(page)


def test_any_gene_of_a_large_network_can_be_named_though_not_all_are_listed(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = network_tables(nodes=60, genes=900, edges=5000, replicates=1)
    write_network_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "networks", node="gene898")
    assert not page.exception
    assert "**Gene898**" in words(page)
    assert len(page.selectbox(key="node").options) <= 601
