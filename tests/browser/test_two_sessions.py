"""Background runs belong to nobody's browser: one closes, another sees the same queue."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.data.store import DatasetStore
from scdyn_core.workspace import Workspace
from tests.browser.server import RunningApp

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

RUN_SECONDS = 120


@pytest.fixture
def dataset(app: RunningApp, tmp_path: Path) -> str:
    path = tmp_path / "cells.h5ad"
    Hopf(n_cells=300, n_genes=30, depth=4000).sample(seed=0).write_h5ad(path)
    return DatasetStore(Workspace(app.home)).add(path, "cells").id


def visitor(browser: Browser) -> tuple[BrowserContext, Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(30_000)
    return context, context.new_page()


def launch(page: Page, app: RunningApp, dataset: str) -> None:
    page.goto(f"{app.url}/train?dataset={dataset}")
    page.locator(".st-key-launch button:visible").click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()


def states(app: RunningApp) -> list[str]:
    """Statuses of all runs, oldest first."""
    files = sorted(app.home.glob("runs/2*/state.json"))
    return [json.loads(file.read_text())["status"] for file in files]


def queue(page: Page) -> list[str]:
    """What the list of runs says of each run, newest first; moving words left out."""
    rows = page.locator("[class*=st-key-run-row] [data-testid=stCaptionContainer]")
    return [text.split(" · ")[0] for text in rows.all_inner_texts() if " · " in text]


def wait_for(app: RunningApp, wanted: list[str]) -> None:
    end = time.monotonic() + RUN_SECONDS
    while states(app) != wanted:
        assert time.monotonic() < end, states(app)
        assert "failed" not in states(app)
        time.sleep(0.2)


def test_closing_the_browser_changes_nothing_and_others_see_the_same_queue(
    browser: Browser, app: RunningApp, dataset: str
) -> None:
    first_context, first = visitor(browser)
    launch(first, app, dataset)
    wait_for(app, ["running"])
    launch(first, app, dataset)
    wait_for(app, ["running", "queued"])

    second_context, second = visitor(browser)
    second.goto(f"{app.url}/runs")
    for page in (first, second):
        expect(page.get_by_text("1 ahead in the queue")).to_be_visible()
        assert queue(page) == ["queued", "running"]

    second.get_by_role("button", name="Cancel").click()
    for page in (first, second):
        expect(page.locator("[class*=st-key-run-row]").first).to_contain_text("cancelled")

    assert states(app)[0] == "running"
    first_context.close()
    second_context.close()
    wait_for(app, ["done", "cancelled"])

    third_context, third = visitor(browser)
    third.goto(f"{app.url}/runs")
    expect(third.get_by_text("done").first).to_be_visible()
    assert queue(third) == ["cancelled", "done"]
    third_context.close()
