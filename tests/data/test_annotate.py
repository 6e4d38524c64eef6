"""A column of sets becomes a new dataset: same numbers, same roles, same sets, one more column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scdyn_core.data.annotate import labels, write_column
from scdyn_core.data.atlas.atlas import Atlas
from scdyn_core.data.atlas.extend import extend_atlas
from scdyn_core.data.atlas.meta import atlas_folder, atlas_key
from scdyn_core.data.atlas.write import write_atlas
from scdyn_core.data.cell_sets.cell_set import Listed
from scdyn_core.data.cell_sets.store import CellSetStore
from scdyn_core.data.load import load
from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.roles import Roles
from scdyn_core.data.store import DatasetStore
from scdyn_core.errors import ConfigError, InputError
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.workspace import Workspace
from tests.data import files

HOW = Listed()


class Listener(SilentReporter):
    """Remembers progress; wants no more after some of it."""

    def __init__(self, enough: float = 2.0) -> None:
        self.heard: list[float] = []
        self._enough = enough

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        self.heard.append(done / total)

    def cancelled(self) -> bool:
        return bool(self.heard) and self.heard[-1] >= self._enough


@pytest.fixture
def dataset(workspace: Workspace, tmp_path: Path) -> DatasetRecord:
    adata = files.small()
    adata.layers["counts"] = adata.X.copy()
    adata.layers["dense"] = adata.X.toarray() / 2
    adata.layers["by_gene"] = adata.X.tocsc()
    adata.obsm["X_umap"] = np.random.default_rng(0).normal(size=(30, 2)).astype("f4")
    adata.obs["age"] = np.arange(30.0)
    adata.obs["doublet"] = np.arange(30) > 20
    data = load(files.h5ad(tmp_path / "small.h5ad", adata))
    store = DatasetStore(workspace)
    record = store.add_dataset(data, source="small.h5ad")
    return store.set_roles(record.id, Roles(cell_type="cell_type", counts="counts"))


def save(workspace: Workspace, record: DatasetRecord, **sets: list[int]) -> list[str]:
    store = CellSetStore(workspace)
    return [store.save(record.id, name, np.array(rows), HOW).id for name, rows in sets.items()]


def test_the_earlier_set_gets_cells_that_several_hold() -> None:
    sets = [("a", np.array([1, 2])), ("b", np.array([2, 3]))]
    rest = "not assigned"
    assert list(labels(5, sets)) == [rest, "a", "a", "b", rest]
    assert list(labels(5, sets[::-1])) == [rest, "a", "b", "b", rest]


def test_levels_stand_in_the_order_of_the_sets_and_none_is_empty() -> None:
    sets = [("z", np.arange(3)), ("hidden", np.array([1])), ("a", np.arange(3, 5))]
    assert list(labels(5, sets).categories) == ["z", "a"]
    assert list(labels(6, sets).categories) == ["z", "a", "not assigned"]


def test_a_set_that_is_called_not_assigned_stays_apart_from_the_rest() -> None:
    assert list(labels(2, [("not assigned", np.array([0]))])) == [
        "not assigned",
        "not assigned (2)",
    ]


def test_the_new_dataset_is_the_old_one_with_a_column(
    workspace: Workspace, dataset: DatasetRecord
) -> None:
    sets = save(workspace, dataset, early=[0, 1, 2], late=[2, 28, 29])
    listener = Listener()
    new = write_column(workspace, dataset.id, " fate ", sets, listener)
    store = DatasetStore(workspace)
    assert {record.id for record in store.records()} == {dataset.id, new.id}
    assert new.name == "small with fate"
    assert new.roles == dataset.roles
    assert new.obs[-1].levels == ("early", "late", "not assigned")
    assert new.obs[-1].cells == (3, 2, 25)
    old, made = store.open(dataset.id).adata, store.open(new.id).adata
    assert list(made.obs) == [*old.obs, "fate"]
    assert list(made.obs["fate"].iloc[[0, 2, 29, 15]]) == ["early", "early", "late", "not assigned"]
    for layer in (None, "counts", "by_gene"):
        before, after = (each.X if layer is None else each.layers[layer] for each in (old, made))
        np.testing.assert_array_equal(before.toarray(), after.toarray())
    np.testing.assert_array_equal(old.layers["dense"], made.layers["dense"])
    np.testing.assert_array_equal(old.obsm["X_umap"], made.obsm["X_umap"])
    assert listener.heard == sorted(listener.heard)
    assert listener.heard[-1] == pytest.approx(1.0, abs=0.1)


def test_it_is_named_by_its_contents_as_if_it_had_come_in_as_a_file(
    workspace: Workspace, dataset: DatasetRecord
) -> None:
    sets = save(workspace, dataset, early=[0, 1, 2])
    new = write_column(workspace, dataset.id, "fate", sets, SilentReporter())
    assert load(DatasetStore(workspace).path(new.id)).fingerprint == new.fingerprint
    assert new.id == new.fingerprint[:16]
    again = write_column(workspace, dataset.id, "fate", sets, SilentReporter())
    assert again == new


def test_sets_are_carried_over(workspace: Workspace, dataset: DatasetRecord) -> None:
    sets = save(workspace, dataset, early=[0, 1, 2], other=[5, 7])
    new = write_column(workspace, dataset.id, "fate", sets[:1], SilentReporter())
    store = CellSetStore(workspace)
    assert store.sets(new.id) == store.sets(dataset.id)
    assert store.cells(new.id, sets[1]).tolist() == [5, 7]


def test_its_atlas_is_that_of_the_old_one_with_a_column(
    workspace: Workspace, dataset: DatasetRecord
) -> None:
    store = DatasetStore(workspace)
    folder = atlas_folder(workspace, atlas_key(dataset.fingerprint, dataset.roles))
    write_atlas(store.open(dataset.id), folder.name, folder)
    sets = save(workspace, dataset, early=[0, 1, 2], late=[2, 28, 29])
    new = write_column(workspace, dataset.id, "fate", sets, SilentReporter())
    shared = Atlas(atlas_folder(workspace, atlas_key(new.fingerprint, new.roles)))
    anew = folder.with_name("anew")
    write_atlas(store.open(new.id), shared.folder.name, anew)
    assert shared.meta == Atlas(anew).meta
    for column in shared.meta.columns:
        pd.testing.assert_series_equal(shared.column(column.name), Atlas(anew).column(column.name))
    np.testing.assert_array_equal(shared.values("g3"), Atlas(anew).values("g3"))
    values = folder / "counts" / "values.npy"
    assert values.stat().st_ino == (shared.folder / "counts" / "values.npy").stat().st_ino
    assert Atlas(folder).meta.columns == shared.meta.columns[:-1]


@pytest.mark.parametrize(
    "column", ["", " \x00", "a/b", "_index", "index", ".", "age", " cell_type "]
)
def test_names_that_do_not_do_are_refused(
    workspace: Workspace, dataset: DatasetRecord, column: str
) -> None:
    sets = save(workspace, dataset, early=[0])
    with pytest.raises(ConfigError):
        write_column(workspace, dataset.id, column, sets, SilentReporter())
    assert len(DatasetStore(workspace).records()) == 1


def test_without_sets_there_is_nothing_to_write(
    workspace: Workspace, dataset: DatasetRecord
) -> None:
    with pytest.raises(ConfigError, match="no set"):
        write_column(workspace, dataset.id, "fate", [], SilentReporter())
    with pytest.raises(InputError, match="no such set"):
        write_column(workspace, dataset.id, "fate", ["0" * 16], SilentReporter())


def test_a_set_that_is_given_twice_is_one_level(
    workspace: Workspace, dataset: DatasetRecord
) -> None:
    (early,) = save(workspace, dataset, early=[0])
    new = write_column(workspace, dataset.id, "fate", [early, early], SilentReporter())
    assert new.obs[-1].levels == ("early", "not assigned")


def test_an_atlas_that_is_there_already_stays(
    workspace: Workspace, dataset: DatasetRecord, tmp_path: Path
) -> None:
    write_atlas(DatasetStore(workspace).open(dataset.id), "old", tmp_path / "old")
    for level in ("first", "second"):
        extend_atlas(tmp_path / "old", tmp_path / "new", "fate", pd.Categorical([level] * 30))
    assert Atlas(tmp_path / "new").column("fate").unique().tolist() == ["first"]
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} >= {"old", "new"}
    assert not list(tmp_path.glob(".new-*"))


@pytest.mark.parametrize("enough", [0.0, 0.6])
def test_what_is_cancelled_leaves_nothing_behind(
    workspace: Workspace, dataset: DatasetRecord, enough: float
) -> None:
    sets = save(workspace, dataset, early=[0])
    with pytest.raises(Cancelled):
        write_column(workspace, dataset.id, "fate", sets, Listener(enough))
    assert [path.name for path in workspace.datasets.iterdir()] == [dataset.id]
