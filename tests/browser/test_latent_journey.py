"""From a sample to a model, to sets of cells, to genes that differ, and away with all of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from scdyn_core.data.simulators.rare_types import OWN
from tests.browser import latent_steps as visitor
from tests.browser.server import RunningApp, running_app
from tests.browser.test_genes_page import choose, settled

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

MAP = ".js-plotly-plot"
#: What a reader without scdyn does with the file, in a process of its own.
PLAIN_SCANPY = """
import json, sys
import numpy as np
import scanpy as sc
adata = sc.read_h5ad(sys.argv[1])
print(json.dumps({
    "cells": adata.n_obs,
    "finite": {name: bool(np.isfinite(values).all()) for name, values in adata.obsm.items()},
    "unique": adata.obs_names.is_unique and adata.var_names.is_unique,
    "sets": {name: int(adata.obs[name].sum()) for name in adata.obs if name.startswith("set_")},
    "scdyn": "scdyn_core" in sys.modules,
}))
"""


@pytest.fixture(scope="module")
def own_genes() -> set[str]:
    """Return the genes that only one rare type of the sample has."""
    import anndata as ad

    sample = Path(__file__).resolve().parents[2] / "sample_data" / "rare.h5ad"
    var = ad.read_h5ad(sample, backed="r").var
    return set(var.index[var["own_gene_of_true"] == OWN])


def test_from_a_sample_to_genes_and_files(
    browser: Browser, page: Page, app: RunningApp, tmp_path: Path, own_genes: set[str]
) -> None:
    page.goto(app.url)
    visitor.open_sample(page, "rare")
    visitor.prepare(page)
    visitor.train(page, "scvi", epochs=4)

    gene = min(own_genes)
    look_at_maps(page, gene)
    drawn = visitor.lasso_brightest(page)
    assert 15 < drawn < 60  # of 30 cells that have the gene for themselves
    visitor.save_selection(page, "bright")
    visitor.save_filter(page, "common 1", "most common")
    map_address = page.url

    compare_sets(page, tmp_path, drawn, own_genes)
    look_at_genes(page, gene)
    genes_address = page.url
    take_everything(page, browser, tmp_path, drawn)
    visitor.assert_no_trouble(app)

    app.process.terminate()
    app.process.wait(20)
    with running_app(app.home) as again:
        addresses = [each.replace(app.url, again.url) for each in (map_address, genes_address)]
        addresses_are_enough(browser, *addresses, gene)
        visitor.assert_no_trouble(again)


def look_at_maps(page: Page, gene: str) -> None:
    """Colour by types, by a gene, by what the model says, by two things at once."""
    expect(page.locator(MAP).first).to_be_visible()
    expect(page.locator(".annotation-text", has_text="common 1").first).to_be_visible()
    visitor.colour_by(page, "Model", "Reconstruction error")
    title = page.locator(".js-plotly-plot .cbtitle")
    expect(title).to_contain_text("Reconstruction error")
    visitor.press(page, "Two colourings")
    expect(page.locator(MAP)).to_have_count(2)
    expect(title).to_have_count(1)
    expect(page.locator(".annotation-text", has_text="common 1").first).to_be_visible()
    visitor.press(page, "One map")
    visitor.colour_by(page, "Gene", gene)
    expect(title).to_contain_text(gene)
    expect(page).to_have_url(re.compile(f"colour=gene%2F{gene}"))


def compare_sets(page: Page, folder: Path, drawn: int, own_genes: set[str]) -> None:
    """Find the genes of the type that was lassoed, by cells and by pseudobulks."""
    visitor.press(page, "Compare sets")
    choose(page, "^Compare", "Cell sets (2)")
    choose(page, "^Second", "most common · 690 cells")
    visitor.compare(page, "Wilcoxon")
    expect(page.get_by_text(f"bright {drawn} cells · most common 690 cells")).to_be_visible()
    expect(page.get_by_text("not to make a claim")).to_be_visible()
    volcano = page.locator(".st-key-latent-compare-volcano")
    expect(volcano.locator(".annotation-text").first).to_be_visible()
    csv = visitor.button(page, "latent-compare-table_csv")
    found = pd.read_csv(visitor.download(page, csv, folder))
    assert len(found) == 200
    assert set(found.sort_values("z")["gene"].tail(8)) <= own_genes
    visitor.compare(page, "Pseudobulk (DESeq2)", samples="batch")
    expect(
        page.get_by_text("2 and 2 pseudobulks by batch, compared within samples")
    ).to_be_visible()
    page.get_by_role("button", name=re.compile("^Add top")).click()
    settled(page)


def look_at_genes(page: Page, gene: str) -> None:
    """See the genes that were found in the two sets, as violins and as dots."""
    visitor.press(page, "Genes")
    choose(page, "^Groups", "Cell sets (2)")
    expect_genes(page, "violins", gene)
    visitor.press(page, "Dots")
    expect_genes(page, "dots", gene)


def expect_genes(page: Page, figure: str, gene: str) -> None:
    """See that a figure names a gene and the two sets."""
    plot = page.locator(f".st-key-latent-{figure}")
    for name in ("bright", "most common", gene):
        expect(plot.locator("text", has_text=re.compile(f"^{name}$")).first).to_be_visible()


def take_everything(page: Page, browser: Browser, folder: Path, drawn: int) -> None:
    """Download tables, data and report of the run, and open them without scdyn."""
    visitor.go_to(page, "Runs")
    page.get_by_role("button", name="Take away").click()
    tables = visitor.take_away(page, "tables", folder)
    with zipfile.ZipFile(tables) as archive:
        assert archive.testzip() is None
        with archive.open(next(n for n in archive.namelist() if n.endswith("latent.csv"))) as file:
            assert pd.read_csv(file)[[f"z{k}" for k in range(1, 11)]].notna().all(axis=None)
    read = in_plain_scanpy(visitor.take_away(page, "h5ad", folder))
    assert {"X_umap", "X_scvi"} <= set(read["finite"])
    assert all(read["finite"].values())
    assert read["sets"] == {"set_bright": drawn, "set_most common": 690}
    assert (read["cells"], read["unique"], read["scdyn"]) == (2000, True, False)
    read_report_offline(browser, visitor.take_away(page, "report", folder))


def in_plain_scanpy(path: Path) -> dict[str, dict[str, int]]:
    """Return what scanpy finds in a file."""
    command = [sys.executable, "-W", "ignore", "-c", PLAIN_SCANPY, str(path)]
    done = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def read_report_offline(browser: Browser, path: Path) -> None:
    """See the figures of a report on a computer without a network."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    expect(page.get_by_role("heading", level=1)).to_contain_text("scVI")
    figures = page.locator(".figure")
    assert figures.count() >= 2
    for number in range(figures.count()):
        figures.nth(number).scroll_into_view_if_needed()
        expect(figures.nth(number).locator(".main-svg").first).to_be_visible()
    assert asked == [path.as_uri()]
    context.close()


def addresses_are_enough(browser: Browser, of_map: str, of_genes: str, gene: str) -> None:
    """See the same map and genes, in a browser that was never here and before anybody else."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(of_map)
    expect(page.locator(".js-plotly-plot .cbtitle")).to_contain_text(gene)
    expect(page.get_by_role("combobox", name="Cells of")).to_have_value(re.compile("^scVI"))
    expect(page.get_by_role("combobox", name="Map", exact=True)).to_have_value("UMAP")
    expect(page.get_by_role("button", name="bright", exact=True)).to_be_visible()
    settled(page)
    assert page.url == of_map
    page.goto(of_genes)
    expect_genes(page, "dots", gene)
    context.close()
