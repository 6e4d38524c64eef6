"""Rare cells: does resampling help; asking, watching and reading the answer."""

import pytest

from scdyn_core.data.roles import Roles
from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import add_hopf, open_page, words
from tests.dashboard.rare_page import shown
from tests.dashboard.rare_run import write_experiment, write_held_out_run
from tests.dashboard.treated_cells import ROLES, add_treated
from tests.plots.synthetic_rare import experiment_frames


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


def test_data_without_conditions_can_be_asked_whether_resampling_helps(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    record = add_hopf(workspace)
    page = open_page(monkeypatch, workspace, "rare_cells", show="New experiment", dataset=record.id)
    assert not page.exception
    assert "hopf" in words(page)
