"""What leaves and what comes in, in a real Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scdyn_core.export.bundle import export_bundle
from scdyn_core.export.report import export_report
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.store import RunStore
from scdyn_core.workspace import Workspace
from tests.browser.server import RunningApp
from tests.plots.synthetic_run import tables, write_run

pytestmark = pytest.mark.browser
HOSTILE = "</script><script>alert(1)</script><img src=http://elsewhere/x onerror=alert(1)>"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_draws_every_figure_and_asks_nobody(
    browser: Browser, tmp_path: Path, scheme: str
) -> None:
    run = write_run(tmp_path, frames=tables(gene=HOSTILE, cell_type=HOSTILE))
    run.note = HOSTILE
    file = export_report(run, tmp_path / "report.html")
    context = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: line.type == "error" and said.append(line.text))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(file.as_uri())
    figures = page.locator(".figure")
    count = figures.count()
    assert count > 5
    for number in range(count):
        figures.nth(number).scroll_into_view_if_needed()
        expect(figures.nth(number).locator(".main-svg").first).to_be_visible()
    page.locator("nav a").last.click()
    assert "#cite" in page.url
    page.pdf(path=tmp_path / "report.pdf")
    context.close()
    assert said == []
    assert asked == [file.as_uri()]


def test_a_script_may_not_be_slipped_in(page: Page, tmp_path: Path) -> None:
    file = export_report(write_run(tmp_path), tmp_path / "report.html")
    evil = "<script>document.title='owned'</script><img src='http://localhost:1/x'>"
    file.write_text(file.read_text().replace("<body>", f"<body>{evil}", 1))
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.goto(file.as_uri())
    assert "owned" not in page.title()
    assert any("Content Security Policy" in line for line in said)


def test_a_run_is_made_downloaded_and_taken_in_again(
    page: Page, app: RunningApp, tmp_path: Path
) -> None:
    workspace = Workspace(app.home)
    run = write_run(workspace.runs)
    page.goto(f"{app.url}/runs?run={run.id}")
    page.get_by_role("button", name="Take away").click()
    row = page.locator("[class*='take_away_report']")
    row.get_by_role("button", name="Make").click()
    with page.expect_download(timeout=60_000) as waiting:
        row.get_by_role("button", name="Download").click()
    assert "<h1>" in Path(waiting.value.path()).read_text()
    page.keyboard.press("Escape")
    packed = export_bundle(run, tmp_path / "run.zip", SilentReporter())
    page.get_by_role("button", name="Import").click()
    page.locator("input[type=file]").set_input_files(packed)
    expect(page.get_by_text("Imported")).to_be_visible(timeout=60_000)
    assert len(RunStore(workspace).runs()) == 2
