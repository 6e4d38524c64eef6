"""Networks that are kept: by name, and no name ever becomes a path."""

from pathlib import Path

import pytest

from scdyn_core.errors import InputError
from scdyn_core.networks.edges import COLUMNS
from scdyn_core.networks.store import NetworkStore
from scdyn_core.workspace import Workspace

CONTENT = b"source,target,weight\nA,B,-4\nA,C,2\n"


def test_a_network_is_kept_under_its_name(tmp_path: Path):
    store = NetworkStore(Workspace(tmp_path))
    assert store.names() == []
    assert store.add(CONTENT, "mine.csv") == "mine.csv"
    assert NetworkStore(Workspace(tmp_path)).names() == ["mine.csv"]
    assert store.frame("mine.csv")["weight"].tolist() == [4.0, 2.0]


def test_its_edges_are_those_of_any_network(tmp_path: Path):
    store = NetworkStore(Workspace(tmp_path))
    store.add(CONTENT, "mine")
    edges = store.edges("mine")
    assert list(edges) == list(COLUMNS)
    assert edges["weight"].tolist() == [1.0, 0.5]
    assert edges["sign"].tolist() == [-1, 1]
    assert set(edges["evidence"]) == {"uploaded"}


def test_the_same_name_replaces_and_tells_that_it_did(tmp_path: Path):
    store = NetworkStore(Workspace(tmp_path))
    store.add(CONTENT, "mine")
    before = store.written("mine")
    store.add(b"source,target\nX,Y\n", "mine")
    assert store.names() == ["mine"]
    assert store.frame("mine")["source"].tolist() == ["X"]
    assert store.written("mine") != before


@pytest.mark.parametrize(
    "name", ["../../evil", "/etc/passwd", "a/b\\c", "..", "\u202egnp.exe", "x" * 5_000, "<b>", "é"]
)
def test_no_name_leaves_the_folder(tmp_path: Path, name: str):
    store = NetworkStore(Workspace(tmp_path / "home"))
    kept = store.add(CONTENT, name)
    assert store.names() == [kept]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.parent for path in files] == [tmp_path / "home" / "networks"]
    assert store.frame(kept)["target"].tolist() == ["B", "C"]
    store.delete(kept)
    assert store.names() == []
    store.restore(kept)
    assert store.frame(kept)["target"].tolist() == ["B", "C"]


def test_what_is_no_network_is_not_kept(tmp_path: Path):
    store = NetworkStore(Workspace(tmp_path))
    with pytest.raises(InputError):
        store.add(b"nothing", "mine")
    assert store.names() == []


def test_an_unknown_name_says_what_there_is(tmp_path: Path):
    store = NetworkStore(Workspace(tmp_path))
    store.add(CONTENT, "mine")
    for ask in (store.frame, store.edges, store.delete, store.written):
        with pytest.raises(InputError, match="'mine'"):
            ask("other")


def test_a_foreign_or_damaged_file_has_no_name(tmp_path: Path):
    store = NetworkStore(Workspace(tmp_path))
    store.add(CONTENT, "mine")
    folder = tmp_path / "networks"
    (folder / "foreign.parquet").write_bytes(b"PAR1 no")
    own = next(path for path in folder.iterdir() if path.name != "foreign.parquet")
    (folder / "copy.parquet").write_bytes(own.read_bytes())
    assert store.names() == ["mine"]
    own.write_bytes(b"PAR1 damaged")
    with pytest.raises(InputError, match="cannot be read"):
        store.frame("mine")


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch):
    import pyarrow.parquet as pq

    def fails(*_args, **_options):
        raise OSError("disk full")

    store = NetworkStore(Workspace(tmp_path))
    monkeypatch.setattr(pq, "write_table", fails)
    with pytest.raises(OSError, match="disk full"):
        store.add(CONTENT, "mine")
    assert list((tmp_path / "networks").iterdir()) == []
