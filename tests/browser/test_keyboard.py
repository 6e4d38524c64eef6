"""A first visit, and the way to any place without a mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard._ui.tour_seen import forget_seen
from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.data.store import DatasetStore
from scdyn_core.workspace import Workspace
from tests.browser.server import RunningApp

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

TITLE = "How cells change and what drives them"


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def test_the_tour_fits_the_screen_and_never_comes_back(page: Page, app: RunningApp) -> None:
    forget_seen(Workspace(app.home))
    page.goto(app.url)
    tour = page.get_by_role("dialog")
    expect(tour.locator("img")).to_have_count(6)
    expect(tour.get_by_role("button", name="Open a sample")).to_be_in_viewport(ratio=1)
    tour.get_by_role("button", name="Got it").click()
    expect(tour).to_have_count(0)
    page.reload()
    heading(page, TITLE)
    page.wait_for_timeout(1500)
    expect(tour).to_have_count(0)


def test_escape_closes_the_tour_for_good(page: Page, app: RunningApp) -> None:
    forget_seen(Workspace(app.home))
    page.goto(app.url)
    tour = page.get_by_role("dialog")
    expect(tour).to_be_visible()
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)
    page.wait_for_timeout(1500)
    page.reload()
    heading(page, TITLE)
    expect(tour).to_have_count(0)


def test_typing_leads_to_pages_and_datasets(page: Page, app: RunningApp, tmp_path: Path) -> None:
    path = tmp_path / "cells.h5ad"
    Hopf(n_cells=80, n_genes=12).sample(seed=0).write_h5ad(path)
    record = DatasetStore(Workspace(app.home)).add(path, "my cells")
    page.goto(app.url)
    heading(page, TITLE)
    go_to(page, "prepro")
    heading(page, "Preprocess")
    go_to(page, "my cells")
    heading(page, "my cells")
    assert f"dataset={record.id}" in page.url
    go_to(page, "gene0003 · gene")
    heading(page, "Latent space")
    assert "colour=gene" in page.url


def test_pages_have_keys_while_the_search_is_open(page: Page, app: RunningApp) -> None:
    page.goto(app.url)
    heading(page, TITLE)
    open_search(page)
    page.keyboard.press("Alt+5")
    heading(page, "Runs")


def open_search(page: Page) -> None:
    """Open the search once the page is still: keys have no effect on what is not there yet."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_role("button", name="Go to…")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.locator(".st-key-goto input")).to_be_focused()


def go_to(page: Page, words: str) -> None:
    """Search and take the first place that is found."""
    open_search(page)
    page.keyboard.type(words)
    expect(page.get_by_role("option").first).to_contain_text(words, ignore_case=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
