"""The interactive network in a real browser: clicks, names that stay text, nothing from outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from scdyn_core.export.network_page import network_html
from scdyn_core.networks.edges import checked_edges
from scdyn_core.networks.view import NetworkView
from scdyn_core.workspace import Workspace
from tests.browser.server import RunningApp
from tests.dashboard.network_run import write_network_run
from tests.networks.samples import edge_table
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
            const genes = cy.nodes('[label = "gene"], [label = "perturbed gene"]');
            const gene = genes.max(node => node.position('x')).ele;
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
    expect(page.locator("strong", has_text="<a href")).to_be_visible()
    assert "node=" in page.url
    lit = "() => document.getElementById('cy')._cyreg.cy.nodes('[_opacity < 1]').length > 0"
    frame.wait_for_function(lit)
    assert frame.locator("a").count() == 0
    for each in page.frames:
        assert each.locator("img[src='x']").count() == 0
    page.reload()
    expect(page.locator("strong", has_text="<a href")).to_be_visible()
    assert executed == []
    outside = [url for url in asked if "evil" in url or "cytoscape" in url]
    assert all(url.startswith(app.url) for url in outside)


def test_a_click_on_a_gene_opens_its_card_and_its_surroundings(app: RunningApp, page: Page) -> None:
    run = write_network_run(Workspace(app.home).runs)
    page.goto(f"{app.url}/networks?run={run.id}")
    frame = drawn(page)
    name, x, y = place_of_a_gene(frame)
    box = page.locator(WIDGET).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x, box["y"] + y)
    expect(page.locator("strong", has_text=re.compile(f"^{name}$"))).to_be_visible()
    expect(page.get_by_text("Mean log expression in control cells")).to_be_visible()
    before = "() => document.getElementById('cy')._cyreg.cy.nodes().length"
    whole = frame.evaluate(before)
    page.get_by_role("radio", name="1 step", exact=True).click()
    frame.wait_for_function(f"whole => ({before})() < whole", arg=whole)


def test_the_exported_page_is_moved_and_searched_without_the_internet(
    page: Page, tmp_path: Path
) -> None:
    edges = edge_table([("A", HOSTILE, 1.0), ("A", "Stat1", 0.5), ("Stat1", "A", 0.4)],
                       kind="gene", target_kind="gene")  # fmt: skip
    file = tmp_path / "network.html"
    file.write_text(network_html(NetworkView.of(checked_edges(edges)), title=HOSTILE))
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: said.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    expect(page.locator("#net .node")).to_have_count(3)
    page.locator("#search").fill("stat")
    expect(page.locator("#net .found")).to_have_count(1)
    node = page.locator("#net .found")
    before = node.get_attribute("transform")
    box = node.locator(".shape").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#said")).to_contain_text("Stat1 raises A")
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 50, steps=4)
    page.mouse.up()
    assert node.get_attribute("transform") != before
    world = page.locator("#net > g").first
    at = world.get_attribute("transform")
    page.mouse.wheel(0, -300)
    expect(world).not_to_have_attribute("transform", at or "")
    assert page.locator("#net img, #net a, img").count() == 0
    assert said == []
    assert asked == [file.as_uri()]
