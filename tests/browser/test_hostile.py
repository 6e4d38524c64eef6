"""Files built to harm, uploaded in a real browser: each is refused in words of its own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import RunningApp
from tests.browser.test_data_page import upload
from tests.data import files

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

#: What reading a file may add: processes that read and preview it, with their libraries. The bomb
#: declares 1.6 GB.
MOST_ADDED = 800_000_000


def resident(process: psutil.Process) -> int:
    """Bytes of memory that a process and its descendants occupy."""
    total = 0
    for each in (process, *process.children(recursive=True)):
        try:
            total += each.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


@contextmanager
def peak_of(app: RunningApp) -> Iterator[list[int]]:
    """Watch the memory of the app and its children; the list ends up with every reading."""
    process = psutil.Process(app.process.pid)
    seen, ended = [resident(process)], threading.Event()

    def watch() -> None:
        while not ended.is_set():
            seen.append(resident(process))
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        ended.set()
        watcher.join()


def stored(app: RunningApp) -> set[str]:
    records = [json.loads(path.read_text()) for path in app.home.glob("datasets/*/dataset.json")]
    return {record["name"] for record in records}


def test_a_bad_file_is_refused_in_words_and_costs_nothing_else(
    app: RunningApp, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{app.url}/data")
    upload(page, files.h5ad(tmp_path / "good.h5ad"))
    expect(page.get_by_role("heading", name="good")).to_be_visible()
    for name, path in files.refused(tmp_path).items():
        with peak_of(app) as memory:
            upload(page, path)
            alert = page.get_by_test_id("stAlert").filter(has_text=name)
            expect(alert).to_contain_text(files.REFUSED[name][1])
        expect(alert).to_contain_text("What to do:")
        assert max(memory) - memory[0] < MOST_ADDED, name
        assert "Traceback" not in page.content(), name
        assert app.process.poll() is None, name
        assert stored(app) == {"good"}, name
    page.reload()
    expect(page.get_by_role("heading", name="good")).to_be_visible()


def test_a_gene_called_like_an_attack_is_a_gene(
    app: RunningApp, page: Page, tmp_path: Path
) -> None:
    executed: list[str] = []
    page.on("dialog", lambda dialog: (executed.append(dialog.message), dialog.dismiss()))
    page.goto(f"{app.url}/data")
    with peak_of(app) as memory:
        upload(page, files.markup_gene(tmp_path / "markup.h5ad"))
        expect(page.get_by_role("heading", name="markup")).to_be_visible()
    assert max(memory) - memory[0] < MOST_ADDED
    page.get_by_role("tab", name="Composition").click()
    expect(page.get_by_text(files.MARKUP).first).to_be_visible()
    assert page.locator("img[src='x']").count() == 0
    assert executed == []
    assert stored(app) == {"good", "markup"}
