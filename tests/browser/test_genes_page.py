"""Genes that behave like another one, found in a real browser: by typing, by a click on the map."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from scdyn_core.workspace import Workspace
from tests.browser.server import RunningApp
from tests.dashboard.gene_run import write_gene_run
from tests.plots.synthetic_responses import response_tables

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


def settled(page: Page) -> None:
    """Wait until nothing is drawn anew: what is clicked earlier may be gone with the click."""
    page.wait_for_timeout(500)
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()


def choose(page: Page, label: str, typed: str) -> None:
    """Type into a list of choices and take what it finds."""
    settled(page)
    box = page.get_by_role("combobox", name=re.compile(label)).first
    box.click()
    box.fill(typed)
    page.get_by_role("option", name=typed, exact=True).click()


def click_first_point(page: Page, plot: Locator) -> str:
    """Click the first gene of the first cluster on the map; return its name."""
    plot.scroll_into_view_if_needed()
    row, x, y = plot.locator(".js-plotly-plot").evaluate(
        """plot => {
            const trace = plot._fullData.find(each => each.customdata && each.customdata.length);
            const area = plot.getBoundingClientRect();
            const {xaxis, yaxis} = plot._fullLayout;
            return [trace.customdata[0][0], area.left + xaxis._offset + xaxis.d2p(trace.x[0]),
                    area.top + yaxis._offset + yaxis.d2p(trace.y[0])];
        }"""
    )
    page.mouse.move(x, y)
    page.mouse.click(x, y)
    return str(response_tables()["genes"]["gene"].iloc[int(row)])


def test_from_clusters_to_a_gene_and_to_those_like_it(page: Page, app: RunningApp) -> None:
    run = write_gene_run(Workspace(app.home).runs)
    page.set_viewport_size({"width": 1280, "height": 1400})
    page.goto(f"{app.url}/runs?run={run.id}")
    page.get_by_role("button", name="See what it learned").click()
    expect(page.get_by_role("heading", name="Gene clusters")).to_be_visible()
    panels = page.locator(".st-key-genes-panels")
    expect(panels.locator(".annotation-text", has_text="Cluster 5")).to_be_visible()
    choose(page, "^Clusters", "3")
    expect(panels.locator(".annotation-text", has_text="Cluster 5")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"[?&]k=3"))

    settled(page)
    page.get_by_role("radio", name="Map", exact=True).click()
    points = page.locator(".st-key-genes-map")
    expect(points.locator(".main-svg").first).to_be_visible()
    settled(page)
    gene = click_first_point(page, points)
    curve = page.locator(".st-key-genes-curve")
    expect(curve.locator(".annotation-text", has_text=re.compile(f"^{gene}$"))).to_be_visible()
    expect(page).to_have_url(re.compile(f"gene={gene}(&|$)"))

    choose(page, "^Gene", "GENE7")
    expect(page.get_by_text("GENE7 belongs to cluster")).to_be_visible()
    near = page.locator("[class*=st-key-genes-near-] button").first
    settled(page)
    other = near.inner_text().split(" · ")[0]
    near.click()
    expect(page.get_by_text(f"{other} belongs to cluster")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Compare with the first 4").click()
    compared = page.locator(".st-key-genes-compared .legendtext")
    expect(compared).to_have_count(5)
    page.reload()
    expect(page.get_by_text(f"{other} belongs to cluster")).to_be_visible()
    expect(compared).to_have_count(5)
    expect(page).to_have_url(re.compile(r"[?&]k=3"))
