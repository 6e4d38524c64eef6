"""Train, for a method that reads counts: the form of scVI, its presets, and a queued run."""

import pytest

from scdyn_core.data.store import DatasetStore
from scdyn_core.methods.scvi.config import ScviConfig
from scdyn_core.methods.scvi.presets import PUBLISHED
from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import open_page
from tests.methods.scvi.small import counted


@pytest.mark.parametrize(("preset", "config"), [("scdyn", ScviConfig()), ("published", PUBLISHED)])
def test_counts_alone_are_enough_to_queue_a_run(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, preset: str, config: ScviConfig
) -> None:
    path = workspace.inbox / "counted.h5ad"
    adata = counted(80).adata
    del adata.layers["share"]
    adata.write_h5ad(path)
    record = DatasetStore(workspace).add(path, "counted")
    assert record.roles.counts == "X"
    page = open_page(monkeypatch, workspace, "train", method="scvi")
    page.button_group(key="preset/scvi").set_value(preset).run()
    assert not page.exception
    page.button(key="launch").click().run()
    assert not page.exception
    (run,) = RunStore(workspace).runs()
    assert (run.spec.method, run.spec.preset) == ("scvi", preset)
    assert ScviConfig.model_validate(run.spec.config) == config
