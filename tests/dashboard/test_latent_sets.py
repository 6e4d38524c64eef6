"""The panel of cell sets: a selection gets a name, sets make sets, nothing is lost by a click."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from scdyn_core.data.cell_sets.cell_set import CellSet, Listed
from scdyn_core.data.cell_sets.store import CellSetStore
from scdyn_core.data.record import DatasetRecord
from scdyn_core.workspace import Workspace
from tests.dashboard.latent_cells import add_cells, select_cells
from tests.dashboard.opening import open_page, unfold, words
from tests.data.files import MARKUP


@pytest.fixture
def record(workspace: Workspace) -> DatasetRecord:
    return add_cells(workspace)


@pytest.fixture
def store(workspace: Workspace) -> CellSetStore:
    return CellSetStore(workspace)


def keep(store: CellSetStore, record: DatasetRecord, name: str, *rows: int) -> CellSet:
    return store.save(record.id, name, np.array(rows), Listed(note="from a test"))


def opened(monkeypatch: pytest.MonkeyPatch, workspace: Workspace, **query: str) -> AppTest:
    page = open_page(monkeypatch, workspace, "latent", **query)
    assert not page.exception
    return page


def test_without_anything_the_panel_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    page = opened(monkeypatch, workspace)
    assert "Nothing is selected" in words(page)
    assert "with the lasso or the box" in words(page)
    assert "None yet" in words(page)
    column = page.button(key="sets/column")
    assert column.disabled
    assert column.help == "There is no set to write yet"


def test_a_selection_is_kept_under_its_name_with_how_it_was_drawn(
    monkeypatch: pytest.MonkeyPatch,
    workspace: Workspace,
    record: DatasetRecord,
    store: CellSetStore,
) -> None:
    page = opened(monkeypatch, workspace)
    rows = select_cells(page, workspace, record, [2, 3, 5])
    assert "Selected: 3 cells" in words(page)
    page.text_input(key="sets/selection/name").set_value("left end")
    page.button(key="sets/selection/save").click().run()
    (saved,) = store.sets(record.id)
    assert (saved.name, saved.how.kind) == ("left end", "drawn")
    np.testing.assert_array_equal(store.cells(record.id, saved.id), rows)
    assert "Saved **left end**, 3 cells" in words(page)
    # Without a name it gets a number; a name is given once.
    page.button(key="sets/selection/save").click().run()
    assert [one.name for one in store.sets(record.id)] == ["left end", "Set 2"]
    page.text_input(key="sets/selection/name").set_value("left end")
    page.button(key="sets/selection/save").click().run()
    assert "another set of this name" in words(page)
    assert len(store.sets(record.id)) == 2


def test_names_are_shown_letter_by_letter(
    monkeypatch: pytest.MonkeyPatch,
    workspace: Workspace,
    record: DatasetRecord,
    store: CellSetStore,
) -> None:
    one = keep(store, record, MARKUP, 1)
    page = opened(monkeypatch, workspace)
    label = page.button(key=f"sets/show/{one.id}").label
    assert label.startswith("\\<img src\\=x")


def test_a_set_is_highlighted_on_the_map_by_a_link(
    monkeypatch: pytest.MonkeyPatch,
    workspace: Workspace,
    record: DatasetRecord,
    store: CellSetStore,
) -> None:
    one = keep(store, record, "a", 1, 2)
    page = opened(monkeypatch, workspace)
    page.button(key=f"sets/show/{one.id}").click().run()
    assert page.query_params["set"] in (one.id, [one.id])
    assert "see all cells alike" in page.button(key=f"sets/show/{one.id}").help
    again = opened(monkeypatch, workspace, dataset=record.id, set=one.id)
    assert "see all cells alike" in again.button(key=f"sets/show/{one.id}").help
    again.button(key=f"sets/show/{one.id}").click().run()
    assert "set" not in again.query_params


def test_sets_are_renamed_noted_deleted_and_brought_back(
    monkeypatch: pytest.MonkeyPatch,
    workspace: Workspace,
    record: DatasetRecord,
    store: CellSetStore,
) -> None:
    one = keep(store, record, "a", 1, 2)
    keep(store, record, "b", 3)
    page = unfold(opened(monkeypatch, workspace), f"sets/more/{one.id}")
    page.text_input(key=f"sets/name/{one.id}/a").set_value("better").run()
    page.text_area(key=f"sets/note/{one.id}").set_value("odd ones").run()
    assert [(each.name, each.note) for each in store.sets(record.id)] == [
        ("better", "odd ones"), ("b", "")
    ]  # fmt: skip
    page.text_input(key=f"sets/name/{one.id}/better").set_value("b").run()
    assert "another set of this name" in words(page)
    page.button(key=f"sets/delete/{one.id}").click().run()
    assert [each.name for each in store.sets(record.id)] == ["b"]
    assert "Deleted **better**" in words(page)
    page.button(key="sets/undo").click().run()
    assert [each.name for each in store.sets(record.id)] == ["better", "b"]
    assert "Deleted" not in words(page)


@pytest.mark.parametrize(
    ("operation", "name", "rows"),
    [
        ("union", "a ∪ b", [1, 2, 3]),
        ("intersection", "a ∩ b", [2]),
        ("difference", "a − b", [1]),
        ("symmetric difference", "a △ b", [1, 3]),
        ("complement", "not a", [0, *range(3, 30)]),
    ],
)
def test_sets_are_made_of_sets(
    monkeypatch: pytest.MonkeyPatch,
    workspace: Workspace,
    record: DatasetRecord,
    store: CellSetStore,
    operation: str,
    name: str,
    rows: list[int],
) -> None:
    keep(store, record, "a", 1, 2)
    keep(store, record, "b", 2, 3)
    page = unfold(opened(monkeypatch, workspace), "sets/combine")
    page.session_state["sets/combine/operation"] = operation
    page.run()
    page.button(key="sets/combined/save").click().run()
    saved = store.sets(record.id)[-1]
    assert saved.name == name
    assert saved.how.operation == operation
    assert store.cells(record.id, saved.id).tolist() == rows


def test_the_groups_of_a_column_become_sets(
    monkeypatch: pytest.MonkeyPatch,
    workspace: Workspace,
    record: DatasetRecord,
    store: CellSetStore,
) -> None:
    page = unfold(opened(monkeypatch, workspace), "sets/files")
    page.button(key="sets/column/make").click().run()
    made = {one.name: store.cells(record.id, one.id).tolist() for one in store.sets(record.id)}
    assert made == {"A": list(range(1, 30, 2)), "B": list(range(0, 30, 2))}
    assert "Made 2 sets" in words(page)


def test_a_filter_offers_groups_with_their_cells(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, record: DatasetRecord
) -> None:
    page = opened(monkeypatch, workspace)
    page.button(key="sets/filter").click().run()
    assert "counted as you choose" in words(page)
    groups = next(one for one in page.multiselect if one.label == "Groups")
    assert groups.options == ["A (15)", "B (15)"]


def test_damaged_sets_are_said_and_can_be_thrown_away(
    monkeypatch: pytest.MonkeyPatch,
    workspace: Workspace,
    record: DatasetRecord,
    store: CellSetStore,
) -> None:
    one = keep(store, record, "a", 1, 2)
    other = keep(store, record, "b", 2)
    folder = workspace.datasets / record.id / "cell_sets"
    (folder / f"{one.id}.json").write_text("{")
    (folder / f"{other.id}-{other.revision}.npy").write_bytes(b"")
    page = opened(monkeypatch, workspace)
    assert "1 set cannot be read" in words(page)
    page.button(key="sets/damaged").click().run()
    assert store.damaged(record.id) == []
    assert ":material/warning:" in words(page)
