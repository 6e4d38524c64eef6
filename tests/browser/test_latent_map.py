"""Cells selected on a map by hand: a box, more of it with Shift, nothing again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from scdyn_core.workspace import Workspace
from tests.browser.server import RunningApp
from tests.browser.test_genes_page import settled
from tests.dashboard.latent_cells import add_cells

pytestmark = pytest.mark.browser


def draw(page: Page, left: float, right: float, *, more: bool = False) -> None:
    """Draw a lasso over a part of the width of the map."""
    layer = page.locator(".js-plotly-plot .nsewdrag").last
    box = layer.bounding_box()
    assert box is not None
    corners = [(left, 0.2), (right, 0.2), (right, 0.8), (left, 0.8)]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    if more:
        page.keyboard.down("Shift")
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()
    if more:
        page.keyboard.up("Shift")
    settled(page)


def test_a_selection_grows_with_shift_and_is_cleared(page: Page, app: RunningApp) -> None:
    record = add_cells(Workspace(app.home))
    page.goto(f"{app.url}/latent?dataset={record.id}")
    expect(page.locator(".js-plotly-plot .nsewdrag").last).to_be_visible(timeout=60_000)
    settled(page)
    # The cells stand on a line, from 0 to 29 along the width and its margins.
    draw(page, 0.0, 0.33)
    expect(page.get_by_text("Selected: 10 cells")).to_be_visible()
    expect(page.locator(".js-plotly-plot .selectionlayer path").first).to_be_attached()
    draw(page, 0.66, 1.0, more=True)
    expect(page.get_by_text("Selected: 20 cells")).to_be_visible()
    draw(page, 0.4, 0.6)
    expect(page.get_by_text("Selected: 6 cells")).to_be_visible()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_text("Nothing is selected")).to_be_visible()
