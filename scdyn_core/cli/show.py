"""``scdyn show``: what a run found, beside its baselines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scdyn_core.cli.answer import answer_facts, print_answer
from scdyn_core.cli.check import print_check
from scdyn_core.cli.output import AsJson, print_json, print_line, print_table

if TYPE_CHECKING:
    from scdyn_core.evaluation.score import Score
    from scdyn_core.runs.run import Run
    from scdyn_core.runs.spec import RunSpec


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("show")(show)


def show(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A run folder.")],
    as_json: AsJson = False,
) -> None:
    """Show the state, the configuration and the scores of a run."""
    from scdyn_core.runs.run import Run

    print_run(Run.open(run_dir.expanduser()), as_json)


def print_run(run: Run, as_json: bool) -> None:
    """Print one run."""
    if as_json:
        print_json(facts(run))
        return
    spec, state = run.spec, run.state
    print_line(f"{run.path}: {state.status}")
    print_line(f"{_what(spec)} on {spec.dataset.name}, recipe {spec.recipe.name}")
    if state.error:
        print_line(f"{state.error['found']}. {state.error['fix']}")
    if spec.kind == "check" and state.status == "done":
        print_check({name: run.table(name) for name in run.tables})
    if spec.kind == "experiment" and state.status == "done":
        print_answer({name: run.table(name) for name in run.tables})
    if chosen := _choice(run):
        print_line(chosen)
    rows: list[tuple[str, ...]] = []
    for score in run.scores():
        rows.append((score.metric, score.split, "model", value_of(score), ""))
        for name, value in score.baselines.items():
            verdict = "as good or better" if name in score.beaten_by() else ""
            rows.append(("", "", name, f"{value:.3g}", verdict))
    if rows:
        print_table(("metric", "on", "of", "value", ""), rows)


def _what(spec: RunSpec) -> str:
    from scdyn_core.training.resampling.words import sampler_name

    if spec.method is None:
        return spec.kind
    what = f"{spec.method} ({spec.preset or spec.kind})"
    if spec.kind == "experiment":
        return f"experiment {spec.experiment.get('question')}, {what}"
    drawn = sampler_name(spec.options.sampling)
    return what if drawn == "uniform" else f"{what} with “{drawn}” draws"


def facts(run: Run) -> dict[str, Any]:
    """Return what a run was asked for, how far it is and what it found, for programs."""
    spec, state = run.spec, run.state
    asked = spec.kind == "experiment" and state.status == "done"
    answered = answer_facts({name: run.table(name) for name in run.tables}) if asked else {}
    return {
        "state": state.status,
        "config": spec.model_dump(mode="json"),
        "scores": [score.model_dump(mode="json") for score in run.scores()],
        "error": state.error,
        "best_replicate": _choice(run),
        **answered,
    }


def _choice(run: Run) -> str | None:
    """Return which replicate is the best, and why; ``None`` where nothing was to be chosen."""
    from scdyn_core.evaluation.selection import SelectionRule
    from scdyn_core.runs.selection import candidates_of, reason

    rule = SelectionRule()
    candidates = candidates_of({run.path.name: run}, rule)
    if len(candidates) < 2:
        return None
    best = candidates.loc[candidates["chosen"], "name"].iloc[0]
    return f"Best is {best} by {rule.words()}. {reason(candidates, rule)}"


def value_of(score: Score) -> str:
    """Return a score with the spread over its replicates."""
    spread = "" if score.replicate_sd is None else f" ± {score.replicate_sd:.2g}"
    return f"{score.value:.3g}{spread}"
