"""The gallery: local samples load at once; downloads say clearly why they fail."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest

from scdyn_core.data.load import load
from scdyn_core.data.samples import SAMPLES, fetch, sample
from scdyn_core.errors import ConfigError, InputError
from scdyn_core.reporter import Cancelled, SilentReporter
from tests.data import files


class Listener(SilentReporter):
    def __init__(self, *, cancel: bool = False) -> None:
        self.seen: list[tuple[float, float]] = []
        self._cancel = cancel

    def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
        self.seen.append((done, total))

    def cancelled(self) -> bool:
        return self._cancel


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "served"
    folder.mkdir()
    files.h5ad(folder / "cells.h5ad", files.small(2000, 40))

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, directory=str(folder), **kwargs)

        def log_message(self, *args: object) -> None:
            """Nothing on standard error."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_address[1]}"
        httpd.shutdown()


@pytest.mark.parametrize("entry", [s for s in SAMPLES if s.kind != "download"], ids=lambda s: s.key)
def test_local_samples_load_in_their_shape(entry, tmp_path: Path) -> None:
    path = fetch(entry, tmp_path, SilentReporter())
    assert load(path).adata.shape == (entry.cells, entry.genes)


def test_a_download_reports_progress_and_is_kept(server: str, tmp_path: Path) -> None:
    entry = replace(sample("pancreas"), url=f"{server}/cells.h5ad")
    listener = Listener()
    path = fetch(entry, tmp_path / "cache", listener)
    assert load(path).adata.shape == (2000, 40)
    assert listener.seen[-1][0] == listener.seen[-1][1] == path.stat().st_size
    offline = replace(entry, url="http://127.0.0.1:9/cells.h5ad")
    assert fetch(offline, tmp_path / "cache", listener) == path


def test_a_download_can_be_cancelled(server: str, tmp_path: Path) -> None:
    entry = replace(sample("pancreas"), url=f"{server}/cells.h5ad")
    with pytest.raises(Cancelled):
        fetch(entry, tmp_path / "cache", Listener(cancel=True))
    assert not list((tmp_path / "cache").rglob("*.h5ad"))


@pytest.mark.parametrize("where", ["http://127.0.0.1:9", "http://no-such-host.invalid"])
def test_offline_is_said_clearly(where: str, tmp_path: Path) -> None:
    entry = replace(sample("dentategyrus"), url=f"{where}/cells.h5ad")
    with pytest.raises(InputError, match="cannot be reached") as refusal:
        fetch(entry, tmp_path, SilentReporter())
    assert "inbox" in refusal.value.fix


def test_a_file_that_is_gone_is_said_clearly(server: str, tmp_path: Path) -> None:
    entry = replace(sample("pancreas"), url=f"{server}/gone.h5ad")
    with pytest.raises(InputError, match="does not give the file"):
        fetch(entry, tmp_path / "cache", SilentReporter())


def test_an_unknown_sample_names_those_that_exist() -> None:
    with pytest.raises(ConfigError, match="hopf, bistable"):
        sample("nothing")


def test_the_layout_of_paul15_is_read(tmp_path: Path) -> None:
    path = tmp_path / "paul15.h5"
    with h5py.File(path, "w") as file:
        file["data.debatched"] = np.arange(12).reshape(3, 4)
        file["data.debatched_rownames"] = np.array(["Gata1;x", "Mpo", "Other"], dtype="S")
        file["data.debatched_colnames"] = np.array(["w1", "w2", "w3", "w4"], dtype="S")
        file["cluster.id"] = np.array([[1], [7], [19], [7]])
        file["info.genes_strings"] = np.array(["Mpo", "Gata1", "absent"], dtype="S")
    dataset = load(path)
    assert dataset.adata.X.toarray().tolist() == [[0, 4], [1, 5], [2, 6], [3, 7]]
    assert list(dataset.adata.var_names) == ["Gata1", "Mpo"]
    assert list(dataset.adata.obs["paul15_clusters"]) == ["1Ery", "7MEP", "19Lymph", "7MEP"]
    assert dataset.roles.cell_type == "paul15_clusters"
