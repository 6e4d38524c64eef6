"""Go to: one search finds pages, datasets, runs, samples and genes."""

import pytest

from scdyn_core.data.gene_names import gene_names
from scdyn_core.data.samples import SAMPLES
from scdyn_core.data.store import DatasetStore
from scdyn_core.errors import InputError
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import add_hopf, open_page
from tests.dashboard.quiet import still_previews
from tests.plots.synthetic_run import write_run


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    still_previews(monkeypatch)


def test_everything_there_is_is_offered_once(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    record, run = add_hopf(workspace), write_run(workspace.runs)
    page = open_page(monkeypatch, workspace, "home", dataset=record.id)
    page.button(key="goto_open").click().run()
    offered = page.selectbox(key="goto").options
    assert len(set(offered)) == len(offered)
    assert offered[0] == "Home · page"
    assert any(label.startswith("hopf · dataset, 80 cells") for label in offered)
    assert any(run.id[-6:] in label and "run, done" in label for label in offered)
    assert any(label.startswith(f"{SAMPLES[0].title} · sample") for label in offered)


def test_a_page_has_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    page = open_page(monkeypatch, workspace, "home")
    page.button(key="goto_open").click().run()
    assert page.button(key="goto_open").proto.shortcut == "ctrl+k"
    assert page.button(key="goto_page_data").proto.shortcut == "alt+2"


def test_genes_are_named_without_reading_the_data(workspace: Workspace) -> None:
    record = add_hopf(workspace)
    path = DatasetStore(workspace).path(record.id)
    names = gene_names(path)
    assert list(names) == list(DatasetStore(workspace).open(record.id).adata.var_names)
    path.write_bytes(b"no data")
    with pytest.raises(InputError, match="genes cannot be read"):
        gene_names(path)
