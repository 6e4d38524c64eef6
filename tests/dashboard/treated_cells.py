"""A small dataset with types, one of them rare, and two conditions."""

from __future__ import annotations

import anndata as ad
import numpy as np
import pandas as pd

from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.roles import Roles
from scdyn_core.data.store import DatasetStore
from scdyn_core.workspace import Workspace

#: Type -> its cells in either condition.
CELLS = {"T cells": 40, "B cells": 24, "Dendritic": 2}
ROLES = Roles(
    cell_type="kind", condition="stimulus", control_condition="ctrl", counts="counts"
)  # fmt: skip


def add_treated(
    workspace: Workspace,
    *,
    roles: Roles = ROLES,
    prefix: str = "",
    name: str = "blood",
    embedding: bool = True,
) -> DatasetRecord:
    """Add the dataset; names of types and genes begin with ``prefix``."""
    rng = np.random.default_rng(0)
    kinds = [kind for kind, n in CELLS.items() for _ in range(2 * n)]
    stimuli = [stimulus for n in CELLS.values() for stimulus in ("ctrl", "stim") for _ in range(n)]
    level = np.array([list(CELLS).index(kind) for kind in kinds])
    rates = rng.gamma(2.0, 1.0, (len(CELLS), 20))[level]
    counts = rng.poisson(rates + 2.0 * (np.array(stimuli) == "stim")[:, None]).astype(np.float32)
    frame = pd.DataFrame(
        {"kind": pd.Categorical([prefix + kind for kind in kinds]), "stimulus": stimuli},
        index=[f"c{number}" for number in range(len(kinds))],
    )
    genes = pd.DataFrame(index=[f"{prefix}G{number}" for number in range(20)])
    adata = ad.AnnData(X=counts, obs=frame, var=genes, layers={"counts": counts.copy()})
    if embedding:
        adata.obsm["X_pca"] = rng.normal(0, 1, (len(kinds), 5)) + 3 * level[:, None]
    path = workspace.inbox / "blood.h5ad"
    adata.write_h5ad(path)
    store = DatasetStore(workspace)
    record = store.add(path, name)
    store.set_roles(record.id, roles)
    return store.record(record.id)
