"""What the networks read beside counts and labels: changes, and quality of the cells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Part, Split
from scdyn_core.methods.counts import raw_counts
from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.perturbations.counterfactuals import counterfactuals
from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.perturbations.matched_change import published_target
from scdyn_core.methods.perturbations.quality import cell_quality
from scdyn_core.methods.perturbations.stored_cells import screen_cells
from scdyn_core.methods.regulation.arrays import regulation_tensors
from scdyn_core.reporter import Reporter
from scdyn_core.training.seeding import derive_seed

Extra = dict[str, NDArray[np.floating]]


def gpo_tensors(
    dataset: Dataset, config: GpoVaeConfig, split: Split, seed: int, reporter: Reporter
) -> Tensors:
    """Return the cells, nodes and doses, and what alignment and quality need where asked for.

    Raises
    ------
    ConfigError
        As ``regulation_tensors``, and when there are too few control cells to match with.
    """
    tensors = regulation_tensors(dataset, config, split, seed, reporter)
    if not config.standardise:
        tensors = _scaled_as_published(tensors)
    extra: Extra = {}
    screen = labelled(dataset, config, seed)
    cells = screen_cells(dataset, screen, tensors)
    if config.alignment:
        reporter.log(f"matching cells with control cells: {config.matching}")
        names = [str(name) for name, _ in screen.targets]
        extra["delta"] = published_target(
            cells, names, config.matching, derive_seed(seed, "matching")
        )
    if config.quality:
        extra |= _quality(dataset, config, tensors, cells.part, seed)
    if not extra:
        return tensors
    parts = {
        part: {**arrays, **{name: value[_rows(tensors, screen.cells, part)]
                            for name, value in extra.items()}}
        for part, arrays in tensors.parts.items()
    }  # fmt: skip
    return replace(tensors, parts=parts)


def _rows(tensors: Tensors, cells: NDArray[np.int64], part: Part) -> NDArray[np.int64]:
    return np.searchsorted(cells, tensors.samples[part])


def _quality(
    dataset: Dataset, config: GpoVaeConfig, tensors: Tensors, part: NDArray[np.str_], seed: int
) -> Extra:
    screen = labelled(dataset, config, seed)
    counts = raw_counts(dataset)[screen.cells]
    reference = (screen.perturbation == screen.control) & (part == "train")
    if not reference.any():
        reference = part == "train"
    names = [str(name) for name in dataset.adata.var_names]
    fails = cell_quality(counts, names, reference).fails
    columns = dataset.adata.var_names.get_indexer(tensors.info["genes"])
    found = counterfactuals(
        counts[:, columns], fails, screen.label, part, derive_seed(seed, "counterfactual")
    )
    return {
        "fails": fails.astype(np.float32),
        "has_counterfactual": found.known.astype(np.float32),
        "counterfactual": found.of(),
    }


def _scaled_as_published(tensors: Tensors) -> Tensors:
    """Return the arrays with moments of raw log counts in place of those at one depth."""
    logs = np.log1p(np.asarray(tensors.parts["train"]["counts"], dtype=np.float64))
    scale = 1.0 / np.maximum(logs.std(axis=0), 1e-2)
    return replace(
        tensors, constants={**tensors.constants, "mean": logs.mean(axis=0), "scale": scale}
    )
