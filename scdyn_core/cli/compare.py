"""``scdyn compare``: several runs beside each other, in everything that two of them have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scdyn_core.cli.output import AsJson, print_json, print_line, print_table
from scdyn_core.cli.show import facts, value_of

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.evaluation.score import Score
    from scdyn_core.runs.run import Run


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("compare")(compare)


def compare(
    run_dirs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN_DIR...",
            help="Run folders; the others are compared with the first. Of one, its replicates.",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Write every table as CSV.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare scores, settings, embeddings, equations, clusters and networks of runs."""
    from scdyn_core.runs.comparison.report import comparison
    from scdyn_core.runs.run import Run

    runs = _named([Run.open(path.expanduser()) for path in run_dirs])
    tables, notes = comparison(runs)
    written = [] if out is None else _write(tables, out.expanduser().resolve())
    if as_json:
        print_json(
            {
                "runs": [{"run": str(run.path), "name": name, **facts(run)}
                         for name, run in runs.items()],
                **{name: frame.to_dict(orient="records") for name, frame in tables.items()
                   if name != "embedding_places"},
                "notes": notes,
                "files": [str(path) for path in written],
            }
        )  # fmt: skip
        return
    _print_scores(runs)
    for name in ("comparable", "ahead", "embeddings", "equation_agreement", "groups", "networks"):
        if name in tables:
            print_line(f"\n{name.replace('_', ' ')}")
            _print_frame(tables[name])
    for note in notes:
        print_line(note)
    if out is not None:
        print_line(f"wrote {len(written)} tables to {out}")


def _named(runs: list[Run]) -> dict[str, Run]:
    """Return runs by the names of their folders, numbered where two are called the same."""
    names = [run.path.name for run in runs]
    return {
        name if names.count(name) == 1 else f"{number} · {name}": run
        for number, (name, run) in enumerate(zip(names, runs, strict=True), start=1)
    }


def _write(tables: dict[str, pd.DataFrame], folder: Path) -> list[Path]:
    from scdyn_core.data.csv_safe import to_csv
    from scdyn_core.runs.atomic import write_text

    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}.csv" for name in tables]
    for file, frame in zip(files, tables.values(), strict=True):
        write_text(file, to_csv(frame))
    return files


def _print_scores(runs: dict[str, Run]) -> None:
    scores = [{(s.metric, s.split, s.better): s for s in run.scores()} for run in runs.values()]
    rows = []
    for metric, split, better in dict.fromkeys(key for each in scores for key in each):
        found = [each.get((metric, split, better)) for each in scores]
        rows.append((metric, split, better, *(_cell(score) for score in found)))
    print_table(("metric", "on", "better", *runs), rows)


def _print_frame(frame: pd.DataFrame) -> None:
    rows = [tuple(_short(each) for each in row) for row in frame.itertuples(index=False)]
    print_table([str(name).replace("_", " ") for name in frame.columns], rows)


def _short(value: object) -> object:
    if isinstance(value, float):
        return "-" if value != value else f"{value:.3g}"
    return "-" if value is None else value


def _cell(score: Score | None) -> str:
    if score is None:
        return "-"
    if not score.baselines:
        return value_of(score)
    pick = max if score.better == "higher" else min
    name = pick(score.baselines, key=lambda key: score.baselines[key])
    return f"{value_of(score)} ({name} {score.baselines[name]:.3g})"
