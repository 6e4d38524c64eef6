"""``scdyn network``: known networks, and how well a run finds them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scdyn_core.cli.output import AsJson, print_json, print_line, print_table

if TYPE_CHECKING:
    from scdyn_core.networks.store import NetworkStore

_FILE = "CSV, TSV or SIF of source, target and sign (gzipped or not), or collectri to download it."


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(help="Known networks of genes, and how well a run finds them.",
                        no_args_is_help=True)  # fmt: skip
    group.command("add")(add)
    group.command("list")(list_networks)
    group.command("delete")(delete)
    group.command("compare")(compare)
    app.add_typer(group, name="network")


def add(
    file: Annotated[str, typer.Argument(metavar="FILE|collectri", help=_FILE)],
    name: Annotated[
        str | None, typer.Option(help="What to call it; the name of the file if not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Keep a network: for comparisons, and as a prior of methods that take one."""
    from scdyn_core.networks.collectri import NAME, collectri
    from scdyn_core.networks.reference import read_network_file
    from scdyn_core.networks.store import NetworkStore
    from scdyn_core.workspace import Workspace

    workspace = Workspace.default()
    path = Path(file).expanduser()
    if file == "collectri" and not path.exists():
        frame, given = collectri(workspace.cache), NAME
    else:
        frame, given = read_network_file(path), path.name
    kept = NetworkStore(workspace).keep(frame, name or given)
    if as_json:
        print_json({"name": kept, "edges": len(frame), "sources": frame["source"].nunique()})
    else:
        print_line(f"kept {kept}: {len(frame):,} edges of {frame['source'].nunique():,} sources")


def list_networks(as_json: AsJson = False) -> None:
    """List the networks that are kept."""
    store = _store()
    rows = []
    for name in store.names():
        frame = store.frame(name)
        signed = float((frame["sign"] != 0).mean())
        sources, targets = frame["source"].nunique(), frame["target"].nunique()
        rows.append((name, len(frame), sources, targets, signed))
    if as_json:
        keys = ("name", "edges", "sources", "targets", "with_sign")
        print_json([dict(zip(keys, row, strict=True)) for row in rows])
        return
    told = [(name, *map(str, counts), f"{signed:.0%}") for name, *counts, signed in rows]
    print_table(("name", "edges", "sources", "targets", "with sign"), told)


def delete(
    name: Annotated[str, typer.Argument(help="Name of a network that is kept.")],
    as_json: AsJson = False,
) -> None:
    """Forget a network."""
    _store().delete(name)
    if as_json:
        print_json({"deleted": name})
    else:
        print_line(f"forgot {name}")


def compare(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A run folder.")],
    reference: Annotated[
        str,
        typer.Argument(
            help="Name of a network that is kept, or 'truth, direct' or 'truth, total' where the "
            "data were generated."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Score every network of a run against known edges: the same pairs for all, and chance."""
    from scdyn_core.methods.regulation.against_reference import against_reference, score_table
    from scdyn_core.runs.networks import networks_of_run, reference_by_name
    from scdyn_core.runs.run import Run

    run = Run.open(run_dir.expanduser())
    scored = against_reference(networks_of_run(run), reference_by_name(run, _store(), reference))
    table = score_table(scored.scores)
    if as_json:
        print_json(
            {
                "reference": scored.name,
                "edges": scored.edges,
                "pairs": scored.pairs,
                "scores": table.to_dict(orient="records"),
            }
        )
        return
    print_line(
        f"{scored.name}: {scored.edges:,} edges among {scored.pairs:,} pairs of "
        f"{len(scored.sources):,} sources and {len(scored.targets):,} targets that both know"
    )
    metrics = [str(name) for name in table.columns[1:]]
    print_table(
        ("network", *metrics),
        [
            (row["model"], *(_number(float(row[metric])) for metric in metrics))
            for row in table.to_dict(orient="records")
        ],
    )


def _number(value: float) -> str:
    return "-" if value != value else f"{value:.3f}"


def _store() -> NetworkStore:
    from scdyn_core.networks.store import NetworkStore
    from scdyn_core.workspace import Workspace

    return NetworkStore(Workspace.default())
