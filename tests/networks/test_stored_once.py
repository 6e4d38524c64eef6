"""Evidence that does not depend on the seed is stored once, and is that of every replicate."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scdyn_core.networks.stored import edges_between_genes, stored_edges

FRAME = pd.DataFrame(
    [
        (0, "direct effect", "A", "B", 1.0),
        (1, "direct effect", "A", "B", 2.0),
        (1, "direct effect", "A", "C", -1.0),
        (0, "correlation", "A", "B", 0.4),
    ],
    columns=["replicate", "evidence", "source", "target", "value"],
).assign(unit="", stability=[1.0, 1.0, 0.5, np.nan])


@pytest.mark.parametrize("replicate", [None, 0, 1])
def test_it_is_there_in_full_strength(tmp_path: Path, replicate: int | None):
    file = tmp_path / "network.parquet"
    FRAME.to_parquet(file)
    edges = stored_edges(file, replicate=replicate)
    once = edges[edges["evidence"] == "correlation"]
    assert once["value"].tolist() == [0.4]
    assert once["stability"].isna().all()
    own = edges[edges["evidence"] == "direct effect"]["value"].tolist()
    assert own == {None: [1.5, 0.5], 0: [1.0], 1: [2.0, 1.0]}[replicate]
    names = ["evidence", "source", "target"]
    told = [each.astype(dict.fromkeys(names, str)).set_index(names)["value"].to_dict()
            for each in (edges, edges_between_genes(FRAME, replicate))]  # fmt: skip
    assert told[0] == told[1]


def test_other_evidence_is_left_out_when_it_is_not_asked_for(tmp_path: Path):
    file = tmp_path / "network.parquet"
    FRAME.to_parquet(file)
    assert set(stored_edges(file, replicate=1, evidence=["direct effect"])["evidence"]) == {
        "direct effect"
    }
