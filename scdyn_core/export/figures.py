"""Figures as stand-alone pages, pictures and data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from scdyn_core.data.csv_safe import to_csv
from scdyn_core.export.browser import find_browser
from scdyn_core.export.figure_data import figure_data
from scdyn_core.plots.catalogue import figures_of_run
from scdyn_core.reporter import Reporter, raise_if_cancelled
from scdyn_core.runs.atomic import replacing, write_text
from scdyn_core.runs.run import Run

if TYPE_CHECKING:
    import plotly.graph_objects as go

NO_BROWSER = (
    "No Chrome or Chromium was found, so the figures are pages (HTML) and data (CSV) only; "
    "install one for SVG and PNG."
)


def export_figures(run: Run, folder: Path, reporter: Reporter) -> tuple[list[Path], list[str]]:
    """Write every figure of a run as HTML, CSV and, with a browser, SVG and PNG.

    Returns
    -------
    files
        What was written.
    notes
        What people should know about it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    figures = {_file_name(name): figure for name, figure in figures_of_run(run).items()}
    written = []
    for done, (name, figure) in enumerate(figures.items()):
        raise_if_cancelled(reporter)
        reporter.progress("figures", done, len(figures), name)
        page, data = folder / f"{name}.html", folder / f"{name}.csv"
        write_text(page, figure.to_html(include_plotlyjs=True, include_mathjax=False))
        write_text(data, to_csv(figure_data(figure)))
        written += [page, data]
    browser = find_browser()
    if browser is None:
        return written, [NO_BROWSER]
    return written + _pictures(figures, folder, browser, reporter), []


def _pictures(
    figures: dict[str, go.Figure], folder: Path, browser: str, reporter: Reporter
) -> list[Path]:
    import kaleido

    written = []
    # One browser for all pictures; without MathJax, which it would fetch from the internet.
    kaleido.start_sync_server(path=browser, mathjax=False, silence_warnings=True)
    try:
        for done, (name, figure) in enumerate(figures.items()):
            raise_if_cancelled(reporter)
            reporter.progress("pictures", done, len(figures), name)
            for kind in ("svg", "png"):
                path = folder / f"{name}.{kind}"
                scale = 2 if kind == "png" else 1
                drawn = kaleido.calc_fig_sync(figure, opts={"format": kind, "scale": scale})
                with replacing(path) as beside:
                    beside.write_bytes(drawn)
                written.append(path)
    finally:
        kaleido.stop_sync_server(silence_warnings=True)
    reporter.progress("pictures", len(figures), len(figures))
    return written


def _file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", name).strip("._") or "figure"
