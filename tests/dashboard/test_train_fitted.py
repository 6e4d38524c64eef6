"""Train, for a method that is fitted directly: nothing is said or asked about epochs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from pydantic import Field

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods import registry
from scdyn_core.methods.clera.method import Clera
from scdyn_core.methods.method import (
    Arrays,
    FittedMethod,
    MethodConfig,
    Results,
    RoleNeeds,
    Tensors,
)
from scdyn_core.reporter import Reporter
from scdyn_core.runs.store import RunStore
from scdyn_core.training.options import TrainingOptions
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import add_hopf, open_page, words
from tests.plots.synthetic_run import write_run


class Settings(MethodConfig):
    clusters: int = Field(4, ge=2, le=20, description="Number of clusters")


class Direct(FittedMethod):
    """Does nothing; only its description is looked at here."""

    key = "direct_fit"
    title = "Fitted directly"
    summary = "No epochs"
    citation = "nobody"
    roles = RoleNeeds()
    Config = Settings
    presets: ClassVar = {"scdyn": Settings()}

    def tensors(
        self, dataset: Dataset, config: MethodConfig, split: Split, seed: int, reporter: Reporter
    ) -> Tensors:
        raise NotImplementedError

    def fit(
        self, tensors: Tensors, config: MethodConfig, seeds: Sequence[int], reporter: Reporter
    ) -> Sequence[Arrays]:
        raise NotImplementedError

    def results(
        self,
        models: Sequence[Any],
        tensors: Tensors,
        dataset: Dataset,
        config: MethodConfig,
        reporter: Reporter,
    ) -> Results:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def _offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "METHODS", (Clera(), Direct()))


def test_only_options_that_change_something_are_asked(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    add_hopf(workspace)
    page = open_page(monkeypatch, workspace, "train", method="direct_fit")
    assert not page.exception
    labels = {box.label for box in (*page.selectbox, *page.number_input)}
    assert {"Clusters", "Seed", "Replicates"} <= labels
    assert "Device" not in labels
    assert "without epochs" in words(page)
    assert "from the first epochs" not in words(page)
    page.number_input(key="train/options/replicates").set_value(3).run()
    page.button(key="launch").click().run()
    run = next(iter(RunStore(workspace).runs()))
    assert run.spec.method == "direct_fit"
    assert run.spec.options == TrainingOptions(replicates=3)


def test_its_run_has_no_losses_to_wait_for(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    run = write_run(workspace.runs, method="direct_fit", losses=False)
    page = open_page(monkeypatch, workspace, "runs", run=run.id)
    assert not page.exception
    assert [tab.label for tab in page.tabs] == ["Scores", "Log", "Settings"]
    assert "first losses appear" not in words(page)
    page = open_page(monkeypatch, workspace, "runs", runs_view="Compare")
    assert not page.exception
