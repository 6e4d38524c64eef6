"""What a screen can tell, before anything is trained."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.evaluation.screen.responses import responses
from scdyn_core.methods.counts import raw_counts
from scdyn_core.methods.method import Table
from scdyn_core.methods.perturbations.config import PerturbationConfig
from scdyn_core.methods.perturbations.genes import chosen_genes
from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.perturbations.screening import PERTURBATIONS, screen_table
from scdyn_core.methods.perturbations.split import screen_split
from scdyn_core.methods.perturbations.values import ScreenCells
from scdyn_core.preprocess.size_factors import median_total
from scdyn_core.reporter import Reporter, raise_if_cancelled
from scdyn_core.training.seeding import derive_seed


def check_screen(
    dataset: Dataset, config: PerturbationConfig, seed: int, reporter: Reporter
) -> Mapping[str, Table]:
    """Return the table of perturbations and what was left out.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    reporter.progress("reading the screen", 0, 2)
    screen = labelled(dataset, config, seed)
    split = screen_split(screen, derive_seed(seed, "split"))
    counts = raw_counts(dataset)[screen.cells]
    genes = chosen_genes(counts[split.train], dataset, screen, config)
    counts = counts[:, genes]
    names = [str(name) for name in dataset.adata.var_names[genes]]
    depth = median_total(counts[split.train])
    cells = ScreenCells.of(counts, depth, names, screen, split.labels())
    raise_if_cancelled(reporter)
    reporter.progress("comparing with control", 1, 2)
    table = screen_table(cells, responses(cells.whole()), seed)
    reporter.progress("comparing with control", 2, 2)
    tables = {
        "perturbations": Table(table, {name: PERTURBATIONS[name] for name in map(str, table)})
    }
    if screen.cautions:
        tables["cautions"] = cautions_table(screen.cautions)
    return tables


def cautions_table(cautions: tuple[str, ...] | list[str]) -> Table:
    """Return what a reader must know of the data."""
    frame = pd.DataFrame({"caution": np.array(list(cautions), dtype=object)})
    return Table(frame, {"caution": "what a reader of the results must know"})
