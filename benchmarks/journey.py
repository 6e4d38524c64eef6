"""From a real file to equations in Chromium: clicks, seconds, and how quick the pages stay.

Starts the dashboard with an empty home, uploads FILE, accepts what is suggested, trains CLERA and
reads the equations, typing nothing. While the model trains, a second visitor goes through the
pages; the seconds from each click until the page is still are reported as a median.

    python -m benchmarks.journey FILE.h5ad [--screenshots FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.server import chromium_path, running_app

SECOND = 1000
TRAINING = 900 * SECOND
VISITED = ("Home", "Data", "Preprocess", "Train", "Runs", "Dynamics")


class Visitor:
    """Somebody with a mouse and no keyboard, who counts clicks and keeps screenshots."""

    def __init__(self, browser: Browser, url: str, screenshots: Path | None) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(120 * SECOND)
        self.screenshots = screenshots
        self.clicks = 0
        self.page.goto(url)
        self.settle()

    def settle(self) -> None:
        """Wait until the page neither runs nor draws."""
        self.page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")

    def click(self, target: Locator) -> float:
        """Click and return the seconds until the page is still."""
        target.wait_for(state="visible")
        start = time.perf_counter()
        target.click()
        self.clicks += 1
        self.page.wait_for_timeout(50)
        self.settle()
        return time.perf_counter() - start

    def button(self, key: str) -> float:
        """Click the button with a widget key."""
        return self.click(self.page.locator(f".st-key-{key} button:visible"))

    def link(self, name: str) -> float:
        """Go to a page by the navigation."""
        menu = self.page.get_by_test_id("stSidebarNavItems")
        return self.click(menu.get_by_role("link", name=name, exact=True))

    def keep(self, name: str) -> None:
        """Save what is on the screen."""
        if self.screenshots is not None:
            self.page.wait_for_timeout(1500)
            self.page.screenshot(path=self.screenshots / f"{name}.png")


def upload(visitor: Visitor, path: Path) -> None:
    """Choose the file in the browser's own dialogue: two clicks."""
    with visitor.page.expect_file_chooser() as chooser:
        visitor.click(visitor.page.get_by_test_id("stFileUploaderDropzone").locator("button"))
    chooser.value.set_files(path)
    visitor.clicks += 1
    visitor.page.locator(".st-key-to_preprocess button:visible").wait_for()
    visitor.settle()


def others_wait(browser: Browser, url: str, training: Callable[[], bool]) -> list[float]:
    """Let a second visitor go round the pages while ``training``; return seconds per click."""
    second = Visitor(browser, url, None)
    waits: list[float] = []
    while training():
        for name in VISITED:
            waits.append(second.link(name))
            if not training():
                break
    second.page.close()
    return waits


def journey(browser: Browser, url: str, path: Path, screenshots: Path | None) -> dict[str, object]:
    """Walk from the file to the equations."""
    start = time.perf_counter()
    visitor = Visitor(browser, url, screenshots)
    visitor.keep("home")
    visitor.link("Data")
    upload(visitor, path)
    visitor.keep("data")
    visitor.button("to_preprocess")
    visitor.keep("preprocess")
    visitor.button("to_train")
    visitor.keep("train")
    visitor.button("launch")
    done = visitor.page.get_by_role("button", name="See what it learned")

    def training() -> bool:
        return time.perf_counter() - start < TRAINING / SECOND and not done.is_visible()

    waits = others_wait(browser, url, training)
    visitor.keep("runs")
    visitor.click(done)
    equations = visitor.page.locator(".st-key-equations .katex-display")
    equations.first.wait_for()
    visitor.keep("dynamics")
    return {
        "clicks": visitor.clicks,
        "equations": equations.count(),
        "seconds": round(time.perf_counter() - start),
        "clicks_while_training": len(waits),
        "median_seconds_while_training": round(statistics.median(waits), 2),
        "worst_seconds_while_training": round(max(waits), 2),
    }


def main() -> None:
    """Run the journey and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--screenshots", type=Path)
    arguments = parser.parse_args()
    if arguments.screenshots is not None:
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with (
        tempfile.TemporaryDirectory() as home,
        running_app(Path(home)) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=sandbox)
        found = journey(browser, app.url, arguments.file.resolve(), arguments.screenshots)
        browser.close()
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
