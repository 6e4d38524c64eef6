"""How well networks that decode counts describe every cell of a screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from torch import Tensor

from scdyn_core.methods.cell_blocks import read_in_blocks
from scdyn_core.methods.cell_tables import by_replicate
from scdyn_core.methods.method import Table, Tensors
from scdyn_core.methods.perturbations.reading import cells_of
from scdyn_core.methods.perturbations.stored_cells import in_order
from scdyn_core.nn.negative_binomial import log_likelihood

Cells = dict[str, Tensor]
#: Log share of every gene in the counts of some cells, at their mean latents, shape ``(n, G)``.
LogRates = Callable[[Cells], Tensor]
MEANINGS = {
    "reconstruction_error": "reconstruction error: minus the log likelihood of the counts of the "
    "cell at its mean latents, nats per cell (all genes used together)"
}


def cell_fit_table(
    decoded: Sequence[tuple[LogRates, Tensor]], tensors: Tensors, cells: pd.DataFrame
) -> Table:
    """Return the table ``cell_fit``, one row a cell and replicate.

    Parameters
    ----------
    decoded
        Of every replicate: log shares, and the log of the inverse dispersion of every gene.
    cells
        The table of cells, in the order of the dataset.
    """
    found = []
    for rates, log_dispersion in decoded:

        def error(
            own: Cells, rates: LogRates = rates, log_dispersion: Tensor = log_dispersion
        ) -> Tensor:
            log_mean = own["library"].unsqueeze(-1) + rates(own)
            likelihood = log_likelihood(own["counts"], log_mean, log_dispersion).sum(-1)
            return own["log_factorials"] - likelihood

        found.append({"reconstruction_error": _in_order(error, tensors)})
    return by_replicate(cells, found, MEANINGS)


def _in_order(said: Callable[[Cells], Tensor], tensors: Tensors) -> NDArray[np.float64]:
    """Return what is said of every cell that takes part, in the order of the dataset."""
    by_part = [read_in_blocks(said, cells_of(tensors, part)) for part in tensors.parts]
    return np.asarray(np.concatenate(by_part)[in_order(tensors)])
