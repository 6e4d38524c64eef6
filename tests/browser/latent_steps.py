"""What a visitor does on the way from a sample to cell sets, genes and files; a function a step."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import RunningApp
from tests.browser.test_genes_page import choose, settled
from tests.browser.test_latent_sets import choose as choose_in_dialog

#: A whole recipe or training, in a fresh process that first has to read its libraries.
LONG = 180_000
#: The least box around the median of the 20 brightest cells that has most of them, on the screen.
_BRIGHTEST = """plot => {
    const trace = plot._fullData.find(each => each.marker && each.marker.cmax !== undefined
                                              && each.x.length > 20);
    const {xaxis, yaxis} = plot._fullLayout, area = plot.getBoundingClientRect();
    const rows = [...trace.marker.color.keys()]
        .sort((a, b) => trace.marker.color[b] - trace.marker.color[a]).slice(0, 20);
    const ends = (axis, values, from) => {
        const at = rows.map(row => from + axis._offset + axis.d2p(values[row]));
        at.sort((a, b) => a - b);
        return [at[4], at[15]];
    };
    return [...ends(xaxis, trace.x, area.left), ...ends(yaxis, trace.y, area.top)];
}"""
#: Pixels around them that a hand leaves.
_ROUND = 12


def press(page: Page, name: str) -> None:
    """Press one of a row of buttons of which one is always pressed."""
    page.get_by_role("radio", name=name, exact=True).click()
    expect(page.get_by_role("radio", name=name, exact=True)).to_be_checked()
    settled(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def go_to(page: Page, name: str) -> None:
    """Open a page by the menu."""
    page.get_by_test_id("stSidebarNavItems").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    settled(page)


def button(page: Page, key: str) -> Locator:
    """Return the button with a widget key."""
    return page.locator(f".st-key-{key} button:visible").first


def open_sample(page: Page, key: str) -> None:
    """Open a sample of the gallery on the page Data."""
    go_to(page, "Data")
    page.get_by_role("tab", name="Samples").click()
    settled(page)
    button(page, f"sample_{key}").click()
    expect(button(page, "to_preprocess")).to_be_visible()
    settled(page)


def prepare(page: Page) -> None:
    """Run the suggested recipe on all cells."""
    button(page, "to_preprocess").click()
    expect(page.get_by_role("heading", name="Preprocess")).to_be_visible()
    settled(page)
    button(page, "run_in_full").click()
    expect(page.get_by_role("button", name="Prepared data")).to_be_visible(timeout=LONG)
    settled(page)


def train(page: Page, method: str, *, epochs: int) -> None:
    """Train for a few epochs, and follow the button to what was learned."""
    button(page, "to_train").click()
    expect(page.get_by_role("heading", name="Train", exact=True)).to_be_visible()
    settled(page)
    button(page, f"choose-{method}").click()
    settled(page)
    field = page.get_by_label("Epochs", exact=True)
    field.fill(str(epochs))
    field.press("Enter")
    settled(page)
    button(page, "launch").click()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    results = page.get_by_role("button", name="See what it learned")
    expect(results).to_be_visible(timeout=LONG)
    results.click()
    expect(page.get_by_role("heading", name="Latent space")).to_be_visible()


def colour_by(page: Page, kind: str, typed: str) -> None:
    """Choose a kind of colouring, and type until one of them is left."""
    choose(page, "^Colour by", kind)
    settled(page)
    page.locator(f".st-key-latent-colour-{kind} input").click()
    page.keyboard.type(typed)
    page.get_by_role("option", name=typed).click()
    settled(page)


def lasso_brightest(page: Page) -> int:
    """Draw with the lasso around where a gene is highest; return how many cells that selected."""
    plot = page.locator(".js-plotly-plot").first
    plot.scroll_into_view_if_needed()
    left, right, top, bottom = plot.evaluate(_BRIGHTEST)
    left, right, top, bottom = left - _ROUND, right + _ROUND, top - _ROUND, bottom + _ROUND
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in [(right, top), (right, bottom), (left, bottom), (left, top + 2)]:
        page.mouse.move(x, y, steps=4)
    page.mouse.up()
    said = page.get_by_text(re.compile(r"^Selected: [\d,]+ cells$"))
    expect(said).to_be_visible()
    settled(page)
    return int(re.sub(r"\D", "", said.inner_text()))


def save_selection(page: Page, name: str) -> None:
    """Keep what is selected under a name."""
    field = page.get_by_role("textbox", name="Name of the new set")
    field.fill(name)
    field.press("Enter")
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    settled(page)


def save_filter(page: Page, group: str, name: str) -> None:
    """Keep the cells of one group of the first column under a name."""
    page.get_by_role("button", name="Filter").click()
    dialog = page.get_by_role("dialog")
    choose_in_dialog(page, "Groups", group)
    dialog.get_by_label("Name of the new set").fill(name)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    settled(page)


def compare(page: Page, test: str, *, samples: str | None = None) -> None:
    """Compare the sets that are chosen by a test, and wait for the volcano."""
    press(page, test)
    if samples is not None:
        choose(page, "^Samples", samples)
        settled(page)
    page.get_by_role("button", name="Compare", exact=True).click()
    volcano = page.locator(".st-key-latent-compare-volcano .main-svg").first
    expect(volcano).to_be_visible(timeout=LONG)
    settled(page)


def download(page: Page, target: Locator, folder: Path) -> Path:
    """Press a download button; return the file under the name it is offered with."""
    with page.expect_download(timeout=LONG) as waiting:
        target.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def take_away(page: Page, what: str, folder: Path) -> Path:
    """Make one of the forms a run leaves in, and download it."""
    row = page.locator(f"[class*='take_away_{what}']").first
    row.get_by_role("button", name="Make").click()
    return download(page, row.get_by_role("button", name="Download"), folder)


def assert_no_trouble(app: RunningApp) -> None:
    """See that the server met nothing it was not prepared for."""
    log = (app.home / "server.log").read_text()
    assert not re.search("Traceback|Exception|Error", log), log
