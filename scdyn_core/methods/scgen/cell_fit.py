"""How well every cell is described."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import torch
from torch import Tensor

from scdyn_core.methods.cell_blocks import read_in_blocks
from scdyn_core.methods.cell_tables import by_replicate
from scdyn_core.methods.method import Table
from scdyn_core.methods.scgen.cells import RunCells
from scdyn_core.methods.scgen.network import ScgenNetwork

MEANINGS = {
    "reconstruction_error": "reconstruction error: mean squared error of a gene of the cell at its "
    "mean latents, squared natural log units"
}


def cell_fit_table(networks: Sequence[ScgenNetwork], cells: RunCells, frame: pd.DataFrame) -> Table:
    """Return the table ``cell_fit``, one row a cell and replicate.

    Parameters
    ----------
    frame
        The table of cells, in the order of ``cells``.
    """
    read = {"x": torch.as_tensor(cells.values, dtype=torch.float32)}
    found = []
    for network in networks:

        def error(own: dict[str, Tensor], network: ScgenNetwork = network) -> Tensor:
            said = network.decode(network.latent(own))
            return (own["x"] - said).square().mean(-1)

        found.append({"reconstruction_error": read_in_blocks(error, read)})
    return by_replicate(frame, found, MEANINGS)
