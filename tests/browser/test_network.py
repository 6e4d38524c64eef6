"""The interactive network in a real browser: clicks, names that stay text, nothing from outside."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, Page, expect

from scdyn_core.workspace import Workspace
from tests.browser.server import RunningApp
from tests.plots.synthetic_run import tables, write_run

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

HOSTILE = '<a href="https://evil.example">x</a><img src=x onerror=alert(1)>'
WIDGET = "iframe[src*=cytoscape]"


def drawn(page: Page) -> Frame:
    """The frame of the network, once it is drawn and has its height."""
    page.locator(WIDGET).wait_for()
    frame = next(frame for frame in page.frames if "cytoscape" in frame.url)
    frame.wait_for_function("() => document.getElementById('cy')?._cyreg?.cy.nodes().length > 0")
    page.wait_for_function(
        "selector => document.querySelector(selector).clientHeight > 500", arg=WIDGET
    )
    page.locator(WIDGET).scroll_into_view_if_needed()
    page.wait_for_timeout(1000)
    return frame


def place_of_a_gene(frame: Frame) -> tuple[str, float, float]:
    """Name and place in the frame of the gene that is drawn furthest to the right."""
    name, x, y = frame.evaluate(
        """() => {
            const cy = document.getElementById('cy')._cyreg.cy;
            const gene = cy.nodes('[label = "gene"]').max(node => node.position('x')).ele;
            const place = gene.renderedPosition();
            const corner = cy.container().getBoundingClientRect();
            return [gene.data('_name'), corner.x + place.x, corner.y + place.y];
        }"""
    )
    return name.replace("\u2060", ""), x, y


def test_a_click_chooses_a_node_and_no_name_is_more_than_text(app: RunningApp, page: Page) -> None:
    run = write_run(Workspace(app.home).runs, frames=tables(gene=HOSTILE))
    executed: list[str] = []
    page.on("dialog", lambda dialog: (executed.append(dialog.message), dialog.dismiss()))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{app.url}/networks?run={run.id}")
    frame = drawn(page)
    name, x, y = place_of_a_gene(frame)
    assert name.startswith(HOSTILE[:50])
    box = page.locator(WIDGET).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x, box["y"] + y)
    expect(page.get_by_text("Near <a href")).to_be_visible()
    assert "node=" in page.url
    lit = "() => document.getElementById('cy')._cyreg.cy.nodes('[_opacity < 1]').length > 0"
    frame.wait_for_function(lit)
    assert frame.locator("a").count() == 0
    for each in page.frames:
        assert each.locator("img[src='x']").count() == 0
    page.reload()
    expect(page.get_by_text("Near <a href")).to_be_visible()
    assert executed == []
    outside = [url for url in asked if "evil" in url or "cytoscape" in url]
    assert all(url.startswith(app.url) for url in outside)
