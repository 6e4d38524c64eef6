"""Gene clusters: which genes respond alike, found by a name, and whether to believe it."""

import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.data import hallmark
from scdyn_core.data.gene_sets import read_gmt
from scdyn_core.errors import InputError
from scdyn_core.workspace import Workspace
from tests.dashboard.gene_run import write_gene_run
from tests.dashboard.opening import open_page, words
from tests.plots.synthetic_responses import response_tables
from tests.plots.synthetic_run import write_run

VIEWS = {
    "Clusters": [], "Gene": [], "Map": [], "Heat map": [], "Groups": [], "Gene sets": [],
    "Prediction": [], "Quality": ["Baselines", "Number of clusters", "Scores"],
}  # fmt: skip
ATTACK = "<img src=x onerror=alert(1)>![x](http://evil)"


def test_without_runs_the_page_leads_to_training(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = open_page(monkeypatch, workspace, "genes")
    assert "Nothing learned yet" in words(page)
    assert not page.exception


def test_only_runs_with_clusters_are_offered_here_and_only_equations_on_dynamics(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    equations = write_run(workspace.runs)
    clusters = write_gene_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "genes", run=equations.id)
    assert page.query_params["run"] == clusters.id
    assert len(page.selectbox(key="clusters/run").options) == 1
    page = open_page(monkeypatch, workspace, "dynamics", run=clusters.id)
    assert page.query_params["run"] == equations.id
    assert len(page.selectbox(key="equations/run").options) == 1


@pytest.fixture(params=["response_mixture", "vrnn"])
def genes(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> AppTest:
    run = write_gene_run(workspace.runs, method=request.param)
    page = open_page(monkeypatch, workspace, "genes", run=run.id)
    assert not page.exception
    return page


def test_every_view_opens_and_is_in_the_url(genes: AppTest) -> None:
    assert list(genes.button_group(key="genes/show").options) == list(VIEWS)
    for group, views in VIEWS.items():
        genes.button_group(key="genes/show").set_value(group).run()
        if views:
            offered = list(genes.button_group(key=f"genes/show/{group}").options)
            assert offered[: len(views)] == views
            views = offered
        for view in views or [group]:
            if views:
                genes.button_group(key=f"genes/show/{group}").set_value(view).run()
            assert not genes.exception, view
            assert not genes.error, view
            assert genes.query_params["show"] in (view, [view])
            if view != "Gene sets":
                assert genes.get("plotly_chart"), view


def test_losses_are_shown_only_where_there_are_some(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    for method, there in {"response_mixture": False, "vrnn": True}.items():
        run = write_gene_run(workspace.runs, method=method)
        page = open_page(monkeypatch, workspace, "genes", run=run.id, show="Quality")
        assert ("Training" in page.button_group(key="genes/show/Quality").options) is there


def test_table_and_panels_follow_the_number_of_clusters(genes: AppTest) -> None:
    assert genes.selectbox(key="genes/k").value == 5
    assert "5 (chosen)" in genes.selectbox(key="genes/k").options
    assert len(genes.dataframe[0].value) == 5
    genes.selectbox(key="genes/k").set_value(3).run()
    assert len(genes.dataframe[0].value) == 3
    assert genes.query_params["k"] in ("3", ["3"])
    genes.button_group(key="genes/show").set_value("Map").run()
    assert genes.selectbox(key="genes/k").value == 3


def test_a_url_names_algorithm_and_number(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_gene_run(workspace.runs, method="vrnn")
    page = open_page(
        monkeypatch, workspace, "genes", run=run.id, k="4", algorithm="Gaussian mixture"
    )
    assert page.selectbox(key="genes/algorithm").value == "Gaussian mixture"
    assert page.selectbox(key="genes/k").value == 4
    page.selectbox(key="genes/algorithm").set_value("k-means").run()
    assert page.selectbox(key="genes/k").value == 4
    page.selectbox(key="genes/k").set_value(5).run()
    assert "k" not in page.query_params
    assert page.query_params["algorithm"] in ("k-means", ["k-means"])
    for nonsense in (ATTACK, "99", "-1", "²", "9" * 5000):
        page = open_page(
            monkeypatch, workspace, "genes", run=run.id, k=nonsense, algorithm=nonsense
        )
        assert not page.exception


def test_one_algorithm_is_no_choice(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    page = open_page(monkeypatch, workspace, "genes", run=write_gene_run(workspace.runs).id)
    assert "genes/algorithm" not in [box.key for box in page.selectbox]


def test_a_gene_is_found_with_its_cluster_and_those_like_it(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = response_tables()
    own = frames["clusters"].query("gene == 'GENE7' and k == 5")["cluster"].iloc[0]
    run = write_gene_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "genes", run=run.id, show="Gene", gene="GENE7")
    assert page.selectbox(key="genes/gene").value == "GENE7"
    assert f"**GENE7** belongs to cluster {own}" in words(page)
    near = [button for button in page.button if str(button.key).startswith("genes/near/")]
    assert len(near) == 12
    other = near[0].key.removeprefix("genes/near/")
    near[0].click().run()
    assert not page.exception
    assert page.selectbox(key="genes/gene").value == other
    assert page.query_params["gene"] in (other, [other])


def test_genes_are_compared_on_one_plot_and_the_url_keeps_them(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_gene_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "genes", run=run.id, show="Gene", gene="GENE7")
    before = len(page.get("plotly_chart"))
    page.multiselect(key="genes/compare").set_value(["GENE1", "GENE2"]).run()
    assert len(page.get("plotly_chart")) == before + 1
    assert page.query_params["compare"] == ["GENE1", "GENE2"]
    page.button(key="genes/compare_near").click().run()
    assert len(page.multiselect(key="genes/compare").value) > 2
    page.button_group(key="genes/show").set_value("Clusters").run()
    assert page.multiselect(key="genes/compare").value[:2] == ["GENE1", "GENE2"]
    assert not page.exception


def test_a_value_is_given_at_any_time(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = response_tables()
    curve = frames["fitted"].query("gene == 'GENE7'").set_index("time")
    run = write_gene_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "genes", run=run.id, show="Gene", gene="GENE7")
    page.number_input(key=f"genes/time/{run.id}").set_value(6.0).run()
    row = curve.loc[6.0]
    assert f"At 6: **{row['fitted']:.2f}** log2 (90 %: {row['low']:.2f}" in words(page)


def test_an_unknown_gene_in_the_url_is_no_error(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_gene_run(workspace.runs)
    page = open_page(
        monkeypatch, workspace, "genes", run=run.id, show="Gene", gene=ATTACK, compare=ATTACK
    )
    assert not page.exception
    assert page.selectbox(key="genes/gene").value.startswith("GENE")


def test_a_run_without_conditions_has_no_groups(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = response_tables()
    frames["curves"] = frames["curves"].query("group == 'all'")
    run = write_gene_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "genes", run=run.id, show="Gene")
    assert "Groups" not in page.button_group(key="genes/show").options
    assert not page.exception


def test_gene_sets_are_tested_in_the_clusters_that_are_shown(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = response_tables()
    own = frames["clusters"].query("k == 5 and cluster == 1")["gene"][:10]
    planted = "\t".join(own)
    sets = read_gmt(f"PLANTED\td\t{planted}\nABSENT\td\tX\n".encode(), "mine")
    monkeypatch.setattr(hallmark, "hallmark_sets", lambda folder: sets)
    run = write_gene_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "genes", run=run.id, show="Gene sets")
    assert "Upload a collection" in words(page)
    page.button(key="genes/hallmark").click().run()
    assert not page.exception
    assert not page.error
    first = page.dataframe[0].value.iloc[0]
    assert (first["gene_set"], first["cluster"], first["overlap"]) == ("PLANTED", 1, 10)
    assert "The background is 120 genes" in words(page)
    page.selectbox(key="genes/k").set_value(4).run()
    assert set(run.table("over_representation")["k"]) == {4}
    assert page.get("plotly_chart")
    again = open_page(monkeypatch, workspace, "genes", run=run.id, show="Gene sets", k="4")
    assert again.get("plotly_chart")


def test_a_run_that_loses_its_forecast_says_who_wins(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = response_tables()
    predictions = frames["predictions"]
    forest = (predictions["task"] == "forecast") & (predictions["model"] == "random forest")
    predictions.loc[forest, "predicted"] = predictions.loc[forest, "observed"]
    run = write_gene_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "genes", run=run.id, show="Prediction")
    assert not page.exception
    assert "**Forecast**: :material/thumb_down: **random forest** predicted it better" in words(
        page
    )
    assert "90 % bands hold" in words(page)


def test_bands_of_expression_level_are_called_out(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = response_tables()
    baselines = frames["baselines"]
    baselines.loc[baselines["baseline"] == "this run", "level_share"] = 0.9
    run = write_gene_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "genes", run=run.id, show="Baselines")
    assert "they sort genes by how much of them there is" in words(page)
    assert "reproducible because it sorts by level" in words(page)


def test_a_class_without_genes_is_spoken_of(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = response_tables()
    for name in ("clusters", "memberships", "cluster_curves", "cluster_summary"):
        frame = frames[name]
        frames[name] = frame[(frame["k"] != 4) | (frame["cluster"] != 4)]
    run = write_gene_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "genes", run=run.id, k="4")
    assert not page.exception
    assert "1 class of the 4 found no gene" in words(page)
    page = open_page(monkeypatch, workspace, "genes", run=run.id, k="3")
    assert "found no gene" not in words(page)


def test_without_a_truth_nobody_claims_to_be_right(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = response_tables()
    frames["baselines"] = frames["baselines"].drop(columns="truth")
    frames["genes"] = frames["genes"].drop(columns="class_true")
    run = write_gene_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "genes", run=run.id, show="Baselines")
    assert not page.exception
    assert "Nobody knows the true classes" in words(page)


def test_hostile_names_are_text(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    run = write_gene_run(workspace.runs, frames=response_tables(gene=ATTACK, group=ATTACK))
    for view in (*VIEWS, *VIEWS["Quality"]):
        page = open_page(monkeypatch, workspace, "genes", run=run.id, show=view)
        assert not page.exception, view
        assert "![x]" not in words(page), view
        assert not any("![x]" in str(button.label) for button in page.button), view


def test_finished_runs_lead_here_from_the_runs_page(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_gene_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert "Response mixture" in words(page)
    page.button(key="open_results").click().run()
    assert page.title[0].value == "Gene clusters"
    assert not page.exception


def test_without_a_network_gene_sets_can_still_be_uploaded(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    def offline(folder: object) -> None:
        raise InputError("hallmark", found="no way", needed="a network", fix="Upload it instead.")

    monkeypatch.setattr(hallmark, "hallmark_sets", offline)
    run = write_gene_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "genes", run=run.id, show="Gene sets")
    page.button(key="genes/hallmark").click().run()
    assert not page.exception
    assert "Upload it instead" in page.error[-1].value
