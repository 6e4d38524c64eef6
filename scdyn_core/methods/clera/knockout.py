"""What becomes of the genes when one latent is taken away.

Latent k of every held-out cell is set to its mean over the training cells, the state in which it
says nothing about a cell, and the cells are decoded again.

Symbols: z (n, d) latents; Delta (n, G) what the latent adds to the genes of a cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from scdyn_core.data.split import PARTS
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.readout import gene_loadings
from scdyn_core.methods.method import Table, Tensors

Matrix = NDArray[np.float64]

#: Cells decoded at once: genes of all cells together may not fit into memory.
BATCH = 2048
#: Cell types with fewer held-out cells say nothing; of more types than this the largest count.
FEWEST_CELLS, MOST_TYPES = 5, 40
#: Genes of each latent that are kept for one cell type, the most affected.
GENES_PER_TYPE = 200


def knockout_table(
    networks: Sequence[CleraNetwork], tensors: Tensors, cells: pd.DataFrame
) -> Table:
    """One row a gene, latent and replicate: what taking the latent away does, on test cells.

    Parameters
    ----------
    networks
        The replicates.
    tensors
        What they read.
    cells
        The run's table of cells, in the order of the parts.
    """
    groups = _groups(cells)
    frames = []
    for replicate, network in enumerate(networks):
        for latent in range(network.config.latents):
            for frame in _of_latent(network, tensors, latent, groups):
                frame.insert(0, "replicate", replicate)
                frames.append(frame)
    return Table(
        pd.concat(frames, ignore_index=True),
        {
            "replicate": "seed number",
            "latent": "number of the latent that is set to its mean over the training cells",
            "gene": "name of the gene",
            "cell_type": "cells it is measured on; empty for all. Of a cell type only the "
            f"{GENES_PER_TYPE} most affected genes are kept",
            "mean_abs": "mean size of the change on test cells, units of the expression",
            "mean": "mean of the expression with the latent minus that without it, same units",
            "slope": "change per sd of the latent, units of the expression: least squares of the "
            "change on the latent",
            "positive": "share of the test cells in which a higher latent means more of the gene",
        },
    )


def _groups(cells: pd.DataFrame) -> dict[str | None, NDArray[np.bool_]]:
    """Return which test cells belong to each cell type, and all of them under ``None``."""
    test = cells[cells["part"] == "test"]
    groups: dict[str | None, NDArray[np.bool_]] = {None: np.ones(len(test), dtype=bool)}
    if "cell_type" in test:
        names = test["cell_type"].astype(object).where(test["cell_type"].notna(), None)
        sizes = names.value_counts()
        for name in sizes[sizes >= FEWEST_CELLS].index[:MOST_TYPES]:
            groups[str(name)] = (names == name).to_numpy(dtype=bool)
    return groups


@torch.no_grad()
def _of_latent(
    network: CleraNetwork,
    tensors: Tensors,
    latent: int,
    groups: dict[str | None, NDArray[np.bool_]],
) -> Iterator[pd.DataFrame]:
    train, test = (
        network.encode(torch.as_tensor(tensors.parts[part]["x"], dtype=torch.float32))
        for part in (PARTS[0], PARTS[-1])
    )
    # A latent that is constant takes nothing with it.
    centre, sd = train[:, latent].mean(), max(float(train[:, latent].std()), 1e-12)
    member = np.column_stack(list(groups.values())).T.astype(np.float64)
    away = (test[:, latent] - centre).double().numpy() / sd
    sums = [np.zeros((len(groups), len(_genes(tensors)))) for _ in range(4)]
    for start in range(0, len(test), BATCH):
        rows = slice(start, start + BATCH)
        delta = _added(network, tensors, test[rows], latent, centre)
        along = delta * away[rows, None]
        for total, part in zip(sums, (np.abs(delta), delta, along, along > 0), strict=True):
            total += member[:, rows] @ part
    count = member.sum(axis=1)[:, None]
    spread = np.maximum(member @ away**2, 1e-12)[:, None]
    size, mean, slope, positive = (
        sums[0] / count,
        sums[1] / count,
        sums[2] / spread,
        sums[3] / count,
    )
    for at, cell_type in enumerate(groups):
        frame = pd.DataFrame(
            {
                "latent": latent + 1,
                "gene": _genes(tensors),
                "cell_type": pd.Series([cell_type] * size.shape[1], dtype=object),
                "mean_abs": size[at],
                "mean": mean[at],
                "slope": slope[at],
                "positive": positive[at],
            }
        )
        yield frame if cell_type is None else frame.nlargest(GENES_PER_TYPE, "mean_abs")


def _added(
    network: CleraNetwork, tensors: Tensors, z: torch.Tensor, latent: int, centre: torch.Tensor
) -> Matrix:
    """Return decoded cells minus the same with the latent at its mean, units of the expression."""
    without = z.clone()
    without[:, latent] = centre
    change = (network.decode(z) - network.decode(without)).double().numpy()
    loadings = gene_loadings(network.config.components, tensors)
    genes: Matrix = change if loadings is None else change @ loadings
    return genes * tensors.constants["gene_sd"]


def _genes(tensors: Tensors) -> list[str]:
    return list(map(str, tensors.info["genes"]))  # type: ignore[call-overload]
