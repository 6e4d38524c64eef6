"""``scdyn samples``, ``inspect`` and ``simulate``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from scdyn_core.cli.inputs import File, RoleOption, SettingsOption, given_dataset
from scdyn_core.cli.output import AsJson, print_json, print_line, print_table, without_chatter

_GENERATED = (
    "hopf (limit cycle) or bistable (branching); or genes that respond to a stimulus in six ways: "
    "responses (small and deep), levels, lowdepth (few counts), unequal (classes of unequal size), "
    "delay (genes at their own pace), graded (from weak to strong), hard (all of it); or a "
    "perturbation screen: screen (small, with controls and guides), mechanism_shift (as "
    "published); or a screen of a known regulatory network: network (small), regulation (linear), "
    "regulation_tanh (saturating), regulation_cyclic, regulation_few_cells, regulation_shallow "
    "(few counts), kinetics (gated transcription in bursts); or common and rare cell types, "
    "treated and not: rare."
)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("samples")(samples)
    app.command("inspect")(inspect)
    app.command("simulate")(simulate)


def samples(as_json: AsJson = False) -> None:
    """List the samples; their keys can stand in place of a file."""
    from scdyn_core.data.samples import SAMPLES

    if as_json:
        print_json([asdict(sample) for sample in SAMPLES])
        return
    rows = [(s.key, s.title, f"{s.cells} x {s.genes}", s.kind) for s in SAMPLES]
    print_table(("key", "title", "cells x genes", "where"), rows)


def inspect(file: File, role: RoleOption = None, as_json: AsJson = False) -> None:
    """Check a file and show what is in it, which roles were found, and what to mend."""
    from scdyn_core.data.guess import guess_roles
    from scdyn_core.reporter import SilentReporter
    from scdyn_core.runs.rich_reporter import RichReporter

    with without_chatter(), RichReporter(SilentReporter(), quiet=as_json) as reporter:
        dataset = given_dataset(file, role or [], reporter)
        guesses = guess_roles(dataset.adata)
    cells, genes = dataset.adata.shape
    if as_json:
        print_json(
            {
                "name": dataset.name,
                "cells": cells,
                "genes": genes,
                "fingerprint": dataset.fingerprint,
                "roles": dataset.roles.assigned(),
                "guesses": [guess.model_dump() for guess in guesses],
                "layers": list(dataset.adata.layers),
                "obs": list(dataset.adata.obs),
                "findings": [finding.model_dump() for finding in dataset.report.findings],
            }
        )
        return
    print_line(f"{dataset.name}: {cells} cells x {genes} genes, {dataset.fingerprint[:12]}")
    reasons: dict[str, str] = {guess.role: guess.reason for guess in guesses if guess.value}
    assigned = dataset.roles.assigned().items()
    print_table(("role", "is", "because"), [(k, v, reasons.get(k, "given")) for k, v in assigned])
    for finding in dataset.report.findings:
        print_line(f"{finding.level}: {finding.slot}: {finding.found}. {finding.fix}".rstrip())


def simulate(
    name: Annotated[str, typer.Argument(help=_GENERATED)],
    out: Annotated[Path, typer.Argument(metavar="OUT.h5ad", help="File to write.")],
    seed: Annotated[int, typer.Option(min=0, help="Seed of every draw.")] = 0,
    settings: SettingsOption = None,
    as_json: AsJson = False,
) -> None:
    """Generate a sample of known truth: dynamics, responses, a screen, or its network."""
    from scdyn_core.cli.settings import changed
    from scdyn_core.data.simulators.registry import simulator
    from scdyn_core.runs.atomic import replacing

    with without_chatter():
        adata = changed(simulator(name), settings or []).sample(seed)
        out.expanduser().resolve().parent.mkdir(parents=True, exist_ok=True)
        with replacing(out.expanduser().resolve()) as beside:
            # The level of the samples that ship with scdyn.
            adata.write_h5ad(beside, compression="gzip", compression_opts=9)
    if as_json:
        print_json({"file": str(out), "cells": adata.n_obs, "genes": adata.n_vars, "seed": seed})
    else:
        print_line(f"wrote {out}: {adata.n_obs} cells x {adata.n_vars} genes")
