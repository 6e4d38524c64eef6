"""From a dataset to the curves of its genes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.methods.responses.config import ResponseConfig
from scdyn_core.methods.responses.genes import chosen_genes
from scdyn_core.methods.responses.groups import learned_cells, sampling_times
from scdyn_core.methods.responses.pseudobulk import (
    FEWEST_CELLS,
    CellValues,
    Curves,
    Matrix,
    curves,
)
from scdyn_core.methods.responses.values import cell_values


@dataclass(frozen=True)
class GeneInput:
    """The curves a method learns from, and what they were made of.

    Attributes
    ----------
    values
        Cells × chosen genes.
    times
        Sampling time of every cell, NaN for cells that are not learned from, shape ``(n,)``.
    genes
        Positions of the chosen genes in the dataset, shape ``(G,)``.
    names
        Their names.
    curves
        Their curves.
    """

    values: CellValues
    times: Matrix
    genes: NDArray[np.int64]
    names: list[str]
    curves: Curves


def gene_input(dataset: Dataset, config: ResponseConfig) -> GeneInput:
    """Average the cells of every time and choose the genes.

    Raises
    ------
    ConfigError
        When times, cells or genes do not suffice.
    """
    all_values = cell_values(dataset, config)
    times = np.where(learned_cells(dataset, config), sampling_times(dataset), np.nan)
    at, cells = np.unique(times[np.isfinite(times)], return_counts=True)
    # Both halves of the cells must have a mean and its error at every time.
    at = at[cells >= 2 * FEWEST_CELLS]
    found = curves(all_values, times, at)
    genes = chosen_genes(all_values, times, found, config)
    values = CellValues(all_values.values[:, genes], all_values.logs, all_values.one)
    names = [str(name) for name in dataset.adata.var_names[genes]]
    return GeneInput(values, times, genes, names, found.rows(genes))
