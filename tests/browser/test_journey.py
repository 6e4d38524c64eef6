"""The whole way in a real browser: from a file to learned equations, typing nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from scdyn_core.data.simulators.hopf import Hopf
from tests.browser.server import RunningApp

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

MOST_CLICKS = 12
TRAINING_MILLISECONDS = 300_000
#: Would announce itself in the page if any label were read as HTML.
HOSTILE = '<img src=x onerror="window.executed=1">'


class Visitor:
    """Somebody with a mouse and no keyboard, who counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, target: Locator) -> None:
        expect(target).to_be_enabled()
        target.click()
        self.clicks += 1

    def button(self, key: str) -> None:
        self.click(self.page.locator(f".st-key-{key} button:visible"))

    def choose_file(self, path: Path) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.click(self.page.get_by_test_id("stFileUploaderDropzone").locator("button"))
        chooser.value.set_files(path)
        self.clicks += 1  # the file in the dialogue of the operating system


@pytest.fixture(scope="module")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    adata = Hopf(n_cells=300, n_genes=30, depth=4000).sample(seed=0)
    adata.var_names = [HOSTILE, *adata.var_names[1:]]
    adata.obs["cell_type"] = adata.obs["cell_type"].cat.rename_categories(
        {"phase 1": "1" + HOSTILE}
    )
    path = tmp_path_factory.mktemp("upload") / "cells.h5ad"
    adata.write_h5ad(path)
    return path


def test_from_a_file_to_equations(page: Page, app: RunningApp, small_file: Path) -> None:
    visitor = Visitor(page)
    page.goto(app.url)
    visitor.click(page.get_by_role("link", name="Data", exact=True))
    visitor.choose_file(small_file)

    expect(page.get_by_text("300 cells").first).to_be_visible()
    for role in ("Cell type", "Spliced", "Unspliced"):
        guessed = page.get_by_role("combobox", name=role, exact=True)
        expect(guessed).to_have_value(role.lower().replace(" ", "_"))

    visitor.button("to_preprocess")
    expect(page.get_by_role("heading", name="Preprocess")).to_be_visible()
    visitor.button("to_train")
    expect(page.get_by_text("recipe velocity")).to_be_visible()
    visitor.button("launch")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    results = page.get_by_role("button", name="See what it learned")
    expect(results).to_be_visible(timeout=TRAINING_MILLISECONDS)
    visitor.click(results)

    expect(page.get_by_role("heading", name="Dynamics")).to_be_visible()
    equations = page.locator(".st-key-equations .katex-display")
    expect(equations).to_have_count(3)
    expect(page.get_by_text("baseline").first).to_be_visible()
    assert visitor.clicks <= MOST_CLICKS
    assert "run=" in page.url


@pytest.mark.parametrize(
    "view", ["Latent map", "Vector field", "UMAP", "Gene programs", "Cell types", "Scores"]
)
def test_every_view_is_drawn_and_no_name_is_executed(
    page: Page, app: RunningApp, view: str
) -> None:
    page.goto(f"{app.url}/dynamics?show={view.replace(' ', '+')}")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.wait_for_timeout(500)
    assert page.evaluate("window.executed") is None
    assert page.locator("img[onerror]").count() == 0


def test_another_visitor_sees_the_same_runs(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/runs")
    expect(page.get_by_role("button", name="CLERA, cells")).to_be_visible()
    expect(page.get_by_text("done").first).to_be_visible()
