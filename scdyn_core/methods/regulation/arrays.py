"""From a screen to what learns its network: cells, nodes, doses, and what an edge may cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Part, Split
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.perturbations.arrays import screen_tensors
from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.regulation.config import RegulationConfig
from scdyn_core.methods.regulation.measured import MeasuredChanges, measured_changes
from scdyn_core.methods.regulation.nodes import Nodes, node_columns, nodes_of
from scdyn_core.methods.regulation.prior import prior_signs
from scdyn_core.preprocess.size_factors import Counts
from scdyn_core.reporter import Reporter

Matrix = NDArray[np.float64]
Integers = NDArray[np.int64]
#: Fewer cells have no mean worth learning from.
FEWEST = 2
#: Share of the mean square of all changes that perturbations have in common, above which control
#: cells are taken to be in another state.
COMMON = 0.5
#: What fewer perturbations have in common may be the pathway they are all of.
FEWEST_IN_COMMON = 5


def regulation_tensors(
    dataset: Dataset, config: RegulationConfig, split: Split, seed: int, reporter: Reporter
) -> Tensors:
    """Return the cells, and nodes with their doses: those of the training cells.

    The dose of a perturbation that is held out is read from the cells to adapt to.

    Raises
    ------
    ConfigError
        As ``screen_tensors``, and when there is no prior network of the name asked for.
    """
    screen = labelled(dataset, config, seed)
    tensors = screen_tensors(dataset, config, split, seed, reporter)
    genes = _genes(tensors)
    measured = measured_in(tensors, "train")
    assert measured is not None
    columns = node_columns(screen, genes)
    # All cells, where they stand for the control, have in them what perturbations do on average.
    alone = float(tensors.constants["control"]) < 0
    apart = alone or control_is_apart(measured, columns, config.reference)
    nodes = nodes_of(screen, measured, measured_in(tensors, "adapt"), config.dose, apart=apart)
    doubtful = nodes.real & ~nodes.known
    assumed = [name for name, own in zip(nodes.names, doubtful, strict=True) if own]
    cautions = list(screen.cautions)
    if assumed:
        few = ", ".join(assumed[:10]) + (" and others" if len(assumed) > 10 else "")
        cautions.append(
            f"dose assumed, because the gene's own transcript is not measured or does not change: "
            f"{few}; their edges say what acts, not how strongly per unit of expression"
        )
    reporter.log(f"{len(nodes.names)} nodes, {len(assumed)} of them with an assumed dose")
    return replace(
        tensors,
        constants={
            **tensors.constants,
            "column": nodes.column.astype(np.float64),
            "dose": nodes.dose,
            "dose_known": nodes.known.astype(np.float64),
            "learned": nodes.learned.astype(np.float64),
            "common": nodes.common,
            "prior": prior_signs(config.prior, nodes.names, genes),
            "apart": np.array(float(apart)),
        },
        info={**tensors.info, "nodes": list(nodes.names), "cautions": cautions},
    )


def nodes_from(tensors: Tensors) -> Nodes:
    """Return the nodes of stored arrays."""
    known = tensors.constants
    return Nodes(
        names=tuple(map(str, tensors.info["nodes"])),  # type: ignore[call-overload]
        column=np.asarray(known["column"]).astype(np.int64),
        dose=np.asarray(known["dose"]),
        known=np.asarray(known["dose_known"]) > 0,
        learned=np.asarray(known["learned"]) > 0,
        common=np.asarray(known["common"]),
    )


def measured_in(
    tensors: Tensors, part: Part, rows: Integers | None = None
) -> MeasuredChanges | None:
    """Measure the changes in a part, against the control cells of the training part.

    Parameters
    ----------
    rows
        Cells of the part to use, with repeats; ``None`` for all.

    Returns
    -------
    ``None`` where the part has no perturbed cells.
    """
    cells = tensors.parts.get(part)
    if cells is None:
        return None
    counts, label = _of(cells, rows)
    control = int(tensors.constants["control"])
    if part != "train":
        others, other_label = _of(tensors.parts["train"], None)
        unperturbed = other_label == control if control >= 0 else np.ones(len(other_label), bool)
        counts = sparse.vstack([counts, others[unperturbed]], format="csr")
        label = np.concatenate([label, np.full(unperturbed.sum(), -1)])
    members = np.asarray(tensors.constants["members"]).astype(np.int64)
    nodes = len(tensors.constants["cells"])
    present, cells_of = np.unique(label[label >= 0], return_counts=True)
    known = [
        int(own)
        for own, number in zip(present, cells_of, strict=True)
        if own != control and number >= FEWEST and (members[own] < nodes).any()
    ]
    if not known:
        return None
    group = np.full(len(label), -2)
    for number, own in enumerate(known):
        group[label == own] = number
    group[(label == -1) | (label == control)] = -1
    held = [members[own][members[own] < nodes] for own in known]
    return measured_changes(counts, group, held, _genes(tensors))


def control_is_apart(measured: MeasuredChanges, columns: Integers, reference: str) -> bool:
    """Return whether changes are to be against what all perturbations have in common.

    Parameters
    ----------
    columns
        Gene of every node, shape ``(T,)``.
    """
    if reference != "auto":
        return reference == "perturbations"
    values = measured.values.copy()
    for label, members in enumerate(measured.members):
        own = columns[members]
        values[label, own[own < values.shape[1]]] = 0.0
    labels = len(values)
    if labels < FEWEST_IN_COMMON:
        return False
    # Products of two labels hold no error of their own cells, and no label's change with itself.
    square = np.square(values).mean(axis=0)
    products = (labels * np.square(values.mean(axis=0)) - square) / (labels - 1)
    noise = measured.control_error**2
    common = (products - noise).sum()
    every = (square - noise - np.square(measured.error).mean(axis=0)).sum()
    # Beyond what control cells differ by chance.
    return bool(common > max(COMMON * every, noise.sum()))


def _of(
    cells: Mapping[str, NDArray[np.floating]], rows: Integers | None
) -> tuple[Counts, Integers]:
    chosen = slice(None) if rows is None else rows
    counts = sparse.csr_matrix(np.asarray(cells["counts"])[chosen], dtype=np.float64)
    return counts, np.asarray(cells["label"])[chosen].astype(np.int64)


def _genes(tensors: Tensors) -> list[str]:
    return list(map(str, tensors.info["genes"]))  # type: ignore[call-overload]
