"""The cells behind the arrays of a run, in the order of the dataset."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.counts import raw_counts
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.perturbations.labels import Labelled
from scdyn_core.methods.perturbations.values import ScreenCells


def screen_cells(dataset: Dataset, screen: Labelled, tensors: Tensors) -> ScreenCells:
    """Return the cells that take part, with the genes and at the depth of the network."""
    genes = list(map(str, tensors.info["genes"]))  # type: ignore[call-overload]
    columns = dataset.adata.var_names.get_indexer(genes)
    split = Split(
        **{
            part: np.searchsorted(screen.cells, positions)
            for part, positions in tensors.samples.items()
        }
    )
    depth = float(np.exp(tensors.constants["depth"]))
    counts = raw_counts(dataset)[screen.cells][:, columns]
    return ScreenCells.of(counts, depth, genes, screen, split.labels())


def totals(tensors: Tensors) -> NDArray[np.float64]:
    """Return the counts of every cell that takes part, in their order."""
    by_part = [
        np.asarray(cells["counts"]).sum(axis=1, dtype=np.float64)
        for cells in tensors.parts.values()
    ]
    found: NDArray[np.float64] = np.concatenate(by_part)[in_order(tensors)]
    return found


def in_order(tensors: Tensors) -> NDArray[np.int64]:
    """Return the order that brings cells told part by part into that of the dataset."""
    order: NDArray[np.int64] = np.concatenate([tensors.samples[p] for p in tensors.parts]).argsort()
    return order


def unperturbed(tensors: Tensors) -> NDArray[np.int64]:
    """Return training cells of the control; all training cells where there is none."""
    labels = np.asarray(tensors.parts["train"]["label"])
    control = int(tensors.constants["control"])
    return np.flatnonzero(labels == control) if control >= 0 else np.arange(len(labels))
