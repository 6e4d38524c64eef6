"""From a dataset to what networks are estimated from: expression, and the label of every cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import PARTS, Part, Split
from scdyn_core.evaluation.screen.screen import Screen
from scdyn_core.methods.association.cells import log_values, participants
from scdyn_core.methods.association.config import AssociationConfig
from scdyn_core.methods.association.genes import chosen_genes
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.perturbations.labels import Labelled
from scdyn_core.reporter import Reporter
from scdyn_core.training.seeding import derive_seed


def association_tensors(
    dataset: Dataset, config: AssociationConfig, split: Split, seed: int, reporter: Reporter
) -> Tensors:
    """Return log-normalised expression and labels, part by part; genes are chosen on training.

    Raises
    ------
    ConfigError
        When fewer than two genes vary, or nothing that was asked for can be estimated.
    """
    found = participants(dataset, config)
    values, remarks = log_values(dataset, found.cells, split.train)
    names = [str(name) for name in dataset.adata.var_names]
    targets = _targets(found.screen)
    always = {gene for genes in targets.values() for gene in genes} | set(config.named)
    genes = chosen_genes(values[split.train], names, config.genes, sorted(always))
    values = values[:, genes]
    rows = {part: _drawn(split.part_of(part), config, seed, part) for part in PARTS}
    cautions = [*found.cautions, *remarks]
    if len(rows["train"]) < len(split.train):
        cautions.append(f"{len(rows['train'])} of {len(split.train)} training cells are used")
    for caution in cautions:
        reporter.log(caution)
    labels = [] if found.screen is None else list(found.screen.kinds)
    return Tensors(
        parts={
            part: {
                "values": values[own].toarray().astype(np.float32),
                "label": _label(found.screen, labels, own),
                **_pseudotime(dataset, found.cells[own]),
            }
            for part, own in rows.items()
        },
        samples={part: found.cells[own] for part, own in rows.items()},
        info={
            "seed": seed,
            "genes": [names[gene] for gene in genes],
            "labels": labels,
            "targets": {label: list(own) for label, own in targets.items()},
            "control": None if found.screen is None else found.screen.control,
            "cautions": cautions,
        },
    )


def genes_of(tensors: Tensors) -> tuple[str, ...]:
    """Return the names of the genes used."""
    return tuple(cast(Sequence[str], tensors.info["genes"]))


def targets_of(tensors: Tensors) -> Mapping[str, tuple[str, ...]]:
    """Return the genes every label is aimed at; empty where there are no perturbations."""
    stored = cast(Mapping[str, Sequence[str]], tensors.info["targets"])
    return {label: tuple(genes) for label, genes in stored.items()}


def perturbed_of(tensors: Tensors) -> tuple[str, ...]:
    """Return the genes that were perturbed alone, in alphabetical order."""
    return tuple(sorted({own[0] for own in targets_of(tensors).values() if len(own) == 1}))


def screen_of(tensors: Tensors, part: Part, rows: NDArray[np.int64] | None = None) -> Screen | None:
    """Return some cells of a part as a screen, or all of them.

    ``None`` without perturbations, and where fewer than two cells are left to compare with.
    """
    if not perturbed_of(tensors):
        return None
    arrays = tensors.parts[part]
    chosen = np.arange(len(arrays["label"])) if rows is None else rows
    names = np.array(cast(Any, tensors.info["labels"]), dtype=object)
    labels = names[np.asarray(arrays["label"][chosen], dtype=np.int64)]
    control = cast(str | None, tensors.info["control"])
    if (len(labels) if control is None else int((labels == control).sum())) < 2:
        return None
    values = sparse.csr_matrix(arrays["values"][chosen].astype(np.float64))
    return Screen(values, labels, control, genes_of(tensors))


def _targets(screen: Labelled | None) -> dict[str, tuple[str, ...]]:
    return {} if screen is None else {name: own for name, own in screen.genes.items() if own}


def _label(
    screen: Labelled | None, labels: Sequence[str], rows: NDArray[np.int64]
) -> NDArray[np.floating]:
    if screen is None:
        return np.zeros(len(rows))
    number = {label: place for place, label in enumerate(labels)}
    return np.array([float(number[name]) for name in screen.perturbation[rows]])


def _pseudotime(dataset: Dataset, cells: NDArray[np.int64]) -> dict[str, NDArray[np.floating]]:
    column = dataset.roles.pseudotime
    if column is None:
        return {}
    return {"pseudotime": dataset.adata.obs[column].to_numpy(dtype=np.float64)[cells]}


def _drawn(
    rows: NDArray[np.int64], config: AssociationConfig, seed: int, part: str
) -> NDArray[np.int64]:
    if len(rows) <= config.cells:
        return rows
    rng = np.random.default_rng(derive_seed(seed, "cells", part))
    return np.sort(rng.choice(rows, config.cells, replace=False))
