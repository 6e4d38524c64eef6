"""Hand-made screens: labels as given, counts at random."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from anndata import AnnData
from scipy.sparse import csr_matrix

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles


def labelled_cells(
    cells: Mapping[str, int],
    *,
    control: str | None = "NT",
    groups: Mapping[str, object] | None = None,
    genes: int = 12,
    **roles: str,
) -> Dataset:
    """Return so many cells of every label, in random order, with further columns of obs."""
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.repeat(np.array(list(cells), dtype=object), list(cells.values())))
    obs = pd.DataFrame(
        {"label": labels, **(groups or {})}, index=[f"c{row}" for row in range(len(labels))]
    )
    counts = csr_matrix(rng.poisson(5.0, (len(labels), genes)))
    adata = AnnData(counts, obs=obs, var=pd.DataFrame(index=[f"G{row}" for row in range(genes)]))
    return Dataset(
        adata,
        Roles(perturbation="label", control_perturbation=control, counts="X", **roles),
        "screen",
        "0" * 16,
    )
