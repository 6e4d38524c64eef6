"""Data: upload, report, roles, rename, delete with undo."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.store import DatasetStore
from scdyn_core.workspace import Workspace
from tests.dashboard.opening import add_hopf, open_page, unfold, words
from tests.dashboard.quiet import still_previews
from tests.data.files import MARKUP, PNG, h5ad, small


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    still_previews(monkeypatch)


@pytest.fixture
def hopf(workspace: Workspace) -> DatasetRecord:
    return add_hopf(workspace)


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, workspace: Workspace, hopf: DatasetRecord) -> AppTest:
    page = open_page(monkeypatch, workspace, "data")
    assert not page.exception
    return page


def upload(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    if not page.file_uploader:
        unfold(page, "add_data_0")
    page.file_uploader[0].set_value(
        [(name, content, "application/octet-stream") for name, content in files]
    )
    return page.run()


def test_an_upload_is_checked_stored_and_opened(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, tmp_path: Path
) -> None:
    page = open_page(monkeypatch, workspace, "data")
    upload(page, ("cells.h5ad", h5ad(tmp_path / "x.h5ad").read_bytes()))
    assert not page.exception
    (record,) = DatasetStore(workspace).records()
    assert record.name == "cells"
    assert page.title[0].value == "cells"
    assert "30 cells" in words(page)
    assert page.selectbox(key=f"role/{record.id}/cell_type").value == "cell_type"
    assert not list(workspace.cache.glob("upload-*"))


def test_a_refused_file_says_why_and_leaves_the_rest_alone(
    data: AppTest, workspace: Workspace
) -> None:
    upload(data, ("photo.h5ad", PNG), ("ragged.csv", b"cell,a,b\nx,1,2\ny,1\n"))
    assert not data.exception
    assert len(data.error) == 2
    assert "PNG picture" in data.error[0].value
    assert "line 3" in data.error[1].value
    assert all("What to do" in error.value for error in data.error)
    assert [record.name for record in DatasetStore(workspace).records()] == ["hopf"]


def test_good_files_beside_bad_ones_are_kept(
    data: AppTest, workspace: Workspace, tmp_path: Path
) -> None:
    upload(data, ("photo.h5ad", PNG), ("cells.h5ad", h5ad(tmp_path / "x.h5ad").read_bytes()))
    assert len(data.error) == 1
    assert {record.name for record in DatasetStore(workspace).records()} == {"hopf", "cells"}


def test_the_three_files_of_a_matrix_folder_are_one_dataset(
    data: AppTest, workspace: Workspace
) -> None:
    matrix = (
        b"%%MatrixMarket matrix coordinate integer general\n"
        b"3 4 5\n1 1 2\n2 2 1\n3 3 4\n1 4 3\n2 3 1\n"
    )
    upload(
        data,
        ("matrix.mtx", matrix),
        ("barcodes.tsv", b"c1\nc2\nc3\nc4\n"),
        ("features.tsv", b"g1\tA\nG2\tB\ng3\tC\n"),
    )
    assert not data.exception
    assert not data.error
    newest = DatasetStore(workspace).records()[0]
    assert (newest.n_cells, newest.n_genes) == (4, 3)


def test_a_corrected_role_is_saved(
    data: AppTest, workspace: Workspace, hopf: DatasetRecord
) -> None:
    data.selectbox(key=f"role/{hopf.id}/time").set_value("true_time").run()
    assert DatasetStore(workspace).record(hopf.id).roles.time == "true_time"
    data.selectbox(key=f"role/{hopf.id}/time").set_value(None).run()
    assert DatasetStore(workspace).record(hopf.id).roles.time is None


def test_a_new_condition_asks_for_its_control(
    data: AppTest, workspace: Workspace, hopf: DatasetRecord
) -> None:
    data.selectbox(key=f"role/{hopf.id}/condition").set_value("cell_type").run()
    control = data.selectbox(key=f"role/{hopf.id}/control_condition")
    control.set_value("phase 1").run()
    assert DatasetStore(workspace).record(hopf.id).roles.control_condition == "phase 1"


def test_rename(data: AppTest, workspace: Workspace, hopf: DatasetRecord) -> None:
    data.text_input(key=f"rename/{hopf.id}").set_value("limit cycle").run()
    assert data.title[0].value == "limit cycle"
    assert DatasetStore(workspace).record(hopf.id).name == "limit cycle"


def test_a_deleted_dataset_comes_back(data: AppTest, workspace: Workspace) -> None:
    data.button(key="delete_dataset").click().run()
    assert not data.exception
    assert not DatasetStore(workspace).records()
    data.button(key="undo_delete").click().run()
    assert [record.name for record in DatasetStore(workspace).records()] == ["hopf"]
    assert data.title[0].value == "hopf"


def test_another_dataset_is_one_choice_away(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, hopf: DatasetRecord, tmp_path: Path
) -> None:
    other = DatasetStore(workspace).add(h5ad(tmp_path / "other.h5ad"), "other")
    page = open_page(monkeypatch, workspace, "data", dataset=hopf.id)
    assert page.title[0].value == "hopf"
    page.selectbox(key="dataset_picker").set_value(other.id).run()
    assert page.title[0].value == "other"
    assert page.query_params["dataset"] == other.id


@pytest.mark.parametrize("view", ["Quality", "Composition", "Columns and layers"])
def test_every_view_draws(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, hopf: DatasetRecord, view: str
) -> None:
    page = open_page(monkeypatch, workspace, "data", view=view)
    assert not page.exception
    assert page.get("plotly_chart") or page.dataframe


def test_a_hostile_name_is_shown_letter_by_letter(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, tmp_path: Path
) -> None:
    adata = small()
    adata.obs = adata.obs.rename(columns={"cell_type": MARKUP})
    record = DatasetStore(workspace).add(h5ad(tmp_path / "x.h5ad", adata), MARKUP)
    page = open_page(monkeypatch, workspace, "data", dataset=record.id)
    assert not page.exception
    assert "<img" not in words(page).replace("\\<img", "")


def test_the_inbox_opens_a_file(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    h5ad(workspace.inbox / "large.h5ad")
    page = open_page(monkeypatch, workspace, "data")
    page.button(key="inbox_0").click().run()
    assert page.title[0].value == "large"
