"""Sets kept with their dataset: found again, changed, deleted, brought back, never half."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import numpy as np
import pytest

from scdyn_core.data.cell_sets import folder
from scdyn_core.data.cell_sets.cell_set import (
    Combined,
    Drawn,
    Filtered,
    Imported,
    Listed,
)
from scdyn_core.data.cell_sets.filters import CellFilter, LevelsPart
from scdyn_core.data.cell_sets.names import free_name
from scdyn_core.data.cell_sets.outline import Lasso, Outline
from scdyn_core.data.cell_sets.store import CellSetStore
from scdyn_core.data.load import load
from scdyn_core.data.store import DatasetStore
from scdyn_core.errors import ConfigError, InputError
from scdyn_core.workspace import Workspace
from tests.data import files

HOW = Listed(note="by hand")
HOSTILE = "<img src=x onerror=alert(1)>\x00\u202e../../etc"


@pytest.fixture
def store(workspace: Workspace) -> CellSetStore:
    return CellSetStore(workspace)


@pytest.fixture
def dataset(workspace: Workspace, tmp_path: Path) -> str:
    data = load(files.h5ad(tmp_path / "small.h5ad"))
    return DatasetStore(workspace).add_dataset(data, source="small.h5ad").id


def rows(*members: int) -> np.ndarray:
    return np.array(members, dtype=np.int64)


def test_a_set_is_found_again_with_cells_in_order_each_once(
    store: CellSetStore, dataset: str
) -> None:
    saved = store.save(dataset, " Alpha ", rows(7, 3, 3, 29), HOW)
    assert (saved.name, saved.n_cells) == ("Alpha", 3)
    assert store.sets(dataset) == [saved]
    found = store.cells(dataset, saved.id)
    assert found.dtype == np.int64
    assert found.tolist() == [3, 7, 29]


def test_how_a_set_was_made_is_kept(store: CellSetStore, dataset: str) -> None:
    outline = Outline(lassos=(Lasso(x=(0, 1, 1), y=(0, 0, 1)),))
    chosen = CellFilter(parts=(LevelsPart(column="cell_type", levels=("A",)),))
    checked = [
        Drawn(of="", map="X_umap", outline=outline),
        Filtered(filter=chosen),
        Combined(operation="difference", sets=("a", "b")),
        Imported(source="sets.csv", column="group", level="1"),
    ]
    for number, how in enumerate(checked):
        store.save(dataset, f"set {number}", rows(1), how)
    assert [one.how for one in store.sets(dataset)] == checked
    assert [how.words() for how in checked] == [
        "drawn on X_umap (1, 2): 1 lasso",
        "cells whose cell_type is 'A'",
        "in 'a' but not 'b'",
        "group is 1 in sets.csv",
    ]


def test_an_empty_set_is_a_set(store: CellSetStore, dataset: str) -> None:
    saved = store.save(dataset, "none", rows(), HOW)
    assert store.cells(dataset, saved.id).tolist() == []


def test_names_are_cleaned_and_each_is_given_once(store: CellSetStore, dataset: str) -> None:
    saved = store.save(dataset, HOSTILE, rows(1), HOW)
    assert saved.name == "<img src=x onerror=alert(1)>../../etc"
    with pytest.raises(ConfigError, match="another set of this name"):
        store.save(dataset, HOSTILE, rows(2), HOW)
    with pytest.raises(ConfigError, match="no name"):
        store.save(dataset, " \x00 ", rows(2), HOW)
    other = store.save(dataset, "other", rows(2), HOW)
    with pytest.raises(ConfigError, match="another set of this name"):
        store.rename(dataset, other.id, saved.name)
    assert store.rename(dataset, saved.id, "better").name == "better"
    assert [one.name for one in store.sets(dataset)] == ["better", "other"]


def test_several_sets_are_saved_together_or_not_at_all(store: CellSetStore, dataset: str) -> None:
    with pytest.raises(ConfigError, match="another set of this name"):
        store.save_all(dataset, [("a", rows(1), HOW), ("b", rows(2), HOW), ("a", rows(3), HOW)])
    assert store.sets(dataset) == []
    assert len(store.save_all(dataset, [("a", rows(1), HOW), ("b", rows(2), HOW)])) == 2


@pytest.mark.parametrize("members", [(-1, 3), (3, 30)])
def test_rows_of_no_cell_are_refused(
    store: CellSetStore, dataset: str, members: tuple[int, ...]
) -> None:
    with pytest.raises(ConfigError, match="dataset of 30 cells"):
        store.save(dataset, "a", rows(*members), HOW)


def test_sets_take_turns_in_colours(store: CellSetStore, dataset: str) -> None:
    first, second = (store.save(dataset, name, rows(1), HOW) for name in "ab")
    assert (first.colour, second.colour) == (0, 1)
    store.delete(dataset, first.id)
    assert store.save(dataset, "c", rows(1), HOW).colour == 0


def test_other_cells_come_with_another_revision(
    store: CellSetStore, dataset: str, workspace: Workspace
) -> None:
    old = store.save(dataset, "a", rows(1, 2), HOW)
    store.annotate(dataset, old.id, "looks\nodd\x00")
    new = store.replace(dataset, old.id, rows(4), Listed())
    assert (new.name, new.note, new.n_cells, new.colour) == ("a", "looks odd", 1, old.colour)
    assert new.revision != old.revision
    assert store.cells(dataset, old.id).tolist() == [4]
    kept = list((workspace.datasets / dataset / "cell_sets").glob("*.npy"))
    assert len(kept) == 1


def test_deleting_can_be_undone(store: CellSetStore, dataset: str) -> None:
    saved = store.save(dataset, "a", rows(1, 2), HOW)
    store.delete(dataset, saved.id)
    assert store.sets(dataset) == []
    with pytest.raises(InputError, match="no such set"):
        store.cells(dataset, saved.id)
    assert store.restore(dataset, saved.id) == saved
    assert store.cells(dataset, saved.id).tolist() == [1, 2]


def test_a_set_comes_back_beside_one_that_took_its_name(store: CellSetStore, dataset: str) -> None:
    saved = store.save(dataset, "a", rows(1, 2), HOW)
    store.delete(dataset, saved.id)
    store.save(dataset, "a", rows(3), HOW)
    assert store.restore(dataset, saved.id).name == "a (2)"


def test_a_long_name_that_is_taken_is_shortened_for_its_number(
    store: CellSetStore, dataset: str
) -> None:
    name = "x" * 200
    first = store.save(dataset, name, rows(1), HOW)
    store.delete(dataset, first.id)
    store.save(dataset, name, rows(2), HOW)
    back = store.restore(dataset, first.id)
    assert back.name == "x" * 196 + " (2)"
    assert store.get(dataset, first.id) == back
    assert store.save(dataset, free_name(name, [name, back.name]), rows(3), HOW).name[-3:] == "(3)"


@pytest.mark.parametrize("file", ["cells", "record"])
def test_a_disk_that_gets_full_leaves_none_of_several_sets(
    store: CellSetStore,
    dataset: str,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
) -> None:
    written = getattr(folder, f"write_{file}")
    calls = iter(range(9))

    def full(*given: object) -> None:
        written(*given)
        if next(calls) == 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, f"write_{file}", full)
    with pytest.raises(OSError, match="No space"):
        store.save_all(dataset, [(name, rows(1), HOW) for name in "abc"])
    kept = workspace.datasets / dataset / "cell_sets"
    assert [path.name for path in kept.iterdir()] == [".lock"]


def test_sets_go_and_come_with_their_dataset(
    store: CellSetStore, dataset: str, workspace: Workspace
) -> None:
    saved = store.save(dataset, "a", rows(1, 2), HOW)
    DatasetStore(workspace).delete(dataset)
    with pytest.raises(InputError, match="no such dataset"):
        store.sets(dataset)
    DatasetStore(workspace).restore(dataset)
    assert store.sets(dataset) == [saved]


@pytest.mark.parametrize("content", [b"", b"{", b'{"id": 3}', b"\xff\xfe", b"[]"])
def test_a_damaged_record_costs_one_set(
    store: CellSetStore, dataset: str, workspace: Workspace, content: bytes
) -> None:
    sound, broken = (store.save(dataset, name, rows(1), HOW) for name in "ab")
    folder = workspace.datasets / dataset / "cell_sets"
    (folder / f"{broken.id}.json").write_bytes(content)
    assert store.sets(dataset) == [sound]
    assert store.damaged(dataset) == [broken.id]
    with pytest.raises(InputError, match="a damaged record"):
        store.cells(dataset, broken.id)
    store.delete(dataset, broken.id)
    assert store.damaged(dataset) == []


def test_a_record_under_another_id_is_none(
    store: CellSetStore, dataset: str, workspace: Workspace
) -> None:
    saved = store.save(dataset, "a", rows(1), HOW)
    folder = workspace.datasets / dataset / "cell_sets"
    copied = folder / f"{'0' * 16}.json"
    copied.write_bytes((folder / f"{saved.id}.json").read_bytes())
    assert store.sets(dataset) == [saved]
    assert store.damaged(dataset) == ["0" * 16]


def _pickled(path: Path) -> None:
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


@pytest.mark.parametrize(
    "damage",
    [
        _pickled,
        _truncated,
        lambda path: path.write_bytes(b""),
        lambda path: np.save(path, np.array([1, 1, 2], dtype=np.uint32)),
        lambda path: np.save(path, np.array([2, 1, 0], dtype=np.uint32)),
        lambda path: np.save(path, np.array([1, 2, 30], dtype=np.uint32)),
        lambda path: np.save(path, np.array([1, 2], dtype=np.uint32)),
        lambda path: np.save(path, np.array([1.0, 2.0, 3.0])),
        lambda path: np.save(path, np.array([[1, 2, 3]], dtype=np.uint32)),
    ],
)
def test_damaged_cells_are_refused(
    store: CellSetStore, dataset: str, workspace: Workspace, damage
) -> None:
    saved = store.save(dataset, "a", rows(1, 2, 3), HOW)
    damage(workspace.datasets / dataset / "cell_sets" / f"{saved.id}-{saved.revision}.npy")
    with pytest.raises(InputError, match="a file of cells that is damaged"):
        store.cells(dataset, saved.id)


@pytest.mark.parametrize("identifier", ["..", "../../dataset", "", "A" * 16, "*"])
def test_an_id_is_never_a_path(store: CellSetStore, dataset: str, identifier: str) -> None:
    for act in (store.get, store.cells, store.delete, store.restore):
        with pytest.raises(InputError, match="no id of a set"):
            act(dataset, identifier)


def _work(home: Path, dataset: str, session: int) -> None:
    """What one session does: sets of its own, and changes of the one that all share."""
    store = CellSetStore(Workspace(home))
    shared = store.sets(dataset)[0].id
    for turn in range(8):
        store.save(dataset, f"{session}-{turn}", rows(turn), HOW)
        store.replace(dataset, shared, rows(*range(session, 30, 3)), HOW)
        store.annotate(dataset, shared, f"{session}")
        assert store.cells(dataset, shared).tolist() in [list(range(s, 30, 3)) for s in range(3)]


def test_sessions_that_write_at_once_lose_nothing(
    store: CellSetStore, dataset: str, workspace: Workspace
) -> None:
    store.save(dataset, "shared", rows(*range(0, 30, 3)), HOW)
    context = multiprocessing.get_context("spawn")
    sessions = [
        context.Process(target=_work, args=(workspace.home, dataset, number)) for number in range(2)
    ]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join(60)
    assert [session.exitcode for session in sessions] == [0, 0]
    names = {one.name for one in store.sets(dataset)}
    assert names == {"shared"} | {f"{s}-{turn}" for s in range(2) for turn in range(8)}
    assert store.damaged(dataset) == []
    left = {path.suffix for path in (workspace.datasets / dataset / "cell_sets").iterdir()}
    assert left == {".json", ".npy", ""}


def test_a_million_cells_are_saved_and_read_in_a_moment(
    store: CellSetStore, dataset: str, workspace: Workspace
) -> None:
    record = DatasetStore(workspace).record(dataset).model_copy(update={"n_cells": 2_000_000})
    path = workspace.datasets / dataset / "dataset.json"
    path.write_text(record.model_dump_json())
    many = np.arange(0, 2_000_000, 2)
    start = time.perf_counter()
    saved = store.save(dataset, "half", many, HOW)
    written = time.perf_counter()
    np.testing.assert_array_equal(store.cells(dataset, saved.id), many)
    read = time.perf_counter()
    # Milliseconds on a quiet machine.
    assert written - start < 0.5
    assert read - written < 0.2
