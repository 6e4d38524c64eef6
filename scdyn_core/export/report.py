"""One self-contained page about a run, to read offline and to send to others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from scdyn_core.export.methods_text import citations, methods_text
from scdyn_core.export.report_figures import figure_data, policy, scripts
from scdyn_core.export.report_page import PAGE
from scdyn_core.export.report_tables import compared_tables, equations, flat
from scdyn_core.export.software import software_citations
from scdyn_core.methods.registry import method_by_key
from scdyn_core.plots.catalogue import figures_of_run
from scdyn_core.runs.atomic import write_text
from scdyn_core.runs.run import Run
from scdyn_core.training.resampling.words import in_force

#: Anchor -> heading of what every report has, or may have.
SECTIONS = {
    "answer": "Answer",
    "methods": "Methods",
    "scores": "Scores",
    "equations": "Equations",
    "figures": "Figures",
    "experiment": "Experiment",
    "configuration": "Configuration",
    "training": "Training",
    "roles": "Roles",
    "recipe": "Recipe",
    "environment": "Environment",
    "cite": "Please cite",
}


def export_report(run: Run, path: Path) -> Path:
    """Write the report of a run: methods, scores beside baselines, figures, configuration."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, report_html(run))
    return path


def report_html(run: Run) -> str:
    """Return the report as one HTML page that needs no other file and no network.

    Every text from the data is escaped; the policy of the page keeps everything else out.
    """
    figures = figures_of_run(run)
    parts: dict[str, Any] = {
        "answer": _answer(run),
        "methods": methods_text(run).split("\n"),
        "scores": run.scores(),
        "equations": equations(run),
        "figures": figure_data(figures),
        "experiment": flat(run.spec.experiment),
        "configuration": flat(run.spec.config),
        "training": flat(_training(run)) if run.spec.method else {},
        "roles": run.spec.dataset.roles.assigned(),
        "recipe": run.spec.recipe.to_yaml(),
        "environment": flat(run.environment),
        "cite": [*citations(run), *software_citations(run)],
    }
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(PAGE).render(
        title=_title(run),
        run=run,
        ended=_date(run.state.ended),
        version=metadata.version("scdyn"),
        policy=policy(figures),
        scripts=scripts(figures),
        contents=_contents(parts),
        compared=compared_tables(run),
        parts=parts,
    )


def _contents(parts: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for anchor, heading in SECTIONS.items():
        if parts[anchor] or anchor == "scores":
            yield anchor, heading
        if anchor == "figures":
            for number, name in enumerate(parts["figures"], start=1):
                yield f"figure{number}", name.capitalize()


def _training(run: Run) -> dict[str, Any]:
    """Return how the run was trained; of the ways cells are drawn, only what counts."""
    options = run.spec.options
    return {**options.model_dump(mode="json", exclude={"sampling"}), **in_force(options.sampling)}


def _title(run: Run) -> str:
    what = method_by_key(run.spec.method).title if run.spec.method else "Preparation"
    if run.spec.kind == "experiment":
        what = f"Experiment “{run.spec.experiment.get('question')}” with {what}"
    return f"{what} on {run.spec.dataset.name}"


def _answer(run: Run) -> list[str]:
    """Return what an experiment found, in words."""
    return list(run.table("answer")["sentence"]) if "answer" in run.tables else []


def _date(seconds: float | None) -> str:
    return "" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
