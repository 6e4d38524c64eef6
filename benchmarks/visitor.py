"""Somebody with a mouse and no keyboard, who counts clicks and times them."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.server import chromium_path, running_app

SECOND = 1000
#: A page counts as still when it has been so for this long; the wait itself is not counted.
QUIET_MILLISECONDS = 250
_WAIT_UNTIL_STILL = """
([evidence, quiet]) => new Promise(resolve => {
  const shown = new Function('return ' + evidence)
  const app = document.querySelector('[data-testid="stApp"]')
  let since = null
  const look = () => {
    const still = app.dataset.testScriptState === 'notRunning'
      && !document.querySelector('[data-stale="true"]')
      && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stSpinner"]')
      && shown()
    since = still ? (since ?? Date.now()) : null
    if (since !== null && Date.now() - since >= quiet) resolve(since)
    else requestAnimationFrame(look)
  }
  look()
})
"""


class Visitor:
    """A browser page whose clicks are counted and timed.

    A click is timed from the moment it is asked for until the page shows ``evidence`` that it
    had its effect, nothing on it is stale, waits to be drawn or is being computed, and it has
    remained so. ``evidence`` is a JavaScript condition that does not hold before the click.
    """

    def __init__(self, browser: Browser, url: str, screenshots: Path | None = None) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 720})
        self.page.set_default_timeout(120 * SECOND)
        self.screenshots = screenshots
        self.clicks = 0
        self.page.goto(url)
        self.page.get_by_test_id("stApp").wait_for()
        self.until(heading(""))

    def until(self, evidence: str) -> float:
        """Wait until the page shows ``evidence`` and is still; return that moment in ms."""
        found = self.page.evaluate(_WAIT_UNTIL_STILL, [evidence, QUIET_MILLISECONDS])
        return float(found)

    def click(self, target: Locator, evidence: str) -> float:
        """Click and return the seconds until the page is still."""
        target.wait_for(state="visible")
        start = time.time()
        target.click()
        self.clicks += 1
        return self.until(evidence) / SECOND - start

    def button(self, key: str, evidence: str) -> float:
        """Click the button with a widget key."""
        return self.click(self.page.locator(f".st-key-{key} button:visible"), evidence)

    def link(self, name: str, evidence: str) -> float:
        """Go to a page by the navigation."""
        menu = self.page.get_by_test_id("stSidebarNavItems")
        return self.click(menu.get_by_role("link", name=name, exact=True), evidence)

    def tab(self, name: str, content: str) -> float:
        """Open a tab; ``content`` is a CSS selector of what must be drawn in it."""
        return self.click(self.page.get_by_role("tab", name=name, exact=True), tab(name, content))

    def view(self, name: str, evidence: str) -> float:
        """Press one of a row of buttons."""
        pressed = "[...document.querySelectorAll('[role=radio][aria-checked=true]')]"
        target = self.page.get_by_role("radio", name=name, exact=True)
        return self.click(target, f"{pressed}.some(e => {_says('e', name)}) && {evidence}")

    def keep(self, name: str) -> None:
        """Save what is on a somewhat taller screen, which shows a figure whole."""
        size = self.page.viewport_size
        if self.screenshots is not None and size is not None:
            self.page.set_viewport_size({"width": size["width"], "height": 960})
            self.page.wait_for_timeout(1.5 * SECOND)
            self.page.screenshot(path=self.screenshots / f"{name}.png")
            self.page.set_viewport_size(size)


@contextmanager
def opened_app() -> Iterator[tuple[Browser, str]]:
    """Start the dashboard with an empty home, and a browser; give the browser and the address."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with (
        tempfile.TemporaryDirectory() as home,
        running_app(Path(home)) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=sandbox)
        yield browser, app.url
        browser.close()


def heading(text: str) -> str:
    """Return the condition that a heading of the page has ``text`` in it."""
    return f"[...document.querySelectorAll('h1')].some(e => {_says('e', text)})"


def drawn(selector: str) -> str:
    """Return the condition that something of a CSS selector can be seen."""
    return (
        f"[...document.querySelectorAll({json.dumps(selector)})]"
        ".some(e => e.checkVisibility() && e.getBoundingClientRect().height > 0)"
    )


def tab(name: str, content: str) -> str:
    """Return the condition that a tab is open and its content drawn."""
    return (
        "[...document.querySelectorAll('[role=tab][aria-selected=true]')].some("
        f"e => {_says('e', name)} && document.getElementById(e.getAttribute('aria-controls'))"
        f"?.querySelector({json.dumps(content)})?.checkVisibility())"
    )


def _says(element: str, text: str) -> str:
    return f"{element}.textContent.includes({json.dumps(text)})"
