"""Denoised expression of some genes in every cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.data.split import PARTS
from scdyn_core.errors import ConfigError
from scdyn_core.methods.cell_blocks import BLOCK, blocks
from scdyn_core.methods.method import Table, Tensors
from scdyn_core.methods.scvi.denoise_config import DenoiseConfig
from scdyn_core.methods.scvi.network import ScviNetwork
from scdyn_core.methods.scvi.reading import cells_of
from scdyn_core.reporter import Reporter, raise_if_cancelled

Matrix = NDArray[np.float64]
Cells = dict[str, Tensor]
#: Genes of a request that names none.
FEW = 12
DENOISED = {
    "cell": "name of the cell",
    "part": "train, validation or test",
    "gene": "name of the gene",
    "observed": "counts of the gene, the cell scaled to the median depth of the training cells",
    "denoised": "the same as the decoder has it from the cell's latents; mean over replicates",
}


def denoised_genes(
    networks: Sequence[ScviNetwork], tensors: Tensors, request: DenoiseConfig, reporter: Reporter
) -> dict[str, Table]:
    """Return the table ``denoised``, one row a cell and gene.

    Raises
    ------
    ConfigError
        When a gene is not among those the model used.
    Cancelled
        When the reporter says so.
    """
    names = [str(name) for name in tensors.info["genes"]]  # type: ignore[attr-defined]
    unknown = sorted(set(request.genes) - set(names))
    if unknown:
        raise ConfigError(
            "genes",
            found=f"{unknown[0]!r}, which the model does not have",
            needed=f"some of its {len(names)} genes; the run's table genes lists them",
            fix="Ask for other genes, or train with more of them.",
        )
    part, position, cells = _chosen(tensors, request)
    denoised = np.zeros_like(np.asarray(cells["counts"], dtype=np.float64))
    for number, network in enumerate(networks):
        raise_if_cancelled(reporter)
        reporter.progress("denoising", number, len(networks))
        denoised += expression(network, cells, request.batch == "every") / len(networks)
    places = [names.index(gene) for gene in dict.fromkeys(request.genes)] or most_different(
        denoised
    )
    frames = []
    for gene in places:
        frames.append(
            pd.DataFrame(
                {
                    "cell": np.asarray(tensors.info["cells"], dtype=object)[position],
                    "part": part,
                    "gene": names[gene],
                    "observed": _observed(cells, networks[0].depth, gene),
                    "denoised": denoised[:, gene],
                }
            )
        )
    reporter.progress("denoising", len(networks), len(networks))
    return {"denoised": Table(pd.concat(frames, ignore_index=True), DENOISED)}


@torch.no_grad()
def expression(network: ScviNetwork, cells: Cells, every_batch: bool) -> Matrix:
    """Return the share of every gene times the median depth, shape ``(n, G)``."""
    found = []
    for own in blocks(cells, BLOCK):
        z = network.latent(own)
        ways = _as_if(own) if every_batch and "batch" in own else [own]
        shares = torch.stack([network.decoded(z, way).log_share.exp() for way in ways]).mean(0)
        found.append(shares.double().numpy() * float(np.exp(network.depth)))
    return np.concatenate(found)


def most_different(denoised: Matrix) -> list[int]:
    """Return the genes whose log expression varies most between cells, the first most."""
    return [int(gene) for gene in np.argsort(-np.log1p(denoised).std(axis=0), kind="stable")[:FEW]]


def _as_if(cells: Cells) -> list[Cells]:
    """Return the cells as if all were of one batch, for every batch."""
    indicators = torch.eye(cells["batch"].shape[1])
    return [{**cells, "batch": row.expand_as(cells["batch"])} for row in indicators]


def _observed(cells: Cells, depth: float, gene: int) -> Matrix:
    scaled = cells["counts"][:, gene].double() * (depth - cells["library"].double()).exp()
    return np.asarray(scaled.numpy())


def _chosen(
    tensors: Tensors, request: DenoiseConfig
) -> tuple[NDArray[np.object_], NDArray[np.int64], Cells]:
    """Return part, position and arrays of the cells of the table."""
    sizes = [len(tensors.samples[part]) for part in PARTS]
    parts = np.repeat(np.array(PARTS, dtype=object), sizes)
    positions = np.concatenate([tensors.samples[part] for part in PARTS])
    by_part = [cells_of(tensors, part) for part in PARTS]
    cells = {name: torch.cat([each[name] for each in by_part]) for name in by_part[0]}
    rng = np.random.default_rng(request.seed)
    rows = np.sort(rng.choice(len(parts), min(request.cells, len(parts)), replace=False))
    return parts[rows], positions[rows], {name: value[rows] for name, value in cells.items()}
