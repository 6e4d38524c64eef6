"""The equations at work on the Dynamics page: fixed points, paths, what if."""

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from dashboard._ui.dynamics_model import learned_model
from dashboard._ui.dynamics_starts import selected_start
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.method import Tensors
from scdyn_core.runs.model import write_model
from scdyn_core.runs.run import Run
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import open_page, words
from tests.plots.synthetic_run import tables, write_run

ATTACK = "<img src=x onerror=alert(1)>![x](http://evil)"
GENES = [ATTACK, *(f"g{number}" for number in range(1, 20))]


def add_model(run: Run) -> None:
    """Store networks that decode the run's three latents to twenty genes."""
    config = CleraConfig(latents=3)
    networks = [
        CleraNetwork(config, 5, 1.0, torch.ones(2), classes=0, seed=seed, axes=torch.eye(3, 5),
                     axis_sd=torch.ones(3))
        for seed in range(2)
    ]  # fmt: skip
    rng = np.random.default_rng(0)
    none = np.empty(0, dtype=np.int64)
    tensors = Tensors(
        parts={part: {"x": np.zeros((0, 5))} for part in ("train", "validation", "test")},
        samples={"train": none, "validation": none, "test": none},
        constants={
            "components": rng.normal(size=(5, 20)),
            "centre": np.zeros(20),
            "gene_sd": np.ones(20),
            "gene_mean": np.ones(20),
        },
        info={"genes": GENES},
    )
    write_model(run.path, networks, tensors)


@pytest.fixture
def run(workspace: Workspace) -> Run:
    written = write_run(workspace.runs)
    add_model(written)
    return written


def opened(monkeypatch: pytest.MonkeyPatch, workspace: Workspace, run: Run, view: str) -> AppTest:
    page = open_page(monkeypatch, workspace, "dynamics", run=run.id, show=view)
    assert not page.exception
    assert not page.error
    return page


def charts(page: AppTest) -> int:
    return len(page.get("plotly_chart"))


def test_the_fixed_point_of_the_cycle_is_listed_with_its_kind(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, run: Run
) -> None:
    page = opened(monkeypatch, workspace, run, "Vector field")
    (frame,) = (element.value for element in page.dataframe)
    assert frame["kind"].tolist() == ["saddle spiral"]
    assert frame["growth"].iloc[0] == pytest.approx(0.15)
    assert frame["replicates"].iloc[0] == 1.0
    assert "1 fixed point" in words(page)
    assert "None among the cells is stable" in words(page)


def test_the_view_can_be_cut_flat_and_drawn_with_arrows(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, run: Run
) -> None:
    page = opened(monkeypatch, workspace, run, "Vector field")
    page.button_group(key="field/flow").set_value("arrows").run()
    page.selectbox(key="plane/rest/cell_type").set_value("phase 2").run()
    page.selectbox(key="plane/x/3").set_value(2).run()
    page.toggle(key="field/colours").set_value(False).run()
    assert not page.exception
    assert charts(page) == 1


def test_paths_start_where_the_user_says(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, run: Run
) -> None:
    page = opened(monkeypatch, workspace, run, "Trajectories")
    drawn = charts(page)
    page.multiselect(key="paths/starts/cell_type").set_value(["phase 4"]).run()
    assert charts(page) == drawn
    page.multiselect(key="paths/starts/cell_type").set_value([]).run()
    assert "Choose where paths start" in words(page)
    page.text_input(key="paths/cell").set_value("cell00007").run()
    assert charts(page) == drawn
    page.text_input(key="paths/cell").set_value(ATTACK).run()
    assert "There is no cell called" in page.warning[-1].value
    assert "![x]" not in page.warning[-1].value
    assert not page.exception


def test_genes_along_the_paths_can_be_chosen(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, run: Run
) -> None:
    page = opened(monkeypatch, workspace, run, "Trajectories")
    assert set(page.multiselect(key="paths/genes").options) == set(GENES)
    page.multiselect(key="paths/genes").set_value([ATTACK, "g3"]).run()
    assert not page.exception


def test_a_run_without_its_model_says_why_there_are_no_genes(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    page = opened(monkeypatch, workspace, write_run(workspace.runs), "Trajectories")
    assert "keeps no decoder" in words(page)


def test_a_click_starts_at_a_cell_and_a_lasso_in_its_middle(run: Run) -> None:
    model = learned_model(run, 0)
    point = {"customdata": [7]}
    assert selected_start(model, {"selection": {"points": [point]}}) == {"cell00007": 7}
    rows = [{"customdata": [row]} for row in range(60)]
    ((name, row),) = selected_start(model, {"selection": {"points": rows}}).items()
    assert name == "middle of 60 chosen cells"
    distances = np.linalg.norm(model.z[:60] - np.median(model.z[:60], axis=0), axis=1)
    assert row == distances.argmin()
    for nothing in (None, {"selection": {"points": []}}, {"selection": {"points": [{}]}},
                    {"selection": {"points": [{"customdata": [10_000]}]}}):  # fmt: skip
        assert selected_start(model, nothing) == {}


def test_nothing_is_changed_until_the_user_changes_it(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, run: Run
) -> None:
    page = opened(monkeypatch, workspace, run, "What if")
    assert "not an experiment" in words(page)
    assert "Move the slider" in words(page)
    assert "Genes that end differently" not in words(page)


def test_a_removed_term_changes_the_fixed_points(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, run: Run
) -> None:
    page = opened(monkeypatch, workspace, run, "What if")
    page.selectbox(key="what_if/equation/3").set_value(3).run()
    next(s for s in page.slider if s.label.startswith("Coefficient")).set_value(0.0).run()
    assert "now removed" in words(page)
    assert "Genes that end differently" in words(page)
    before, after = (element.value for element in page.dataframe)
    assert before["kind"].tolist() == ["saddle spiral"]
    # Without its equation the third latent stands still everywhere.
    assert set(after["kind"]) == {"undecided"}


def test_a_latent_can_be_held(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, run: Run
) -> None:
    page = opened(monkeypatch, workspace, run, "What if")
    page.selectbox(key="what_if/held/3").set_value(2).run()
    next(s for s in page.slider if s.label.startswith("Value of")).set_value(0.5).run()
    assert not page.exception
    after = page.dataframe[-1].value
    assert after["kind"].tolist() == ["unstable spiral"]
    assert after["z3"].tolist() == [0.5]


def test_without_cell_types_there_are_paths_and_no_fates(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    frames = tables()
    frames["cells"] = frames["cells"].drop(columns=["cell_type", "time", "umap_1", "umap_2"])
    run = write_run(workspace.runs, frames=frames)
    assert "no fates" in words(opened(monkeypatch, workspace, run, "What if"))
    assert "no UMAP" in words(opened(monkeypatch, workspace, run, "Trajectories"))


def test_one_latent_has_no_portrait(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    frames = tables()
    equations = frames["equations"]
    frames["equations"] = equations[
        (equations["equation"] == 1) & ~equations["term"].str.contains("z2|z3")
    ]
    frames["latent"] = frames["latent"].drop(columns=["z2", "z3", "dz2", "dz3", "dzhat2", "dzhat3"])
    frames = {name: frames[name] for name in ("cells", "latent", "equations")}
    run = write_run(workspace.runs, frames=frames)
    for view in ("Vector field", "Trajectories", "What if"):
        assert "needs two latents" in words(opened(monkeypatch, workspace, run, view))


def test_names_of_types_are_shown_as_they_are(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs, frames=tables(cell_type=ATTACK))
    for view in ("Vector field", "Trajectories", "What if"):
        assert "![x](" not in words(opened(monkeypatch, workspace, run, view))


def test_the_classifier_is_reported_type_by_type(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, run: Run
) -> None:
    page = opened(monkeypatch, workspace, run, "Cell types")
    (frame,) = (element.value for element in page.dataframe)
    assert {"precision", "recall", "f1"} <= set(frame.columns)
    assert frame["type"].iloc[-1] == "mean over types"
    assert [metric.label for metric in page.metric] == ["Correct", "Mean recall", "Mean F1"]
