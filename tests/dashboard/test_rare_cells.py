"""Rare cells: who is drawn, what it buys, and responses of types never seen treated."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.data.roles import Roles
from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import add_hopf, open_page, unfold, words
from tests.dashboard.rare_run import write_experiment, write_held_out_run, write_weighted_run
from tests.dashboard.treated_cells import ROLES, add_treated
from tests.plots.synthetic_rare import experiment_frames, sampling_frames

VIEWS = {
    "Weights": ["Map", "Types", "Epochs", "Never drawn"],
    "Does resampling help?": ["Answer", "Each type", "What was drawn", "New experiment"],
    "Unseen response": ["Predictors", "Genes", "New: hold out types"],
}
ATTACK = "<img src=x onerror=alert(1)>![x](http://evil)$x$"
#: What a browser would interpret: without a backslash before it.
MARKUP = re.compile(r"(?<!\\)(<img|!\[x|\$x)")


def shown(page: AppTest) -> str:
    """The view in the URL."""
    view = page.query_params["show"]
    return view if isinstance(view, str) else view[0]


def test_without_runs_the_page_leads_to_training_and_to_experiments(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = open_page(monkeypatch, workspace, "rare_cells")
    assert not page.exception
    assert "Nothing drawn yet" in words(page)
    page.button_group(key="rare/show").set_value("Does resampling help?").run()
    assert not page.exception
    assert shown(page) == "New experiment"
    assert page.button(key="rare/add_data")


def test_every_view_opens_and_is_in_the_url(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace)
    write_weighted_run(workspace.runs)
    write_experiment(workspace.runs)
    write_experiment(workspace.runs, question="unseen response")
    page = open_page(monkeypatch, workspace, "rare_cells")
    for group, views in VIEWS.items():
        page.button_group(key="rare/show").set_value(group).run()
        assert list(page.button_group(key=f"rare/show/{group}").options) == views
        for view in views:
            page.button_group(key=f"rare/show/{group}").set_value(view).run()
            assert not page.exception, view
            assert not page.error, view
            assert shown(page) == view
            assert page.get("plotly_chart") or view.startswith("New"), view


def test_a_link_to_a_run_opens_the_question_it_answers(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    runs = {
        "Answer": write_experiment(workspace.runs),
        "Predictors": write_held_out_run(workspace.runs),
        "Map": write_weighted_run(workspace.runs),
    }
    for view, run in runs.items():
        page = open_page(monkeypatch, workspace, "rare_cells", run=run.id)
        assert shown(page) == view
        assert page.query_params["run"] in (run.id, [run.id])


def test_the_newest_run_that_was_not_drawn_uniformly_is_shown_first(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    telling = write_weighted_run(workspace.runs)
    uniform = write_weighted_run(workspace.runs, scheme="uniform")
    page = open_page(monkeypatch, workspace, "rare_cells")
    assert page.query_params["run"] in (telling.id, [telling.id])
    said = words(page).replace("\\", "")
    assert "**Joint: neighbours** gives the 417 training cells weights" in said
    assert "**Dendritic** gains most" in said
    page.selectbox(key="rare/run/Weights").set_value(uniform.id).run()
    assert "Drawn **uniformly**" in words(page)
    page.button_group(key="rare/show/Weights").set_value("Never drawn").run()
    assert "None was left out" in words(page)


def test_who_was_never_drawn_is_counted_and_listed(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_weighted_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "rare_cells", show="Never drawn")
    assert "**7 training cells of 417 (1.7%) were never drawn**" in words(page)
    never = page.dataframe[0].value
    assert list(never["cell"]) == [f"T cells {k}" for k in range(7)]


def test_a_type_below_half_of_its_share_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = sampling_frames(scheme="published")
    masses = frames["sampling_mass"]
    starved = (masses["cell_type"] == "B cells") & (masses["epoch"] == 60)
    frames["sampling_mass"] = masses.assign(
        mass=masses["mass"].mask(starved, 0.4 * masses["share"])
    )
    write_weighted_run(workspace.runs, scheme="published", frames=frames)
    page = open_page(monkeypatch, workspace, "rare_cells", show="Types")
    assert "**B cells** falls below half of its share" in words(page)


def test_each_replicate_has_weights_of_its_own(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = sampling_frames(replicates=3)
    cells = frames["sampling_cells"]
    frames["sampling_cells"] = cells.assign(draws=cells["draws"].where(cells["replicate"] != 2, 5))
    write_weighted_run(workspace.runs, frames=frames, replicates=3)
    page = open_page(monkeypatch, workspace, "rare_cells", show="Never drawn")
    assert "never drawn" in words(page)
    page.selectbox(key="rare/replicate").set_value(2).run()
    assert "drawn at least 5 times" in words(page)
    assert page.query_params["replicate"] in ("3", ["3"])


def test_a_run_that_is_training_shows_its_weights_so_far(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_weighted_run(workspace.runs, status="running", upto=30)
    page = open_page(monkeypatch, workspace, "rare_cells", run=run.id)
    assert not page.exception
    assert "This run is training" in words(page)
    assert len(page.get("plotly_chart")) == 1
    early = write_weighted_run(workspace.runs, status="running")
    page = open_page(monkeypatch, workspace, "rare_cells", run=early.id)
    assert "No weights were found yet" in words(page)


def test_an_experiment_answers_in_one_sentence_and_recommends_uniform_without_praise(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_experiment(workspace.runs)
    page = open_page(monkeypatch, workspace, "rare_cells")
    assert any("recalls rare types better" in one.value for one in page.info)
    assert not page.success
    numbers = page.dataframe[0].value
    own = numbers[(numbers["way_of_drawing"] == "balanced by type")]
    recall = own[(own["metric"] == "recall") & (own["cell_type"] == "rare types")].iloc[0]
    assert recall["difference"] == pytest.approx(0.08)
    assert recall["verdict"] == "better"


def test_what_helps_is_good_news(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    frames = experiment_frames()
    frames["answer"] = frames["answer"].assign(sentence="It helps.", recommended="clusters")
    write_experiment(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "rare_cells")
    assert [one.value for one in page.success] == ["It helps\\."]


def test_an_experiment_is_watched_cancelled_and_resumed(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_experiment(workspace.runs, status="queued")
    page = open_page(monkeypatch, workspace, "rare_cells", run=run.id)
    assert "Waits for a free slot" in words(page)
    page.button(key="rare/cancel").click().run()
    assert run.state.status == "cancelled"
    page.run()
    page.button(key="rare/resume").click().run()
    assert run.state.status == "queued"


def test_a_type_called_like_a_whole_is_a_type(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = experiment_frames()
    frames["arm_mass"] = frames["arm_mass"].replace({"cell_type": {"B cells": "all"}})
    frames["arm_comparison"] = frames["arm_comparison"].replace(
        {"cell_type": {"B cells": "all (type)"}}
    )
    write_experiment(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "rare_cells", show="Each type")
    assert not page.exception
    assert page.button_group(key="rare/metric").options == ["Recall", "Reconstruction"]
    rows = page.dataframe[0].value
    assert list(dict.fromkeys(rows["cell_type"])) == [
        "Dendritic", "NK cells", "all (type)", "Monocytes", "T cells",
    ]  # fmt: skip
    assert list(rows["way_of_drawing"][:2]) == ["balanced by type", "marginal"]


def test_weights_that_were_found_once_have_no_course(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = sampling_frames()
    for name in ("sampling", "sampling_mass"):
        frames[name] = frames[name][frames[name]["epoch"] == 60]
    write_weighted_run(workspace.runs, frames=frames, scheme="components")
    page = open_page(monkeypatch, workspace, "rare_cells", show="Epochs")
    assert "Weights were found once" in words(page)
    assert not page.get("plotly_chart")


def test_the_treated_condition_is_chosen_from_the_data(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace)
    page = open_page(monkeypatch, workspace, "rare_cells", show="New: hold out types")
    page.toggle(key="rare/hold_out/own/scgen").set_value(True).run()
    assert "stim" in page.selectbox(key="rare/hold_out/scgen/treated").options


def test_a_failed_experiment_says_why_and_can_go_on(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_experiment(workspace.runs, status="failed")
    page = open_page(monkeypatch, workspace, "rare_cells", run=run.id)
    assert "a loss that is not finite" in words(page)
    assert page.button(key="rare/resume")
    assert not page.get("plotly_chart")


def test_the_wizard_starts_what_it_says(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace)
    page = open_page(monkeypatch, workspace, "rare_cells", show="New experiment")
    assert not page.exception
    assert "Rare here: **Dendritic** (4 cells)" in words(page)
    page.number_input(key="rare/new/pairs").set_value(3).run()
    page.button_group(key="rare/new/arms").set_value(["balanced", "clusters"]).run()
    assert "3 ways of drawing × 3 pairs = **9 trainings**" in words(page)
    page.button(key="rare/new/start").click().run()
    assert not page.exception
    (run,) = RunStore(workspace).runs()
    assert run.spec.kind == "experiment"
    assert run.spec.experiment == {
        "question": "resampling", "arms": ["balanced", "clusters"], "seeds": 3, "rare_share": 0.05,
    }  # fmt: skip
    assert run.spec.options.replicates == 1
    assert shown(page) == "Answer"
    assert "Waits for a free slot" in words(page)


def test_settings_of_the_model_can_be_changed(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace)
    page = open_page(monkeypatch, workspace, "rare_cells", show="New experiment")
    page.button(key="rare/new/choose/scgen").click().run()
    page.toggle(key="rare/new/own/scgen").set_value(True).run()
    page.number_input(key="rare/new/scgen/epochs").set_value(7).run()
    assert "of 7 epochs" in words(page)
    page.button(key="rare/new/start").click().run()
    (run,) = RunStore(workspace).runs()
    assert run.spec.method == "scgen"
    assert run.spec.config["epochs"] == 7
    assert run.spec.preset is None


def test_a_method_whose_roles_are_missing_says_so(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace, roles=ROLES.replace({"condition": None, "control_condition": None}))
    page = open_page(monkeypatch, workspace, "rare_cells", show="New experiment")
    assert "Needs a column or layer with the role condition" in words(page).replace("\\", "")
    assert "rare/new/choose/scgen" not in [button.key for button in page.button]
    page.button_group(key="rare/show").set_value("Unseen response").run()
    assert page.button(key="rare/hold_out/roles")


def test_without_types_nothing_can_be_asked(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace, roles=Roles(counts="counts"))
    page = open_page(monkeypatch, workspace, "rare_cells", show="New experiment")
    assert page.button(key="rare/new/roles")
    assert "rare/new/start" not in [button.key for button in page.button]


def test_where_no_type_is_rare_there_is_nothing_to_start(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace)
    page = open_page(monkeypatch, workspace, "rare_cells", show="New experiment")
    page.slider(key="rare/new/rare").set_value(0.5).run()
    assert "No type is so rare" in words(page)
    assert page.button(key="rare/new/start").disabled


def test_the_time_is_judged_by_earlier_runs_of_the_same_kind(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    record = add_treated(workspace)
    page = open_page(monkeypatch, workspace, "rare_cells", show="New: hold out types")
    assert "Its time is measured" in words(page)
    write_held_out_run(workspace.runs, fingerprint=record.fingerprint)  # 60 s for 60 epochs
    page.run()
    page.toggle(key="rare/hold_out/own/scgen").set_value(True).run()
    page.number_input(key="rare/hold_out/scgen/epochs").set_value(20).run()
    assert "= **9 trainings** of 20 epochs" in words(page)
    assert "At most about **3 min**" in words(page)


def test_the_wizard_of_unseen_responses_asks_for_types_and_models(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace)
    page = open_page(monkeypatch, workspace, "rare_cells", show="New: hold out types")
    assert not page.exception
    types = next(one for one in page.multiselect if one.label.startswith("Types held out"))
    types.set_value(["B cells", "T cells"]).run()
    page.number_input(key="rare/hold_out/models").set_value(2).run()
    page.button(key="rare/hold_out/start").click().run()
    (run,) = RunStore(workspace).runs()
    assert run.spec.method == "scgen"
    assert run.spec.experiment == {
        "question": "unseen response", "types": ["B cells", "T cells"], "arms": ["uniform"],
        "seeds": 2,
    }  # fmt: skip
    assert shown(page) == "Predictors"


def test_a_held_out_type_is_compared_with_its_baselines(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_held_out_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "rare_cells", show="Predictors")
    said = words(page).replace("\\", "")
    assert "Treated cells of **NK cells** were not trained on" in said
    assert (
        "**nearest types** reaches 0.895 and the best baseline, nearest type's shift, 0.87" in said
    )
    assert "the model is better" in said
    rows = page.dataframe[0].value.set_index("predictor")
    assert rows.loc["mean shift", "Pearson delta"] == pytest.approx(0.81)


def test_a_link_opens_a_gene_of_a_type(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_experiment(workspace.runs, question="unseen response")
    page = open_page(
        monkeypatch, workspace, "rare_cells", run=run.id, show="Genes", type="NK cells",
        predictor="nearest types", arm="clusters", gene="GENE40",
    )  # fmt: skip
    assert page.selectbox(key="rare/type").value == "NK cells"
    assert page.selectbox(key="rare/predictor").value == "nearest types"
    assert page.selectbox(key="rare/arm").value == "clusters"
    assert list(page.dataframe[0].value["gene"]) == ["GENE40"]
    page.selectbox(key="rare/type").set_value("B cells").run()
    assert page.query_params["type"] in ("B cells", ["B cells"])


def test_a_type_without_treated_cells_has_a_prediction_and_no_comparison(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_held_out_run(workspace.runs, observed=False)
    page = open_page(monkeypatch, workspace, "rare_cells", show="Predictors")
    assert "this is a real prediction" in words(page)
    assert not page.get("plotly_chart")
    page.button_group(key="rare/show/Unseen response").set_value("Genes").run()
    assert not page.exception
    assert "this is a real prediction" in words(page)
    assert len(page.get("plotly_chart")) == 1
    assert "observed_change" not in page.dataframe[0].value


def test_hostile_names_are_shown_letter_by_letter(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace, prefix=ATTACK, name=ATTACK)
    write_weighted_run(workspace.runs, frames=sampling_frames(prefix=ATTACK))
    write_experiment(workspace.runs, frames=experiment_frames(prefix=ATTACK))
    write_held_out_run(workspace.runs, gene=ATTACK, held_out=ATTACK)
    page = open_page(monkeypatch, workspace, "rare_cells")
    for group, views in VIEWS.items():
        page.button_group(key="rare/show").set_value(group).run()
        for view in views:
            page.button_group(key=f"rare/show/{group}").set_value(view).run()
            assert not page.exception, view
            assert not MARKUP.search(words(page))
            for chart in page.get("plotly_chart"):
                assert "<img" not in chart.proto.spec
                assert "$x$" not in chart.proto.spec


def test_nonsense_in_the_url_is_no_error(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    write_weighted_run(workspace.runs, replicates=2)
    run = write_experiment(workspace.runs, question="unseen response")
    for nonsense in (ATTACK, "²" + "9" * 5000):
        for show in ("Map", "Genes", nonsense):
            page = open_page(
                monkeypatch, workspace, "rare_cells", run=run.id if show == "Genes" else nonsense,
                show=show, type=nonsense, arm=nonsense, predictor=nonsense, gene=nonsense,
                replicate=nonsense, genes=nonsense, metric=nonsense,
            )  # fmt: skip
            assert not page.exception
            assert not page.error


def test_a_run_of_a_method_without_types_and_maps_still_tells_its_weights(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = sampling_frames()
    del frames["sampling_mass"]
    bare = frames["sampling_cells"].drop(columns=["cell_type", "umap_1", "umap_2"])
    frames["sampling_cells"] = bare
    write_weighted_run(workspace.runs, frames=frames)
    page = open_page(monkeypatch, workspace, "rare_cells")
    assert "These cells have no places on a map" in words(page)
    for view in ("Types", "Epochs", "Never drawn"):
        page.button_group(key="rare/show/Weights").set_value(view).run()
        assert not page.exception, view


def test_data_without_conditions_can_be_asked_whether_resampling_helps(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    record = add_hopf(workspace)
    page = open_page(monkeypatch, workspace, "rare_cells", show="New experiment", dataset=record.id)
    assert not page.exception
    assert "hopf" in words(page)


def test_an_embedding_is_weighed_without_training(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace)
    page = open_page(monkeypatch, workspace, "rare_cells", show="Weigh an embedding")
    assert not page.exception
    said = words(page).replace("\\", "")
    assert "**Joint: neighbours** gives the 132 cells weights" in said
    assert page.selectbox(key="rare/weigh/embedding").value == "X_pca"
    assert len(page.get("plotly_chart")) == 2
    page.selectbox(key="rare/weigh/way").set_value("balanced").run()
    assert not page.exception
    masses = page.dataframe[0].value
    assert list(masses["cell_type"]) == ["Dendritic", "B cells", "T cells"]
    assert masses["mass"].to_numpy() == pytest.approx([1 / 3] * 3)
    assert page.query_params["way"] in ("balanced", ["balanced"])


def test_how_far_weights_go_can_be_changed(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace)
    page = open_page(
        monkeypatch, workspace, "rare_cells", show="Weigh an embedding", way="neighbours"
    )
    page.toggle(key="rare/weigh/own").set_value(True).run()
    page = unfold(page, "rare/weigh/advanced")
    page.number_input(key="rare/weigh/strength").set_value(0.0).run()
    assert not page.exception
    assert "Drawn **uniformly**" in words(page)


def test_data_without_an_embedding_are_prepared_first(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace, embedding=False)
    page = open_page(monkeypatch, workspace, "rare_cells", show="Weigh an embedding")
    page.button(key="rare/weigh/prepare").click().run()
    assert not page.exception
    (run,) = RunStore(workspace).runs()
    assert run.spec.kind == "prepare"
    assert "Waits for a free slot" in words(page)
