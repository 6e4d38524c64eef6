"""Rare cells: who is drawn, in training or from an embedding."""

import pytest

from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import open_page, unfold, words
from tests.dashboard.rare_run import write_weighted_run
from tests.dashboard.treated_cells import add_treated
from tests.plots.synthetic_rare import sampling_frames


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
