"""From a finished experiment to its forest plot, the weights, and one gene, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from scdyn_core.workspace import Workspace
from tests.browser.server import RunningApp
from tests.browser.test_genes_page import choose, settled
from tests.dashboard.rare_run import write_experiment, write_weighted_run

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


def open_view(page: Page, *names: str) -> None:
    """Click through the two rows of views."""
    for name in names:
        settled(page)
        page.get_by_role("radio", name=name, exact=True).click()


def test_from_an_answer_to_the_weights_and_a_gene(page: Page, app: RunningApp) -> None:
    runs = Workspace(app.home).runs
    write_weighted_run(runs)
    write_experiment(runs, question="unseen response")
    experiment = write_experiment(runs)
    page.set_viewport_size({"width": 1280, "height": 1400})
    page.goto(f"{app.url}/runs?run={experiment.id}")
    page.get_by_role("button", name="See the answer").click()
    expect(page.get_by_role("heading", name="Rare cells")).to_be_visible()
    expect(page.get_by_text("recalls rare types better")).to_be_visible()
    forest = page.locator(".st-key-rare-forest")
    expect(forest.locator(".ytick text", has_text="joint: clusters")).to_be_visible()
    expect(forest.locator(".annotation-text", has_text="Recall of rare")).to_be_visible()

    open_view(page, "Weights")
    weights = page.locator(".st-key-rare-map")
    expect(weights.locator(".annotation-text", has_text="Dendritic")).to_be_visible()
    expect(weights.locator(".colorbar, .cbtitle").first).to_be_visible()

    open_view(page, "Unseen response", "Genes")
    scatter = page.locator(".st-key-rare-scatter")
    expect(scatter.locator(".annotation-text", has_text=re.compile("r = "))).to_be_visible()
    choose(page, "^Find genes", "GENE40")
    expect(scatter.locator(".annotation-text", has_text=re.compile("^GENE40$"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"gene=GENE40(&|$)"))
