"""From the matrix of targets to a gene, in a real browser: by a click, by typing, by a link."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from scdyn_core.workspace import Workspace
from tests.browser.server import RunningApp
from tests.browser.test_genes_page import choose, settled
from tests.dashboard.screen_run import screen_frames, write_screen_run

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


def click_cell(page: Page, plot: Locator, row: int, latent: int) -> None:
    """Click a square of the matrix: of a row of the table of perturbations, and a latent."""
    plot.scroll_into_view_if_needed()
    x, y = plot.locator(".js-plotly-plot").evaluate(
        """(plot, [row, latent]) => {
            const area = plot.getBoundingClientRect();
            const {xaxis, yaxis} = plot._fullLayout;
            for (const trace of plot._fullData) {
                if (!trace.customdata || trace.type === "heatmap") continue;
                const at = trace.customdata.findIndex(
                    each => each && each[0] === row && each[1] === latent);
                if (at >= 0)
                    return [area.left + xaxis._offset + xaxis.d2p(trace.x[at]),
                            area.top + yaxis._offset + yaxis.d2p(trace.y[at])];
            }
        }""",
        [row, latent],
    )
    page.mouse.move(x, y)
    page.mouse.click(x, y)


def test_from_a_cell_of_the_matrix_to_a_perturbation(page: Page, app: RunningApp) -> None:
    frames = screen_frames()
    run = write_screen_run(Workspace(app.home).runs, frames=frames)
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto(f"{app.url}/runs?run={run.id}")
    page.get_by_role("button", name="See what it learned").click()
    expect(page.get_by_role("heading", name="Perturbations")).to_be_visible()
    matrix = page.locator(".st-key-perturbations-matrix")
    expect(matrix.locator(".main-svg").first).to_be_visible()
    settled(page)
    row = frames["perturbations"]["perturbation"].tolist().index("G01")
    click_cell(page, matrix, row, 1)
    expect(page.get_by_text("G01 shifts latent 1")).to_be_visible()
    expect(page).to_have_url(re.compile(r"perturbation=G01(&|$)"))
    expect(page).to_have_url(re.compile(r"latent=1(&|$)"))
    settled(page)
    click_cell(page, matrix, row, 5)
    expect(page.get_by_text("G01 does not shift latent 5")).to_be_visible()

    settled(page)
    page.get_by_role("button", name="Open this perturbation").click()
    expect(page.get_by_text("G01 has a visible effect")).to_be_visible()
    expect(page.locator(".st-key-perturbations-volcano .main-svg").first).to_be_visible()
    choose(page, "^Perturbation", "G02")
    expect(page.get_by_text("G02 has a visible effect")).to_be_visible()
    near = page.locator("[class*=st-key-perturbations-near-] button").first
    settled(page)
    other = near.inner_text().split(" · ")[0]
    near.click()
    expect(page.get_by_text(f"{other} has a visible effect")).to_be_visible()
    settled(page)
    page.reload()
    expect(page.get_by_text(f"{other} has a visible effect")).to_be_visible()
