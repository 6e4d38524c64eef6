"""Rare cells: responses of types never seen treated."""

import pytest

from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import open_page, words
from tests.dashboard.rare_page import shown
from tests.dashboard.rare_run import write_experiment, write_held_out_run
from tests.dashboard.treated_cells import add_treated


def test_the_treated_condition_is_chosen_from_the_data(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_treated(workspace)
    page = open_page(monkeypatch, workspace, "rare_cells", show="New: hold out types")
    page.toggle(key="rare/hold_out/own/scgen").set_value(True).run()
    assert "stim" in page.selectbox(key="rare/hold_out/scgen/treated").options


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
