"""From a filter to a set, a combination of sets, and a column of a new dataset, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from scdyn_core.data.cell_sets.store import CellSetStore
from scdyn_core.data.store import DatasetStore
from scdyn_core.workspace import Workspace
from tests.browser.server import RunningApp
from tests.browser.test_genes_page import settled
from tests.dashboard.latent_cells import add_cells

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


def choose(page: Page, label: str, option: str) -> None:
    """Pick an option of a select box in the dialog."""
    page.get_by_role("dialog").get_by_label(label).last.click()
    page.get_by_role("option", name=option).click()
    page.keyboard.press("Tab")
    settled(page)


def test_from_a_filter_to_a_column(page: Page, app: RunningApp) -> None:
    workspace = Workspace(app.home)
    record = add_cells(workspace)
    store = CellSetStore(workspace)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{app.url}/latent?dataset={record.id}")
    page.get_by_role("button", name="Filter").click()
    dialog = page.get_by_role("dialog")
    choose(page, "Groups", "A (15)")
    expect(dialog.get_by_text("15 cells of 30")).to_be_visible()
    dialog.get_by_role("button", name="Another condition").click()
    settled(page)
    choose(page, "Condition on", "age")
    dialog.get_by_label("To").last.fill("0.5")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("7 cells of 30")).to_be_visible()
    dialog.get_by_label("Name of the new set").fill("young A")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="young A", exact=True)).to_be_visible()

    page.get_by_role("button", name="Combine").click()
    body = page.get_by_test_id("stPopoverBody")
    body.get_by_role("radio", name="not").click()
    expect(body.get_by_text("23 cells")).to_be_visible()
    settled(page)
    body.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="not young A", exact=True)).to_be_visible()
    assert [one.n_cells for one in store.sets(record.id)] == [7, 23]
    page.keyboard.press("Escape")

    page.get_by_role("button", name="young A", exact=True).click()
    expect(page).to_have_url(re.compile(r"set=[0-9a-f]{16}"))
    # Off the button, whose help lies over what is above it.
    page.mouse.move(5, 5)
    page.get_by_role("button", name="As a column").click()
    expect(dialog.get_by_text("Every cell is in exactly one set")).to_be_visible()
    dialog.get_by_role("button", name="Write").click()
    page.get_by_role("button", name="Open it").click()
    new = next(one for one in DatasetStore(workspace).records() if one.id != record.id)
    assert new.obs[-1].cells == (7, 23)
    expect(page).to_have_url(re.compile(f"dataset={new.id}"))
    expect(page.get_by_role("button", name="not young A", exact=True)).to_be_visible()
