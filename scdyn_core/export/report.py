"""One self-contained page about a run, to read offline and to send to others."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from scdyn_core.export.methods_text import citations, methods_text
from scdyn_core.export.report_page import PAGE
from scdyn_core.plots.catalogue import figures_of_run
from scdyn_core.runs.atomic import write_text
from scdyn_core.runs.run import Run
from scdyn_core.training.resampling.words import in_force


def export_report(run: Run, path: Path) -> Path:
    """Write the report of a run: methods, scores beside baselines, figures, configuration."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, report_html(run))
    return path


def report_html(run: Run) -> str:
    """Return the report as one HTML page that needs no other file and no network.

    Every text from the data is escaped; only the figures' own markup is taken as it is.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(PAGE).render(
        title=_title(run),
        run=run,
        ended=_date(run.state.ended),
        methods=methods_text(run).split("\n"),
        citations=citations(run),
        answer=_answer(run),
        scores=run.scores(),
        figures=_figures(run),
        config=_flat(run.spec.config),
        options=_flat(_training(run)),
        asked=_flat(run.spec.experiment),
        roles=run.spec.dataset.roles.assigned(),
        recipe=run.spec.recipe.to_yaml(),
        environment=_flat(run.environment),
    )


def _training(run: Run) -> dict[str, Any]:
    """Return how the run was trained; of the ways cells are drawn, only what counts."""
    options = run.spec.options
    return {**options.model_dump(mode="json", exclude={"sampling"}), **in_force(options.sampling)}


def _title(run: Run) -> str:
    what = run.spec.method or "Preparation"
    if run.spec.kind == "experiment":
        what = f"Experiment “{run.spec.experiment.get('question')}” with {what}"
    return f"{what} on {run.spec.dataset.name}"


def _answer(run: Run) -> list[str]:
    """Return what an experiment found, in words."""
    return list(run.table("answer")["sentence"]) if "answer" in run.tables else []


def _figures(run: Run) -> dict[str, Markup]:
    """Return the figures as HTML, the first with the plotting library inside."""
    parts: dict[str, Markup] = {}
    for name, figure in figures_of_run(run).items():
        html = figure.to_html(full_html=False, include_plotlyjs=not parts, include_mathjax=False)
        parts[name.replace("_", " ")] = Markup(html)
    return parts


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, str]:
    rows: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            rows |= _flat(value, f"{prefix}{name}.")
        else:
            rows[prefix + name] = value if isinstance(value, str) else json.dumps(value)
    return rows


def _date(seconds: float | None) -> str:
    return "" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
