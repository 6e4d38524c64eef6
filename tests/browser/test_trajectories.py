"""Paths that start where a cell is clicked: what only a real browser can do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from scdyn_core.workspace import Workspace
from tests.browser.server import RunningApp
from tests.plots.synthetic_run import write_run

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


def test_a_click_on_a_cell_starts_a_path_there(page: Page, app: RunningApp) -> None:
    run = write_run(Workspace(app.home).runs)
    page.set_viewport_size({"width": 1280, "height": 1600})  # the mouse reaches only what is shown
    page.goto(f"{app.url}/dynamics?run={run.id}&show=Trajectories")
    portrait = page.get_by_test_id("stPlotlyChart").first
    expect(portrait.locator(".main-svg").first).to_be_visible()
    drawn = portrait.locator(".legendtext", has_text="from cell")
    expect(drawn).to_have_count(0)
    # Where a cell is on the screen, by the axes that Plotly itself has drawn.
    place = portrait.locator(".js-plotly-plot").evaluate(
        """plot => {
            const trace = plot._fullData[plot._fullData.length - 1];
            const area = plot.getBoundingClientRect();
            const {xaxis, yaxis} = plot._fullLayout, n = 5;
            return [area.left + xaxis._offset + xaxis.d2p(trace.x[n]),
                    area.top + yaxis._offset + yaxis.d2p(trace.y[n])];
        }"""
    )
    page.mouse.move(*place)
    page.mouse.click(*place)
    expect(drawn.first).to_be_visible()
    page.wait_for_timeout(1000)
    expect(drawn.first).to_be_visible()
