"""Gene sets in the clusters of a finished run, kept with the run."""

from __future__ import annotations

import pandas as pd

from scdyn_core.data.gene_sets import GeneSets
from scdyn_core.evaluation.over_representation import COLUMNS, over_representation
from scdyn_core.methods.method import Table
from scdyn_core.runs.run import Run
from scdyn_core.runs.tables import write_closer_look

TABLE = "over_representation"


def over_represent(run: Run, algorithm: str, k: int, sets: GeneSets) -> pd.DataFrame:
    """Test gene sets in the clusters of one clustering and store the table with the run.

    Returns
    -------
    DataFrame
        As ``over_representation``, with ``algorithm``, ``k`` and ``source``.

    Raises
    ------
    RunError
        When the run has no clusters.
    """
    clusters = run.table("clusters")
    own = clusters[(clusters["algorithm"] == algorithm) & (clusters["k"] == k)]
    found = over_representation(own, sets.sets)
    found.insert(0, "algorithm", algorithm)
    found.insert(1, "k", k)
    found["source"] = sets.name
    meanings = {
        "algorithm": "how the genes were clustered",
        "k": "number of clusters",
        **COLUMNS,
        "source": "where the gene sets come from",
    }
    return write_closer_look(run.path, TABLE, Table(found, meanings))
