"""Perturbations: which programs each perturbation moves, and whether to believe it."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.data import hallmark
from scdyn_core.data.gene_sets import read_gmt
from scdyn_core.workspace import Workspace
from tests.dashboard.gene_run import write_gene_run
from tests.dashboard.opening import open_page, words
from tests.dashboard.screen_run import screen_frames, write_screen_run

VIEWS = {
    "Targets": [], "Perturbation": [], "Map": ["Map", "Tree"], "Cells": [],
    "Ranking": ["Ranking", "Screen"], "Prediction": [], "Held out": [],
    "Quality": ["Sparsity", "Stability", "Truth", "Scores", "Training"],
}  # fmt: skip
ATTACK = "<img src=x onerror=alert(1)>![x](http://evil)$x$"
CELLS = ("One perturbation", "Side by side", "Latents", "Columns")


def test_without_runs_the_page_leads_to_training(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = open_page(monkeypatch, workspace, "perturbations")
    assert not page.exception
    assert "Nothing learned yet" in words(page)


def test_only_runs_on_screens_are_offered(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    screen, clusters = write_screen_run(workspace.runs), write_gene_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "perturbations", run=clusters.id)
    assert page.query_params["run"] == screen.id
    assert len(page.selectbox(key="perturbations/run").options) == 1


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> AppTest:
    run = write_screen_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id)
    assert not page.exception
    return page


def test_every_view_opens_and_is_in_the_url(screen: AppTest) -> None:
    assert list(screen.button_group(key="perturbations/show").options) == list(VIEWS)
    for group, views in VIEWS.items():
        screen.button_group(key="perturbations/show").set_value(group).run()
        for view in views or [group]:
            if views:
                assert list(screen.button_group(key=f"perturbations/show/{group}").options) == views
                screen.button_group(key=f"perturbations/show/{group}").set_value(view).run()
            assert not screen.exception, view
            assert not screen.error, view
            assert screen.query_params["show"] in (view, [view])
            assert screen.get("plotly_chart") or view == "Stability", view


def test_the_first_cell_is_the_strongest_and_a_link_names_another(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = screen_frames()
    told, matrix = frames["perturbations"], frames["target_matrix"]
    strongest = told.loc[told["shift_norm"].idxmax(), "perturbation"]
    own = matrix[(matrix["perturbation"] == strongest) & matrix["on"]]
    latent = int(own.loc[own["effect"].abs().idxmax(), "latent"])
    run = write_screen_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id)
    assert page.selectbox(key="perturbations/perturbation").value == strongest
    assert page.selectbox(key="perturbations/latent").value == latent
    assert "shifts** **latent" not in words(page)
    page = open_page(
        monkeypatch, workspace, "perturbations", run=run.id, perturbation="G01", latent="5"
    )
    assert page.selectbox(key="perturbations/perturbation").value == "G01"
    assert page.selectbox(key="perturbations/latent").value == 5
    assert "**G01** does not shift **latent 5**" in words(page)
    page.selectbox(key="perturbations/perturbation").set_value("G02").run()
    assert page.query_params["perturbation"] in ("G02", ["G02"])
    page.button(key="perturbations/strongest").click().run()
    assert page.selectbox(key="perturbations/latent").value == 1
    assert "**G02** shifts **latent 1**" in words(page)
    page.button(key="perturbations/open").click().run()
    assert page.query_params["show"] in ("Perturbation", ["Perturbation"])
    assert page.selectbox(key="perturbations/perturbation").value == "G02"
    assert not page.exception


def test_nonsense_in_the_url_is_no_error(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_screen_run(workspace.runs)
    for nonsense in (ATTACK, "99", "-1", "²", "9" * 5000):
        page = open_page(
            monkeypatch, workspace, "perturbations", run=run.id, latent=nonsense,
            perturbation=nonsense,
        )  # fmt: skip
        assert not page.exception


def test_a_perturbation_is_told_with_its_facts_and_those_like_it(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = screen_frames()
    cells = frames["perturbations"].set_index("perturbation")["cells"]["G01"]
    run = write_screen_run(workspace.runs, frames=frames)
    page = open_page(
        monkeypatch, workspace, "perturbations", run=run.id, show="Perturbation", perturbation="G01"
    )
    said = words(page)
    assert "**G01** has a visible effect" in said
    assert "It shifts latent 1" in said
    assert "The changes of its 3 guides correlate by" in said
    assert {metric.label: metric.value for metric in page.metric}["Cells"] == str(cells)
    near = [one for one in page.button if str(one.key).startswith("perturbations/near/")]
    assert len(near) == 12
    assert near[0].label.replace("\\", "").startswith(("X00 ·", "G02 ·", "G03 ·"))
    page.button(key="perturbations/part/G01+G06").click().run()
    assert page.selectbox(key="perturbations/perturbation").value == "G01+G06"
    page.button(key="perturbations/part/G06").click().run()
    assert page.selectbox(key="perturbations/perturbation").value == "G06"
    assert not page.exception


def test_similar_perturbations_are_found_where_each_pair_is_stored_once(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = screen_frames()
    pairs = frames["similarity"]
    frames["similarity"] = pairs[pairs["perturbation_a"] < pairs["perturbation_b"]]
    run = write_screen_run(workspace.runs, frames=frames)
    page = open_page(
        monkeypatch, workspace, "perturbations", run=run.id, show="Perturbation", perturbation="G03"
    )
    near = [one for one in page.button if str(one.key).startswith("perturbations/near/")]
    assert len(near) == 12
    page.button_group(key="perturbations/show").set_value("Map").run()
    page.button_group(key="perturbations/show/Map").set_value("Tree").run()
    assert not page.exception
    assert len(page.multiselect(key=f"perturbations/tree_of/{run.id}").options) == 19


def test_genes_are_marked_and_searched(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_screen_run(workspace.runs)
    page = open_page(
        monkeypatch, workspace, "perturbations", run=run.id, show="Perturbation",
        perturbation="G01", gene="G33",
    )  # fmt: skip
    assert page.multiselect(key="perturbations/marked").value == ["G33"]
    assert page.dataframe[0].value["gene"].iloc[0] == "G33"
    assert len(page.dataframe[0].value) == 60
    page.text_input(key="perturbations/search").set_value("g1").run()
    assert len(page.dataframe[0].value) == 10
    page.text_input(key="perturbations/search").set_value("(").run()
    assert len(page.dataframe[0].value) == 0
    assert not page.exception


def test_what_has_no_visible_effect_is_called_so(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = screen_frames()
    told = frames["perturbations"]
    told.loc[told["perturbation"] == "G11", ["visible", "e_distance_p"]] = [False, 0.6]
    run = write_screen_run(workspace.runs, frames=frames)
    page = open_page(
        monkeypatch, workspace, "perturbations", run=run.id, show="Perturbation", perturbation="G11"
    )
    assert "**G11** has **no visible effect**" in words(page)
    assert "It shifts no latent" in words(page)
    assert "So did 1 perturbation without a visible effect" in words(page)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id, show="Screen")
    assert "No visible effect: **G11**" in words(page)


def test_the_null_control_is_explained(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_screen_run(workspace.runs)
    page = open_page(
        monkeypatch, workspace, "perturbations", run=run.id, show="Perturbation",
        perturbation="non-targeting (null)",
    )  # fmt: skip
    assert "a random third of the control cells" in words(page)
    assert not page.exception


@pytest.mark.parametrize("way", CELLS)
def test_cells_are_coloured_in_every_way(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, way: str
) -> None:
    run = write_screen_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id, show="Cells")
    page.button_group(key="perturbations/cells_by").set_value(way).run()
    assert not page.exception
    assert page.get("plotly_chart")
    if way == "Columns":
        assert list(page.selectbox(key="perturbations/column").options) == [
            "part", "total", "batch",
        ]  # fmt: skip
        page.selectbox(key="perturbations/column").set_value("batch").run()
        assert not page.exception
        assert "Where a latent follows batch" in words(page)


def test_a_metric_that_cannot_be_read_says_so_where_it_ranks(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_screen_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id, show="Ranking")
    assert "Cannot tell the mean" not in words(page)
    page.selectbox(key="perturbations/rank_metric").set_value("top 20 Jaccard").run()
    assert "Cannot tell the mean of perturbations from a second measurement" in words(page)
    assert "gain" in page.dataframe[1].value
    page.selectbox(key="perturbations/rank_task").set_value("combination").run()
    assert not page.exception
    assert page.dataframe[1].value["perturbation"].tolist() == ["G03+G08"]


def test_every_task_is_scored_beside_its_calibration(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_screen_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id, show="Prediction")
    tasks = page.button_group(key="perturbations/task")
    assert [option.lower() for option in tasks.options] == ["seen", "held out", "combination"]
    assert "To be read: **weighted MSE**" in words(page)
    assert "**top 20 Jaccard**: Cannot tell" in words(page)
    tasks.set_value("held out").run()
    assert not page.exception
    assert page.query_params["task"] in ("held out", ["held out"])
    assert "Too few have a visible effect to compare" in words(page)


def test_nothing_held_out_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_screen_run(workspace.runs, frames=screen_frames(held_out=False, truth=False))
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id, show="Held out")
    assert not page.exception
    assert "No perturbation was held out" in words(page)
    page.button_group(key="perturbations/show").set_value("Quality").run()
    assert "Truth" not in page.button_group(key="perturbations/show/Quality").options
    page.button_group(key="perturbations/show").set_value("Prediction").run()
    assert not page.exception


def test_held_out_perturbations_lead_to_what_was_found(screen: AppTest) -> None:
    screen.button_group(key="perturbations/show").set_value("Held out").run()
    assert "Adapting explains the cells of **3 of 3 perturbations**" in words(screen)
    assert set(screen.dataframe[0].value["perturbation"]) == {"G12", "G13", "G03+G08"}
    screen.button(key="perturbations/held/G13").click().run()
    assert screen.selectbox(key="perturbations/perturbation").value == "G13"
    assert "It was **held out**" in words(screen)


def test_gene_sets_are_tested_in_the_latents(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = screen_frames()
    genes = frames["latent_genes"]
    up = genes[(genes["latent"] == 3) & (genes["effect"] > 0)].nsmallest(6, "rank")["gene"]
    planted = "\t".join(up)
    sets = read_gmt(f"PLANTED\td\t{planted}\nABSENT\td\tX\n".encode(), "mine")
    monkeypatch.setattr(hallmark, "hallmark_sets", lambda folder: sets)
    run = write_screen_run(workspace.runs, frames=frames)
    page = open_page(
        monkeypatch, workspace, "perturbations", run=run.id, perturbation="G01", latent="3"
    )
    assert "Upload a collection" in words(page)
    page.button(key="perturbations/hallmark").click().run()
    assert not page.exception
    assert not page.error
    assert "The background is 60 genes" in words(page)
    first = page.dataframe[0].value.iloc[0]
    assert tuple(first[["gene_set", "latent", "direction"]]) == ("PLANTED", 3, "up")
    again = open_page(
        monkeypatch, workspace, "perturbations", run=run.id, perturbation="G01", latent="4"
    )
    rows = again.dataframe[0].value
    assert set(rows["latent"]) <= {4}


def test_one_replicate_knows_nothing_of_stability(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = screen_frames()
    for name in ("targets", "latent", "sparsity_path", "truth"):
        frames[name] = frames[name].query("replicate == 0")
    frames["latents"]["stability"] = np.nan
    frames["target_matrix"]["effect_sd"] = np.nan
    frames["latent_genes"]["effect_sd"] = np.nan
    run = write_screen_run(workspace.runs, frames=frames)
    for view in ("Targets", "Perturbation", "Stability", "Sparsity", "Truth"):
        page = open_page(monkeypatch, workspace, "perturbations", run=run.id, show=view)
        assert not page.exception, view
        if view == "Stability":
            assert "This run has one replicate" in words(page)


def test_a_run_that_finds_nothing_says_so_and_still_opens(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = screen_frames(held_out=False, truth=False)
    for name, column in (("targets", "effect"), ("target_matrix", "effect")):
        frames[name] = frames[name].assign(on=False, probability=0.01, **{column: 0.0})
    frames["target_matrix"]["stability"] = 0.0
    frames["latents"]["perturbations_on"] = 0
    frames["perturbations"] = frames["perturbations"].assign(latents_on=0.0, shift_norm=0.0)
    frames["similarity"][["shift_cosine", "shared_targets"]] = np.nan
    run = write_screen_run(workspace.runs, frames=frames)
    for group, views in VIEWS.items():
        for view in [name for name in views or [group] if name != "Truth"]:
            page = open_page(monkeypatch, workspace, "perturbations", run=run.id, show=view)
            assert not page.exception, view
            assert "None of the 18 perturbations shifts a latent" in words(page)


def test_a_run_without_predictions_opens(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = screen_frames(held_out=False, truth=False)
    del frames["calibration"], frames["prediction_scores"]
    frames["responses"] = frames["responses"].assign(predicted=np.nan)
    run = write_screen_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id)
    assert "Prediction" not in page.button_group(key="perturbations/show").options
    assert "not compared with any baseline" in words(page)
    for view in ("Perturbation", "Ranking"):
        page.button_group(key="perturbations/show").set_value(view).run()
        assert not page.exception


def test_hostile_names_are_text(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    run = write_screen_run(workspace.runs, frames=screen_frames(prefix=ATTACK))
    for group, views in VIEWS.items():
        for view in views or [group]:
            page = open_page(monkeypatch, workspace, "perturbations", run=run.id, show=view)
            assert not page.exception, view
            assert "![x]" not in words(page), view
            assert not any("![x]" in str(button.label) for button in page.button), view


def test_finished_runs_lead_here_from_the_runs_page(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_screen_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    page.button(key="open_results").click().run()
    assert page.title[0].value == "Perturbations"
    assert not page.exception


def test_a_large_matrix_shows_the_rows_with_the_largest_shifts(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = screen_frames(truth=False, held_out=False, singles=150, combinations=0)
    run = write_screen_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "perturbations", run=run.id)
    assert not page.exception
    assert "120 rows of 152" in words(page)
    page.button_group(key="perturbations/rows").set_value("With a latent on").run()
    assert not page.exception
