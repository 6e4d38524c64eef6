"""``scdyn de``: which genes differ between two sets of cells."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scdyn_core.cli.inputs import File, RoleOption
from scdyn_core.cli.output import AsJson, print_json, print_line, print_table, without_chatter
from scdyn_core.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.data.atlas.atlas import Atlas
    from scdyn_core.evaluation.expression.cell_pair import CellPair
    from scdyn_core.evaluation.expression.comparison import Comparison
    from scdyn_core.evaluation.expression.reader import Cells
    from scdyn_core.reporter import Reporter

REST = "rest"
#: Genes printed; the file has all.
TOP = 10
_PRINTED = ("gene", "z", "wald", "log2_fold_change", "difference", "p_adjusted")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("de")(de)


def de(
    file: File,
    by: Annotated[str, typer.Option(metavar="COLUMN", help="Column (obs) with the sets.")],
    first: Annotated[str, typer.Option(metavar="LEVEL", help="The first set.")],
    second: Annotated[
        str, typer.Option(metavar="LEVEL|rest", help="The second set; rest: all other cells.")
    ] = REST,
    method: Annotated[
        Literal["wilcoxon", "pseudobulk"],
        typer.Option(help="wilcoxon compares cells (exploratory); pseudobulk samples (DESeq2)."),
    ] = "wilcoxon",
    samples: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Column with samples; else the role sample."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write every gene.")] = None,
    role: RoleOption = None,
    as_json: AsJson = False,
) -> None:
    """Compare the genes of two sets of cells, and say what the p values may be used for."""
    from scdyn_core.runs.threads import set_threads

    # Before numpy is imported, which reads it once.
    set_threads(0)
    from scdyn_core.cli.inputs import given_dataset
    from scdyn_core.data.atlas.atlas import Atlas
    from scdyn_core.data.atlas.write import write_atlas
    from scdyn_core.data.csv_safe import to_csv
    from scdyn_core.evaluation.expression.cell_pair import cell_pair
    from scdyn_core.evaluation.expression.statements import cautions, experimental, purpose
    from scdyn_core.reporter import SilentReporter
    from scdyn_core.runs.atomic import write_text
    from scdyn_core.runs.rich_reporter import RichReporter

    with without_chatter(), RichReporter(SilentReporter(), quiet=as_json) as reporter, \
            tempfile.TemporaryDirectory(prefix="scdyn-de-") as scratch:  # fmt: skip
        dataset = given_dataset(file, role or [], reporter)
        folder = Path(scratch) / "atlas"
        write_atlas(dataset, "de", folder, reporter=reporter)
        atlas = Atlas(folder)
        column = atlas.column(by)
        other = None if second == REST else _level(column, second)
        pair = cell_pair(_level(column, first), other, atlas.n_cells)
        sample = samples or dataset.roles.sample
        found = _compare(atlas, pair, method, sample, reporter)
        if out is not None:
            out = out.expanduser().resolve()
            out.parent.mkdir(parents=True, exist_ok=True)
            write_text(out, to_csv(found.table))
    known = sample is not None and atlas.meta.has_counts
    said = [
        purpose(found.facts, known),
        *cautions(found.facts, from_expression=not experimental(by, dataset.roles)),
    ]
    _print(found, said, out, as_json)


def _level(column: pd.Series, level: str) -> Cells:
    """Return the cells of a level.

    Raises
    ------
    ConfigError
        When the column has no such level.
    """
    from scdyn_core.evaluation.expression.groups import groups_of

    groups = groups_of(column)
    if level not in groups:
        raise ConfigError(
            f"column {column.name}",
            found=f"no level {level!r}",
            needed="one of " + ", ".join(list(groups)[:20]),
            fix="Choose one of these.",
        )
    return groups[level]


def _compare(
    atlas: Atlas, pair: CellPair, method: str, sample: str | None, reporter: Reporter
) -> Comparison:
    from scdyn_core.evaluation.expression.comparison import (
        compare_by_cells,
        compare_by_samples,
        sample_column,
    )

    if method == "wilcoxon":
        return compare_by_cells(atlas, pair, atlas.meta.scale, reporter)
    samples = atlas.column(sample_column(sample))
    return compare_by_samples(atlas, pair, samples, reporter=reporter)


def _print(found: Comparison, said: list[str], out: Path | None, as_json: bool) -> None:
    facts = found.facts
    if as_json:
        genes = found.table.head(TOP).to_dict(orient="records")
        print_json({"facts": facts.model_dump(mode="json"), "statements": said, "genes": genes,
                    "file": None if out is None else str(out)})  # fmt: skip
        return
    print_line(
        f"{facts.first:,} cells against {facts.second:,}; {facts.tested:,} genes tested, "
        f"{facts.changed:,} differ (adjusted p below 5 %)"
    )
    for sentence in said:
        print_line(sentence)
    columns = [name for name in _PRINTED if name in found.table]
    rows = found.table[columns].head(TOP).itertuples(index=False)
    print_table(columns, [(row[0], *(f"{value:.3g}" for value in row[1:])) for row in rows])
    if out is not None:
        print_line(f"wrote {out}")
