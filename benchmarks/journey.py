"""From a real file to equations in Chromium: clicks, seconds, and how quick the pages stay.

Starts the dashboard with an empty home, uploads FILE, accepts what is suggested, trains CLERA and
reads the equations, typing nothing; then trains once more. While the models train, a second
visitor goes through the pages and their tabs and views; the seconds from each click until the
page is drawn are reported as a median, with the slowest clicks by name. During the first training
that visitor is the first ever to see most pages, during the second there are results to look at.

    python -m benchmarks.journey FILE.h5ad [--screenshots FOLDER]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.visitor import Visitor, drawn, heading, opened_app

TRAINING_SECONDS = 900
CHART = ".js-plotly-plot .main-svg"
RESULTS = ".st-key-open_results button"
#: Clicks to a view of the Dynamics page -> key of the chart that the last one shows.
VIEWS = {
    "Vector field": "portrait",
    "Cell maps": "latent",
    "UMAP": "umap",
    "Gene programs": "program",
    "Quality": None,
    "Cell types": "confusion",
}
Wait = tuple[str, float]


def upload(visitor: Visitor, path: Path) -> None:
    """Choose the file in the browser's own dialogue: two clicks."""
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.get_by_test_id("stFileUploaderDropzone").locator("button").click()
    chooser.value.set_files(path)
    visitor.clicks += 2
    visitor.until(drawn(".st-key-to_preprocess button"))


def tour(visitor: Visitor, results: bool) -> Iterator[Wait]:
    """Go once round the pages and what is in them; yield what was clicked and the seconds."""
    yield "Home", visitor.link("Home", heading("How cells change"))
    yield "Data", visitor.link("Data", drawn(".st-key-to_preprocess button"))
    yield "Data: Quality", visitor.tab("Quality", CHART)
    yield "Data: Composition", visitor.tab("Composition", CHART)
    yield "Preprocess", visitor.link("Preprocess", heading("Preprocess"))
    yield "Train", visitor.link("Train", drawn(".st-key-launch button"))
    yield "Runs", visitor.link("Runs", heading("Runs"))
    yield "Runs: Settings", visitor.tab("Settings", "[data-testid=stDataFrame]")
    yield "Runs: Log", visitor.tab("Log", "[data-testid=stCode]")
    yield "Runs: Training", visitor.tab("Training", "[data-testid=stElementContainer]")
    yield "Dynamics", visitor.link("Dynamics", heading("Dynamics"))
    if results:
        for name, key in VIEWS.items():
            chart = drawn(f".st-key-dynamics-{key} .main-svg" if key else CHART)
            yield f"Dynamics: {name}", visitor.view(name, chart)
        yield "Dynamics: Equations", visitor.view("Equations", drawn(".st-key-equations .katex"))


def others_wait(
    second: Visitor, training: Callable[[], bool], *, results: bool
) -> tuple[list[Wait], list[Wait]]:
    """Let a second visitor go round while ``training``; return the first round and the others."""
    rounds: list[list[Wait]] = [[], []]
    number = 0
    while training():
        for wait in tour(second, results):
            rounds[min(number, 1)].append(wait)
            if not training():
                break
        number += 1
    return rounds[0], rounds[1]


def journey(browser: Browser, url: str, path: Path, screenshots: Path | None) -> dict[str, object]:
    """Walk from the file to the equations."""
    start = time.perf_counter()
    visitor = Visitor(browser, url, screenshots)
    visitor.keep("home")
    visitor.link("Data", heading("Data"))
    upload(visitor, path)
    visitor.keep("data")
    visitor.button("to_preprocess", heading("Preprocess"))
    visitor.keep("preprocess")
    visitor.button("to_train", heading("Train"))
    visitor.keep("train")
    visitor.button("launch", heading("Runs"))
    done = visitor.page.locator(RESULTS)

    def training() -> bool:
        return time.perf_counter() - start < TRAINING_SECONDS and not done.is_visible()

    second = Visitor(browser, url)
    first_sight, waits = others_wait(second, training, results=False)
    visitor.keep("runs")
    visitor.click(done, drawn(".st-key-equations .katex-display"))
    found: dict[str, object] = {
        "clicks": visitor.clicks,
        "equations": visitor.page.locator(".st-key-equations .katex-display").count(),
        "seconds": round(time.perf_counter() - start),
    }
    visitor.keep("dynamics")
    visitor.page.goto(f"{visitor.page.url}&show=Latent+map")
    visitor.page.locator(".js-plotly-plot .main-svg").first.wait_for()
    visitor.keep("latent")

    visitor.link("Train", drawn(".st-key-launch button"))
    visitor.button("launch", heading("Runs"))
    start = time.perf_counter()
    more_first_sight, more = others_wait(second, training, results=True)
    return (
        found
        | summary("first_sight", first_sight + more_first_sight)
        | summary("while_training", waits + more + first_sight + more_first_sight)
    )


def summary(name: str, waits: list[Wait]) -> dict[str, object]:
    """Return number, median and the slowest of some clicks."""
    seconds = [wait for _, wait in waits]
    slowest = sorted(waits, key=lambda wait: wait[1], reverse=True)[:6]
    return {
        f"clicks_{name}": len(waits),
        f"median_seconds_{name}": round(statistics.median(seconds), 2),
        f"share_under_1_s_{name}": round(sum(each < 1.0 for each in seconds) / len(seconds), 2),
        f"slowest_{name}": {what: round(wait, 2) for what, wait in reversed(slowest)},
        f"median_by_click_{name}": {
            what: round(statistics.median(w for other, w in waits if other == what), 2)
            for what in dict.fromkeys(what for what, _ in waits)
        },
    }


def main() -> None:
    """Run the journey and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--screenshots", type=Path)
    arguments = parser.parse_args()
    if arguments.screenshots is not None:
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
    with opened_app() as (browser, url):
        found = journey(browser, url, arguments.file.resolve(), arguments.screenshots)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
