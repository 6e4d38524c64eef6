"""Train: which cells are drawn."""

import json

import anndata
import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.store import DatasetStore
from scdyn_core.runs.run import Run
from scdyn_core.runs.store import RunStore
from scdyn_core.training.resampling.options import SAMPLING
from scdyn_core.training.resampling.words import MEANINGS
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import add_hopf, open_page, unfold, words
from tests.plots.synthetic_run import write_run
from tests.runs.line_method import write_cells

CHOICE = "train/sampler"


@pytest.fixture
def train(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> AppTest:
    add_hopf(workspace)
    page = open_page(monkeypatch, workspace, "train")
    assert not page.exception
    return page


def launched(page: AppTest, workspace: Workspace) -> Run:
    page.button(key="launch").click().run()
    assert not page.exception
    return RunStore(workspace).runs()[0]


def test_uniform_is_the_start_and_is_recommended(train: AppTest, workspace: Workspace) -> None:
    assert train.selectbox(key=CHOICE).value == "uniform"
    assert MEANINGS["uniform"] in words(train)
    assert not any(key.startswith("train/sampling/") for key in keys(train))
    assert launched(train, workspace).spec.options.sampling == SAMPLING["uniform"]


def keys(page: AppTest) -> list[str]:
    return [
        str(widget.key)
        for kind in (page.selectbox, page.number_input, page.toggle, page.text_input)
        for widget in kind
    ]


@pytest.mark.parametrize("name", ["sketch", "marginal", "published", "neighbours", "clusters"])
def test_a_named_way_is_told_in_a_sentence_and_trained_with(
    train: AppTest, workspace: Workspace, name: str
) -> None:
    train.selectbox(key=CHOICE).set_value(name).run()
    assert MEANINGS[name] in words(train)
    assert launched(train, workspace).spec.options.sampling == SAMPLING[name]


def test_only_settings_that_count_can_be_changed(train: AppTest, workspace: Workspace) -> None:
    train.selectbox(key=CHOICE).set_value("clusters").run()
    unfold(train, "train/sampling/advanced")
    assert "train/sampling/neighbours" in keys(train)
    assert "train/sampling/bins" not in keys(train)
    train.number_input(key="train/sampling/floor").set_value(0.2).run()
    changed = SAMPLING["clusters"].model_copy(update={"floor": 0.2})
    assert launched(train, workspace).spec.options.sampling == changed


def test_another_way_starts_from_its_own_settings(train: AppTest, workspace: Workspace) -> None:
    train.selectbox(key=CHOICE).set_value("clusters").run()
    unfold(train, "train/sampling/advanced")
    train.number_input(key="train/sampling/floor").set_value(0.2).run()
    train.selectbox(key=CHOICE).set_value("neighbours").run()
    assert launched(train, workspace).spec.options.sampling == SAMPLING["neighbours"]


def test_an_embedding_is_chosen_among_those_that_will_be_there(
    train: AppTest, workspace: Workspace
) -> None:
    train.selectbox(key=CHOICE).set_value("neighbours").run()
    unfold(train, "train/sampling/advanced")
    choice = train.selectbox(key="train/sampling/embedding")
    # Made by the recipe.
    assert "X_pca" in choice.options
    choice.set_value("X_pca").run()
    assert launched(train, workspace).spec.options.sampling.embedding == "X_pca"


def test_without_types_balance_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    record = add_hopf(workspace)
    roles = record.roles.replace({"cell_type": None})
    DatasetStore(workspace).set_roles(record.id, roles)
    page = open_page(monkeypatch, workspace, "train")
    assert not page.exception
    assert "balanced by type" not in page.selectbox(key=CHOICE).options
    assert r"balanced by type\: needs" in words(page)


def test_parts_of_the_data_that_a_method_asks_for_are_chosen_from_them(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    record = add_treated(workspace)
    page = open_page(monkeypatch, workspace, "train", method="scgen", dataset=record.id)
    assert not page.exception
    assert page.selectbox(key="train/scgen/held_out").options == ["none", "alpha", "beta"]
    page.selectbox(key="train/scgen/held_out").set_value("beta").run()
    assert launched(page, workspace).spec.config["held_out"] == "beta"


def add_treated(workspace: Workspace) -> DatasetRecord:
    """Add cells of two types, with and without treatment."""
    path = write_cells(workspace.inbox / "treated.h5ad")
    adata = anndata.read_h5ad(path)
    adata.obs["condition"] = ["ctrl", "ctrl", "stim", "stim"] * 15
    adata.write_h5ad(path)
    return DatasetStore(workspace).add(path, "treated")


def test_a_method_that_is_fitted_at_once_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_hopf(workspace)
    page = open_page(monkeypatch, workspace, "train", method="association")
    assert not page.exception
    assert CHOICE not in keys(page)


def drawn_with(run: Run, **changes: object) -> Run:
    """Let a run have been trained with joint clusters, some settings changed."""
    config = json.loads((run.path / "config.json").read_text())
    sampling = SAMPLING["clusters"].model_copy(update=changes)
    config["options"]["sampling"] = sampling.model_dump(mode="json")
    (run.path / "config.json").write_text(json.dumps(config))
    return run


@pytest.mark.parametrize("changes", [{}, {"floor": 0.15}])
def test_a_copied_run_keeps_its_way_of_drawing(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, changes: dict[str, object]
) -> None:
    add_hopf(workspace)
    run = drawn_with(write_run(workspace.runs), **changes)
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    page.button(key="clone").click().run()
    assert page.title[0].value == "Train"
    expected = SAMPLING["clusters"].model_copy(update=changes)
    assert launched(page, workspace).spec.options.sampling == expected


def test_a_run_says_how_its_cells_were_drawn(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    plain, other = write_run(workspace.runs), drawn_with(write_run(workspace.runs))
    page = open_page(monkeypatch, workspace, "runs", run=other.id)
    assert page.subheader[0].value.startswith("CLERA (joint: clusters)")
    page = open_page(monkeypatch, workspace, "runs", run=plain.id)
    assert page.subheader[0].value.startswith("CLERA,")
    page = open_page(monkeypatch, workspace, "runs", run=other.id, run_view="Settings")
    settings = page.dataframe[0].value.set_index("setting")["value"]
    assert settings["training: cells drawn"] == "joint: clusters"
    assert "training: bins" not in settings.index
    page = open_page(monkeypatch, workspace, "runs", runs_view="Compare", show="Settings",
                     compare=f"{plain.id},{other.id}")  # fmt: skip
    differences = next(shown.value for shown in page.dataframe if "setting" in shown.value)
    assert "cells drawn" in list(differences["setting"])


def test_draws_are_shown_beside_the_losses_and_not_among_them(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = drawn_with(write_run(workspace.runs))
    row = {
        "phase": "fit", "epoch": 1, "epoch_total": 1, "part": "sampling", "replicate": 0,
        "effective_share": 0.8, "most": 3.0, "mass/alpha": 0.5,
    }  # fmt: skip
    with (run.path / "metrics.jsonl").open("a") as file:
        file.write(json.dumps(row) + "\n")
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert len(page.get("plotly_chart")) == 2
    assert "Cells drawn: joint: clusters" in words(page)
    losses = page.get("plotly_chart")[0].proto.spec
    assert "mass/alpha" not in losses
