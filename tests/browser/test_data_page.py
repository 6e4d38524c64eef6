"""Bringing data in, in a real browser: good files, bad files, hostile names."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from playwright.sync_api import Page, expect

from tests.browser.server import RunningApp
from tests.data.files import MARKUP, PNG, external_link, h5ad, small

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


def hostile(folder: Path) -> Path:
    """Counts with velocity layers in which every name is markup."""
    rng = np.random.default_rng(0)
    spliced = rng.poisson(rng.gamma(2, 2, (120, 40))).astype(np.float32)
    groups = pd.Categorical(np.where(np.arange(120) % 2, MARKUP, "$\\href{x}{y}$"))
    return h5ad(
        folder / f"{MARKUP.replace('/', '')}.h5ad",
        AnnData(
            X=spliced,
            obs=pd.DataFrame({"cell_type": groups}, index=[f"{MARKUP}{i}" for i in range(120)]),
            var=pd.DataFrame(index=[f"{MARKUP}{i}" for i in range(40)]),
        ),
    )


def upload(page: Page, *files: Path) -> None:
    """Give files to the upload field, opening the panel around it when it is folded."""
    panel = page.locator("details", has_text="Add data")
    expect(panel).to_be_visible()
    if panel.get_attribute("open") is None:
        panel.locator("summary").click()
    field = page.locator("input[type=file]").first
    field.set_input_files(files)


def stored(app: RunningApp) -> dict[str, str]:
    """Name -> fingerprint of the datasets in the workspace."""
    records = [json.loads(path.read_text()) for path in app.home.glob("datasets/*/dataset.json")]
    return {record["name"]: record["fingerprint"] for record in records}


def test_the_first_visitor_with_a_link_to_a_page_gets_the_whole_app(
    app: RunningApp, page: Page
) -> None:
    page.goto(f"{app.url}/preprocess")
    expect(page.get_by_text("No data yet")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNavLink")).to_contain_text(
        ["Home", "Data", "Preprocess", "Train", "Runs", "Dynamics"]
    )


def test_an_upload_is_checked_and_leads_on(app: RunningApp, page: Page, tmp_path: Path) -> None:
    page.goto(f"{app.url}/data")
    upload(page, h5ad(tmp_path / "small_cells.h5ad"))
    expect(page.get_by_role("heading", name="small_cells")).to_be_visible()
    expect(page.get_by_text("30 cells")).to_be_visible()
    expect(page.get_by_text("whole numbers")).not_to_have_count(0)
    page.get_by_role("button", name="Continue to Preprocess").click()
    expect(page.get_by_role("heading", name="Preprocess")).to_be_visible()
    assert "dataset=" in page.url


def test_bad_files_say_why_and_nothing_else_is_lost(
    app: RunningApp, page: Page, tmp_path: Path
) -> None:
    before = stored(app)
    picture = tmp_path / "picture.h5ad"
    picture.write_bytes(PNG)
    ragged = tmp_path / "ragged.csv"
    ragged.write_text("cell,a,b\nx,1,2\ny,1\n")
    cut = tmp_path / "cut.h5ad"
    cut.write_bytes(h5ad(tmp_path / "whole.h5ad").read_bytes()[:3000])
    page.goto(f"{app.url}/data")
    upload(page, picture, ragged, cut, external_link(tmp_path / "link.h5ad"))
    alerts = page.get_by_test_id("stAlert")
    expect(alerts).to_have_count(4)
    expect(alerts.nth(0)).to_contain_text("PNG picture")
    expect(alerts.nth(1)).to_contain_text("line 3")
    expect(alerts.nth(2)).to_contain_text("cut.h5ad")
    expect(alerts.nth(3)).to_contain_text("link")
    for position in range(4):
        expect(alerts.nth(position)).to_contain_text("What to do:")
    assert stored(app) == before
    assert app.process.poll() is None
    upload(page, h5ad(tmp_path / "after.h5ad", small(25, 9)))
    expect(page.get_by_role("heading", name="after")).to_be_visible()


def test_no_name_from_a_file_ever_executes(app: RunningApp, page: Page, tmp_path: Path) -> None:
    executed: list[str] = []
    page.on("dialog", lambda dialog: (executed.append(dialog.message), dialog.dismiss()))
    page.goto(f"{app.url}/data")
    upload(page, hostile(tmp_path))
    expect(page.get_by_role("heading", name="<img src=x")).to_be_visible()
    for tab in ("Quality", "Composition", "Columns and layers", "Check and roles"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        page.wait_for_timeout(500)
        assert page.locator("img[src='x']").count() == 0
    page.get_by_role("button", name="Continue to Preprocess").click()
    expect(page.get_by_text("Seen on 120 of 120 cells")).to_be_visible(timeout=180_000)
    for tab in ("Map", "Quality", "Variable genes", "Steps"):
        page.get_by_role("tab", name=tab, exact=True).click()
        page.wait_for_timeout(1000)
        assert page.locator("img[src='x']").count() == 0
    page.get_by_role("tab", name="Variable genes").click()
    expect(page.locator(".annotation-text").first).to_contain_text("<img src=x")
    assert executed == []
