"""Treated cells of several donors, laid out for the page Latent space."""

from __future__ import annotations

import anndata
import numpy as np
import pandas as pd

from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.roles import Roles
from scdyn_core.data.store import DatasetStore
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.atlases import lay_out_dataset
from scdyn_core.workspace import Workspace
from tests.evaluation.expression.cells import donors

#: A name that Markdown, HTML and LaTeX would all make something of.
HOSTILE = "**T** <b>$x$</b>"


def add_donor_cells(workspace: Workspace, *, counts: bool = True) -> DatasetRecord:
    """Add 240 cells of eight donors, four of them treated; three genes rise."""
    cells, donor, treated = donors(0, n_genes=30, n_donors=8, changed=3)
    obs = pd.DataFrame(
        {
            "donor": donor.to_numpy(),
            "treatment": np.where(treated, "drug", "none"),
            "lane": np.where(treated, "one", "two"),
            "kind": np.where(np.arange(len(donor)) % 3 == 0, HOSTILE, "other"),
        },
        index=[f"c{number}" for number in range(len(donor))],
    )
    path = workspace.inbox / "donors.h5ad"
    matrix = cells.raw if counts else cells.matrix
    anndata.AnnData(matrix, obs=obs, var=pd.DataFrame(index=list(cells.genes))).write_h5ad(path)
    store = DatasetStore(workspace)
    record = store.add(path, "donors")
    roles = Roles(
        condition="treatment", control_condition="none", sample="donor", cell_type="kind",
        counts="X" if counts else None,
    )  # fmt: skip
    record = store.set_roles(record.id, roles)
    lay_out_dataset(workspace, record, SilentReporter())
    return record
