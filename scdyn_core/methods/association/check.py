"""What the data can tell of associations, before any is estimated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.association.arrays import (
    association_tensors,
    genes_of,
    perturbed_of,
    screen_of,
)
from scdyn_core.methods.association.cells import participants
from scdyn_core.methods.association.config import AssociationConfig
from scdyn_core.methods.association.fit import SHIFT, estimators_of, sources_of
from scdyn_core.methods.method import Table, Tensors
from scdyn_core.methods.perturbations.check import cautions_table, check_screen
from scdyn_core.methods.perturbations.config import PerturbationConfig
from scdyn_core.reporter import Reporter


def check_associations(
    dataset: Dataset, config: AssociationConfig, split: Split, seed: int, reporter: Reporter
) -> Mapping[str, Table]:
    """Return how many cells there are for how many genes, and what a screen adds.

    Raises
    ------
    Cancelled
        When the reporter says so.
    """
    tensors = association_tensors(dataset, config, split, seed, reporter)
    told = [*_size(tensors, config), *_screen(tensors), *cast(list[str], tensors.info["cautions"])]
    tables = {"cautions": cautions_table(told)}
    if participants(dataset, config).screen is not None and dataset.roles.counts is not None:
        screen = PerturbationConfig(
            genes=config.genes, fewest_cells=config.fewest_cells, null_control=0.0
        )
        tables |= {"perturbations": check_screen(dataset, screen, seed, reporter)["perturbations"]}
    return tables


def _size(tensors: Tensors, config: AssociationConfig) -> list[str]:
    cells, genes = len(tensors.parts["train"]["values"]), len(genes_of(tensors))
    estimators = estimators_of(tensors, config)
    told = [f"Can be estimated: {', '.join(estimators)}"]
    over_cells = [name for name in estimators if name != SHIFT]
    if not over_cells:
        return told
    regulators = len(sources_of(tensors, config, over_cells[0]))
    told.append(
        f"{cells:,} training cells for {genes:,} genes and {regulators:,} regulators: "
        f"{cells / regulators:.1f} cells for each regulator"
    )
    if cells < regulators:
        told.append(
            "Fewer cells than regulators: partial correlations are shrunken far towards zero, and "
            "trees choose among regulators that look alike; use fewer genes or name regulators"
        )
    return told


def _screen(tensors: Tensors) -> list[str]:
    perturbed = perturbed_of(tensors)
    screen = screen_of(tensors, "train")
    if screen is None:
        return [
            "No perturbed cells: the networks say what varies together, not what acts on what, "
            "and no held-out cells can score them"
        ]
    measured = len(set(perturbed) & set(genes_of(tensors)))
    _, cells = np.unique(screen.labels, return_counts=True)
    return [
        f"A screen: {len(perturbed):,} genes were perturbed alone, {measured:,} of them among the "
        f"genes; the median label has {np.median(cells):.0f} training cells. Mean shift can tell "
        "what follows a perturbation, and held-out cells score every network"
    ]
