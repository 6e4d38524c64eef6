"""Gene sets in the clusters of a run are kept with the run."""

import pandas as pd

from scdyn_core.data.gene_sets import read_gmt
from scdyn_core.runs.over_representation import TABLE, over_represent
from scdyn_core.workspace import Workspace
from tests.plots.synthetic_run import write_run

CLUSTERS = pd.DataFrame({
    "algorithm": "mixture", "k": [2] * 20 + [3] * 20, "gene": [f"G{n}" for n in range(20)] * 2,
    "cluster": [1] * 10 + [2] * 10 + [1] * 5 + [2] * 5 + [3] * 10, "membership": 1.0,
})  # fmt: skip


def test_one_clustering_is_tested_and_stored_with_what_its_columns_mean(
    workspace: Workspace,
) -> None:
    run = write_run(workspace.runs, method="response_mixture", frames={"clusters": CLUSTERS})
    genes = "\t".join(f"g{n}" for n in range(5))
    sets = read_gmt(f"FIVE\td\t{genes}\n".encode(), "mine")
    found = over_represent(run, "mixture", 3, sets)
    stored = run.table(TABLE)
    pd.testing.assert_frame_equal(stored, found)
    assert set(stored["k"]) == {3}
    assert set(stored["source"]) == {"mine"}
    assert set(stored.columns) == set(stored.attrs["columns"])
    first = stored.iloc[0]
    assert (first["cluster"], first["overlap"], first["cluster_genes"]) == (1, 5, 5)
    over_represent(run, "mixture", 2, sets)
    assert set(run.table(TABLE)["k"]) == {2}
