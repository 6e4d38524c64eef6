"""From a real file of cells at time points to clusters of genes in Chromium: clicks and seconds.

Starts the dashboard with an empty home, uploads FILE, accepts what is suggested, fits the response
mixture, looks at the clusters and then at some genes: by their names, the only thing typed. Prints
the cluster of each of the genes.

    python -m benchmarks.gene_journey FILE.h5ad --genes EGR1 FOS ATF3 STAT1 [--screenshots FOLDER]
"""

from __future__ import annotations

import argparse
import json
import re
import time
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.journey import RESULTS, TRAINING_SECONDS, upload
from benchmarks.visitor import Visitor, drawn, heading, opened_app

PANELS = ".st-key-genes-panels .main-svg"
CURVE = ".st-key-genes-curve .main-svg"


def choose(visitor: Visitor, label: str, typed: str) -> None:
    """Type a name into a list and take what it finds: two clicks."""
    box = visitor.page.get_by_role("combobox", name=re.compile(label)).first
    box.click()
    box.fill(typed)
    visitor.page.get_by_role("option", name=typed, exact=True).click()
    visitor.clicks += 2
    visitor.page.locator(".stApp[data-test-script-state=notRunning]").wait_for()


def journey(
    browser: Browser, url: str, path: Path, genes: list[str], screenshots: Path | None
) -> dict[str, object]:
    """Walk from the file to the clusters of the genes."""
    start = time.perf_counter()
    visitor = Visitor(browser, url, screenshots)
    visitor.link("Data", heading("Data"))
    upload(visitor, path)
    visitor.button("to_preprocess", heading("Preprocess"))
    visitor.button("to_train", heading("Train"))
    visitor.keep("train")
    visitor.button("launch", heading("Runs"))
    done = visitor.page.locator(RESULTS)
    done.wait_for(timeout=1000 * TRAINING_SECONDS)
    visitor.keep("runs")
    visitor.click(done, drawn(PANELS))
    seconds = time.perf_counter() - start
    clicks = visitor.clicks
    visitor.page.wait_for_timeout(2000)
    visitor.keep("clusters")
    visitor.view("Gene", drawn(CURVE))
    found = {gene: _cluster(visitor, gene) for gene in genes}
    visitor.keep("gene")
    for view, key in (("Map", "genes-map"), ("Heat map", "genes-heat")):
        visitor.page.get_by_role("radio", name=view, exact=True).click()
        visitor.page.locator(f"[class*=st-key-{key}] .main-svg").first.wait_for()
        visitor.page.wait_for_timeout(2000)
        visitor.keep(view.lower().replace(" ", "_"))
    return {
        "clicks_to_clusters": clicks,
        "clicks_to_first_gene": clicks + 3,
        "seconds_to_clusters": round(seconds),
        "cluster": found,
    }


def _cluster(visitor: Visitor, gene: str) -> int:
    """Look a gene up and read its cluster from the page."""
    choose(visitor, "^Gene", gene)
    words = visitor.page.get_by_text(re.compile(rf"^{re.escape(gene)} belongs to cluster")).first
    words.wait_for()
    number = re.search(r"cluster (\d+)", words.inner_text())
    assert number is not None
    return int(number[1])


def main() -> None:
    """Run the journey and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--genes", nargs="+", required=True)
    parser.add_argument("--screenshots", type=Path)
    arguments = parser.parse_args()
    if arguments.screenshots is not None:
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
    with opened_app() as (browser, url):
        found = journey(
            browser, url, arguments.file.resolve(), arguments.genes, arguments.screenshots
        )
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
