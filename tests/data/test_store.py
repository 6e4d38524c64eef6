"""Stored datasets: once each, found again, corrected, deleted and brought back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scdyn_core.data.load import load
from scdyn_core.data.rejected import RejectedData
from scdyn_core.data.roles import Roles
from scdyn_core.data.store import DatasetStore
from scdyn_core.errors import ConfigError, InputError
from scdyn_core.workspace import Workspace
from tests.data import files


@pytest.fixture
def store(workspace: Workspace) -> DatasetStore:
    return DatasetStore(workspace)


@pytest.fixture
def small(tmp_path: Path, store: DatasetStore) -> str:
    dataset = load(files.h5ad(tmp_path / "small.h5ad"))
    return store.add_dataset(dataset, source="small.h5ad").id


def test_a_file_is_stored_with_everything_a_page_shows(store: DatasetStore, tmp_path: Path) -> None:
    record = store.add(files.h5ad(tmp_path / "up.h5ad"), "../../My <b>data</b>\x00")
    assert record.name == "../../My <b>data</b>"
    assert (record.n_cells, record.n_genes, record.source) == (30, 12, "up.h5ad")
    assert record.obs[0].levels == ("A", "B")
    assert record.obs[0].cells == (15, 15)
    assert {guess.role for guess in record.guesses} == {"cell_type", "counts"}
    assert store.path(record.id).parent.name == record.fingerprint[:16]
    dataset = store.open(record.id)
    np.testing.assert_array_equal(dataset.adata.X.toarray(), files.counts().toarray())
    assert load(store.path(record.id)).fingerprint == record.fingerprint


def test_a_refused_file_leaves_nothing_behind(
    store: DatasetStore, workspace: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="external link"):
        store.add(files.external_link(tmp_path / "bad.h5ad"))
    assert list(workspace.datasets.iterdir()) == []


def test_the_report_of_rejected_values_comes_through(store: DatasetStore, tmp_path: Path) -> None:
    adata = files.small()
    adata.X.data[0] = np.inf
    with pytest.raises(RejectedData, match="infinite") as refusal:
        store.add(files.h5ad(tmp_path / "inf.h5ad", adata))
    assert refusal.value.report.of_level("error")


def test_the_same_data_is_stored_once(store: DatasetStore, small: str, tmp_path: Path) -> None:
    again = store.add_dataset(load(files.h5ad(tmp_path / "again.h5ad")), source="again.h5ad")
    assert again.id == small
    assert again.source == "small.h5ad"
    assert len(store.records()) == 1


def test_corrected_roles_are_saved(store: DatasetStore, small: str) -> None:
    store.set_roles(small, Roles(cell_type="cell_type"))
    assert store.record(small).roles == Roles(cell_type="cell_type")
    assert store.open(small).roles == Roles(cell_type="cell_type")
    assert store.record(small).guesses


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        (Roles(time="cell_type"), "a column of numbers"),
        (Roles(batch="absent"), "a column of obs"),
        (Roles(spliced="absent"), "there is none"),
        (Roles(control_condition="A"), "a column for the role condition first"),
        (Roles(condition="cell_type", control_condition="Z"), "a level of 'cell_type': 'A', 'B'"),
    ],
)
def test_roles_that_do_not_fit_are_refused(
    roles: Roles, message: str, store: DatasetStore, small: str
) -> None:
    before = store.record(small)
    with pytest.raises(ConfigError) as refusal:
        store.set_roles(small, roles)
    assert message in str(refusal.value)
    assert store.record(small) == before


def test_deleting_can_be_undone(store: DatasetStore, small: str) -> None:
    store.delete(small)
    assert store.records() == []
    with pytest.raises(InputError, match="no such dataset"):
        store.open(small)
    assert store.restore(small).id == small
    assert [record.id for record in store.records()] == [small]


def test_renaming(store: DatasetStore, small: str) -> None:
    assert store.rename(small, " My\tcells ").name == "Mycells"


def test_a_damaged_record_costs_one_dataset(
    store: DatasetStore, small: str, workspace: Workspace
) -> None:
    damaged = workspace.datasets / ("0" * 16)
    damaged.mkdir()
    (damaged / "dataset.json").write_text("{")
    assert [record.id for record in store.records()] == [small]
    with pytest.raises(InputError, match="a damaged record"):
        store.record("0" * 16)


@pytest.mark.parametrize("identifier", ["..", "../../etc/passwd", "", "ABCDEF0123456789", "a" * 15])
def test_an_id_is_never_a_path(identifier: str, store: DatasetStore) -> None:
    with pytest.raises(InputError, match="16 hexadecimal digits"):
        store.path(identifier)


def test_the_inbox_shows_files_but_no_links(
    store: DatasetStore, workspace: Workspace, tmp_path: Path
) -> None:
    files.h5ad(workspace.inbox / "real.h5ad")
    outside = files.h5ad(tmp_path / "outside.h5ad")
    (workspace.inbox / "link.h5ad").symlink_to(outside)
    assert [path.name for path in store.inbox_files()] == ["real.h5ad"]
    for name in ("link.h5ad", "../../outside.h5ad"):
        with pytest.raises(InputError, match="leads out of the inbox"):
            store.add(workspace.inbox / name)
