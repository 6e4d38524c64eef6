"""Train: from a dataset to a queued run without typing anything."""

import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.data.store import DatasetStore
from scdyn_core.methods import registry
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.method import Clera
from scdyn_core.runs.run import Run
from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import add_hopf, open_page, unfold, words
from tests.plots.synthetic_run import write_run


def queued(workspace: Workspace) -> list[Run]:
    return [run for run in RunStore(workspace).runs() if run.state.status == "queued"]


@pytest.fixture
def train(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> AppTest:
    add_hopf(workspace)
    page = open_page(monkeypatch, workspace, "train")
    assert not page.exception
    return page


def test_without_data_the_page_leads_to_the_data(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = open_page(monkeypatch, workspace, "train")
    assert "No data yet" in words(page)
    assert not page.exception


def test_one_click_queues_a_run_with_the_defaults(train: AppTest, workspace: Workspace) -> None:
    train.button(key="launch").click().run()
    assert not train.exception
    (run,) = queued(workspace)
    assert run.spec.method == "clera"
    assert run.spec.preset == "scdyn"
    assert CleraConfig.model_validate(run.spec.config) == CleraConfig()
    assert run.spec.recipe.name == "velocity"
    assert run.spec.dataset.name == "hopf"
    assert train.title[0].value == "Runs"
    assert train.query_params["run"] == run.id


def test_what_the_form_says_is_what_is_queued(train: AppTest, workspace: Workspace) -> None:
    train.number_input(key="train/clera/latents").set_value(5)
    train.number_input(key="train/options/replicates").set_value(3)
    train.run()
    train.button(key="launch").click().run()
    (run,) = queued(workspace)
    assert run.spec.config["latents"] == 5
    assert run.spec.options.replicates == 3


def test_the_published_preset_fills_the_form_and_is_named(
    train: AppTest, workspace: Workspace
) -> None:
    train.button_group(key="preset/clera").set_value("published").run()
    assert train.number_input(key="train/clera/latents").value == 6
    train.button(key="launch").click().run()
    (run,) = queued(workspace)
    assert run.spec.preset == "published"
    assert run.spec.config["activation"] == "relu"


def test_the_presets_differences_are_shown(train: AppTest) -> None:
    assert not any("published" in table.value for table in train.dataframe)
    unfold(train, "differs/clera")
    frame = next(table.value for table in train.dataframe if "published" in table.value)
    row = frame.set_index("setting").loc["latents"]
    assert (row["scdyn"], row["published"]) == ("3", "6")


def test_a_form_with_an_error_cannot_be_launched(train: AppTest) -> None:
    unfold(train, "train/clera/advanced")
    train.text_input(key="train/clera/widths").set_value("many").run()
    assert train.button(key="launch").disabled
    assert "Write whole numbers" in words(train)
    train.session_state["train/clera/advanced"] = False
    train.run()
    assert "Widths: Write whole numbers" in words(train)


def test_a_method_that_lacks_a_role_says_so_and_another_can_be_trained(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    record = add_hopf(workspace)
    bare = dict.fromkeys(record.roles.assigned())
    DatasetStore(workspace).set_roles(record.id, record.roles.replace(bare))
    page = open_page(monkeypatch, workspace, "train")
    assert "eeds " in "".join(said.value for said in page.markdown)
    assert page.button(key="choose/clera").disabled
    # Genes of any cells can be compared with each other.
    assert not page.button(key="launch").disabled
    unfold(page, "train/association/advanced")
    page.multiselect(key="train/association/estimators").set_value(["correlation"])
    page.number_input(key="train/association/tree_cells").set_value(100)
    page.run()
    page.button(key="launch").click().run()
    assert not page.exception
    (run,) = queued(workspace)
    assert run.spec.method == "association"
    assert run.spec.config["estimators"] == ["correlation"]
    assert run.spec.options.replicates == 5


def test_without_a_method_that_can_run_nothing_is_launched(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    monkeypatch.setattr(registry, "METHODS", (Clera(),))
    record = add_hopf(workspace)
    bare = dict.fromkeys(record.roles.assigned())
    DatasetStore(workspace).set_roles(record.id, record.roles.replace(bare))
    page = open_page(monkeypatch, workspace, "train")
    assert "launch" not in [button.key for button in page.button]


def test_the_settings_of_a_run_can_be_copied(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_hopf(workspace)
    run = write_run(workspace.runs, config={"latents": 7})
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    page.button(key="clone").click().run()
    assert page.title[0].value == "Train"
    assert page.number_input(key="train/clera/latents").value == 7
    assert page.number_input(key="train/options/replicates").value == 2


def test_settings_that_no_longer_fit_are_not_copied(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_hopf(workspace)
    run = write_run(workspace.runs, config={"a setting of old": 7})
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    page.button(key="clone").click().run()
    assert not page.exception
    assert "do not fit this version" in words(page)
    assert not page.button(key="launch").disabled
