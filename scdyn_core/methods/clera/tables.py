"""CLERA's tables: what the Dynamics page, the command line and the exports read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import COLUMN_ROLES
from scdyn_core.data.split import PARTS, Part
from scdyn_core.methods.clera.library import Library
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.readout import Readout, gene_effects
from scdyn_core.methods.clera.scores import type_numbers
from scdyn_core.methods.method import Table, Tensors

#: Embedding in ``obsm`` -> prefix of its two columns in the table of cells.
EMBEDDINGS = {"X_umap": "umap", "velocity_umap": "velocity_umap", "X_pca": "pca"}

Readouts = Sequence[Mapping[Part, Readout]]


def cells_table(dataset: Dataset, tensors: Tensors) -> Table:
    """One row a sample: its cell, part, annotations and places on the maps."""
    adata = dataset.adata
    positions = np.concatenate([tensors.samples[part] for part in PARTS])
    frame = pd.DataFrame(
        {
            "cell": np.asarray(adata.obs_names)[positions],
            "part": np.repeat(PARTS, [len(tensors.samples[part]) for part in PARTS]),
        }
    )
    meanings = {"cell": "name of the cell", "part": "train, validation or test"}
    for role in COLUMN_ROLES:
        column = getattr(dataset.roles, role)
        if column is not None:
            frame[role] = adata.obs[column].to_numpy()[positions]
            meanings[role] = f"{column} of the cell"
    for key, name in EMBEDDINGS.items():
        if key in adata.obsm:
            for axis in (1, 2):
                frame[f"{name}_{axis}"] = np.asarray(adata.obsm[key])[positions, axis - 1]
                meanings[f"{name}_{axis}"] = f"coordinate {axis} of {key}, all cells together"
    return Table(frame, meanings)


def latent_table(readouts: Readouts, cells: pd.DataFrame) -> Table:
    """One row a sample and replicate: latents, carried and predicted derivative."""
    frames = []
    for replicate, parts in enumerate(readouts):
        frame = cells[["cell", "part"]].copy()
        frame.insert(0, "replicate", replicate)
        for prefix in ("z", "dz", "dzhat"):
            values = np.concatenate([getattr(parts[part], prefix) for part in PARTS])
            for latent in range(values.shape[1]):
                frame[f"{prefix}{latent + 1}"] = values[:, latent]
        frames.append(frame)
    latents = next(iter(readouts))["train"].z.shape[1]
    meanings = {"replicate": "seed number", "cell": "name of the cell", "part": "part of the split"}
    for prefix, meaning in (
        ("z", "latent {i}, in units of its sd over training cells before refinement"),
        ("dz", "derivative of latent {i} carried over from the data, per unit of time"),
        ("dzhat", "derivative of latent {i} by the equations, per unit of time"),
    ):
        meanings |= {f"{prefix}{i}": meaning.format(i=i) for i in range(1, latents + 1)}
    return Table(pd.concat(frames, ignore_index=True), meanings)


def equations_table(networks: Sequence[CleraNetwork], library: Library) -> Table:
    """One row a term of an equation of a replicate."""
    masks = np.stack([network.mask.numpy() for network in networks])
    inclusion = masks.mean(axis=0)
    frames = []
    for replicate, network in enumerate(networks):
        coefficients = (network.mask * network.coefficients.detach()).numpy()
        frames += [
            pd.DataFrame(
                {
                    "replicate": replicate,
                    "equation": equation + 1,
                    "term": [term.text for term in library.terms],
                    "latex": [term.latex for term in library.terms],
                    "coefficient": coefficients[:, equation].astype(float),
                    "active": masks[replicate, :, equation] > 0,
                    "inclusion": inclusion[:, equation].astype(float),
                }
            )
            for equation in range(coefficients.shape[1])
        ]
    return Table(
        pd.concat(frames, ignore_index=True),
        {
            "replicate": "seed number",
            "equation": "number of the latent whose derivative the equation gives",
            "term": "term of the library as text",
            "latex": "term of the library as LaTeX",
            "coefficient": "coefficient, units of the latents and of time; 0 where removed",
            "active": "whether the term is in the equation",
            "inclusion": "share of the replicates whose equation of this number has the term; "
            "latents of replicates are matched, see the table alignment",
        },
    )


def programs_table(networks: Sequence[CleraNetwork], tensors: Tensors) -> Table:
    """One row a gene, latent and replicate: what the latent does to the gene."""
    genes = list(map(str, tensors.info["genes"]))  # type: ignore[call-overload]
    frames = []
    for replicate, network in enumerate(networks):
        for latent, effects in enumerate(gene_effects(network, tensors)):
            frames.append(
                pd.DataFrame(
                    {
                        "replicate": replicate,
                        "latent": latent + 1,
                        "gene": genes,
                        "effect": effects,
                    }
                )
            )
    return Table(
        pd.concat(frames, ignore_index=True),
        {
            "replicate": "seed number",
            "latent": "number of the latent",
            "gene": "name of the gene",
            "effect": "mean change of the gene per sd of the latent, units of the expression",
        },
    )


def classifier_table(readouts: Readouts, tensors: Tensors) -> Table:
    """One row a true and predicted type, part and replicate: the confusion matrix."""
    names = np.asarray(tensors.info["types"])
    rows = []
    for replicate, parts in enumerate(readouts):
        for part in PARTS:
            predicted = parts[part].classes
            assert predicted is not None
            true = type_numbers(tensors.parts[part]["classes"])
            counts = np.zeros((len(names), len(names)), dtype=np.int64)
            np.add.at(counts, (true[true >= 0], predicted[true >= 0]), 1)
            rows += [
                (replicate, part, names[i], names[j], int(counts[i, j]))
                for i in range(len(names))
                for j in range(len(names))
            ]
    columns = {
        "replicate": "seed number",
        "part": "part of the split",
        "true": "cell type in the data",
        "predicted": "cell type the classifier gives",
        "cells": "number of samples",
    }
    return Table(pd.DataFrame(rows, columns=list(columns)), columns)
