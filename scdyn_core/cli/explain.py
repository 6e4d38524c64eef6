"""``scdyn explain`` and ``enrich``: a closer look at a trained run."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from scdyn_core.cli.output import AsJson, print_json, print_line, print_table, without_chatter
from scdyn_core.cli.train import RunDir
from scdyn_core.errors import RunError

HALLMARK = "hallmark"
_SHOWN = 20


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("explain")(explain)
    app.command("enrich")(enrich)


def explain(
    run_dir: RunDir,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Change what is asked: --set cells=200."),
    ] = None,
    threads: Annotated[int, typer.Option(min=0, max=256, help="0 leaves one core free.")] = 0,
    as_json: AsJson = False,
) -> int:
    """Attribute genes, latents and cell types of a trained run to each other (SHAP)."""
    from scdyn_core.runs.threads import set_threads

    set_threads(threads)
    from scdyn_core.cli.carry_out import carry_out
    from scdyn_core.cli.settings import changed
    from scdyn_core.methods.registry import method_by_key
    from scdyn_core.runs.owner import running_here
    from scdyn_core.runs.run import Run
    from scdyn_core.workspace import Workspace

    trained = Run.open(run_dir.expanduser())
    finished = trained.spec.kind == "train" and trained.state.status == "done"
    asked = method_by_key(trained.spec.method or "").Explanation if finished else None
    if asked is None:
        raise RunError(
            f"run {trained.path.name}",
            found=f"a run of kind {trained.spec.kind} that is {trained.state.status}",
            needed="a finished training run of a method that can be explained",
            fix="Train with: scdyn train clera FILE --out RUN_DIR.",
        )
    request = changed(asked(), settings or [])
    spec = trained.spec.model_copy(
        update={
            "kind": "explain",
            "explains": trained.path,
            "explanation": request.model_dump(mode="json"),
        }
    )
    job = Run.create(Workspace.default().runs, spec, state=running_here(time.time()))
    status = carry_out(job, as_json)
    if not as_json:
        print_line(f"tables in {trained.path / 'explain'}")
    return status


def enrich(
    run_dir: RunDir,
    gene_sets: Annotated[
        str,
        typer.Argument(
            metavar="FILE.gmt|hallmark", help="Gene sets, or hallmark to download MSigDB's."
        ),
    ],
    replicate: Annotated[int, typer.Option(min=1, max=64, help="Counted from 1.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Score gene sets in the gene programs of a trained run, beside two nulls."""
    from scdyn_core.data.gene_sets import read_gmt_file
    from scdyn_core.data.hallmark import hallmark_sets
    from scdyn_core.runs.enrichment import enrich_run
    from scdyn_core.runs.run import Run
    from scdyn_core.workspace import Workspace

    run = Run.open(run_dir.expanduser())
    with without_chatter():
        if gene_sets == HALLMARK:
            sets = hallmark_sets(Workspace.default().cache)
        else:
            sets = read_gmt_file(Path(gene_sets).expanduser())
        found = enrich_run(run, replicate - 1, sets)
    if as_json:
        print_json(found.to_dict(orient="records"))
        return
    columns = ("program", "gene_set", "matched", "score", "p_adjusted", "random_sets",
               "random_axes")  # fmt: skip
    rows = found.head(_SHOWN)[list(columns)].itertuples(index=False, name=None)
    print_table(columns, [tuple(_cell(value) for value in row) for row in rows])


def _cell(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
