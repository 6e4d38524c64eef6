"""Links to the page Latent space, all opened at once while the server has only just started."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from scdyn_core.workspace import Workspace
from tests.browser.latent_steps import assert_no_trouble
from tests.browser.server import running_app
from tests.browser.test_genes_page import settled
from tests.dashboard.latent_cells import add_cells

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

#: Links to a map, and to the other views; half of them ask for what is not there.
MAPS = (
    "colour=gene/g0&split=Two+colourings&colour2=obs/age",
    "of=gone&map=data/X_gone&colour=gene/gone&split=Three",
)
OTHERS = (
    "show=Compare+sets&by=cell_type&first=A",
    "show=Compare+sets&by=sets&first=gone&second=gone&test=gone&set=gone",
    "show=Genes&genes=g0,g1&figure=Dots",
    "show=Genes&genes=gone,g0&groups=gone&figure=gone&run=gone",
)


def test_links_opened_before_anything_else(browser: Browser, tmp_path: Path) -> None:
    record = add_cells(Workspace(tmp_path))
    with running_app(tmp_path) as app:
        contexts = {asked: browser.new_context() for asked in MAPS + OTHERS}
        pages = {asked: context.new_page() for asked, context in contexts.items()}
        for asked, page in pages.items():
            page.goto(f"{app.url}/latent?dataset={record.id}&{asked}", wait_until="commit")
        for page in pages.values():
            expect(page.get_by_role("radio", name="Compare sets")).to_be_visible()
            settled(page)
            expect(page.get_by_test_id("stException")).to_have_count(0)
        for asked in MAPS:
            expect(pages[asked].locator(".js-plotly-plot").first).to_be_visible()
        for context in contexts.values():
            context.close()
        assert_no_trouble(app)
