"""The table ``network`` of a run as edges: one replicate, or the mean of all."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scdyn_core.networks.edges import checked_edges
from scdyn_core.networks.stored import (
    edges_between_genes,
    replicates_and_evidence,
    stored_edges,
)


@pytest.fixture
def table() -> pd.DataFrame:
    rows = [
        (0, "direct effect", "A", "B", 1.0, 1.0),
        (1, "direct effect", "A", "B", 3.0, 1.0),
        (0, "direct effect", "B", "C", -1.0, 0.5),
        (0, "direct effect", "A", "C", 2.0, 0.5),
        (1, "direct effect", "A", "C", -1.0, 0.5),
        (0, "correlation", "B", "A", 0.4, 1.0),
        (1, "correlation", "B", "A", -0.4, 1.0),
    ]
    frame = pd.DataFrame(
        rows, columns=["replicate", "evidence", "source", "target", "value", "stability"]
    )
    return frame.assign(unit="log change per log change")


@pytest.fixture
def file(table: pd.DataFrame, tmp_path: Path) -> Path:
    path = tmp_path / "source=A" / "network.parquet"
    path.parent.mkdir()
    table.to_parquet(path)
    return path


def by_pair(edges: pd.DataFrame) -> pd.DataFrame:
    keys = [f"{s}>{t}" for s, t in zip(edges["source"], edges["target"], strict=True)]
    return edges.set_axis(keys)


def test_replicates_and_evidence_are_named_in_the_order_of_the_table(file: Path) -> None:
    assert replicates_and_evidence(file) == ([0, 1], ["direct effect", "correlation"])


def test_one_replicate_has_its_own_values(file: Path) -> None:
    edges = by_pair(stored_edges(file, replicate=0, evidence=["direct effect"]))
    assert edges.loc["A>C", ["value", "sign", "weight"]].tolist() == [2.0, 1, 1.0]
    assert edges.loc["B>C", ["value", "sign", "weight"]].tolist() == [1.0, -1, 0.5]
    assert (edges[["source_kind", "target_kind"]] == "gene").all(axis=None)


def test_in_the_mean_an_edge_that_is_not_there_counts_as_nothing(file: Path) -> None:
    edges = by_pair(stored_edges(file, evidence=["direct effect"]))
    assert edges.loc["A>B", "value"] == 2.0
    assert edges.loc["B>C", ["value", "sign", "stability"]].tolist() == [0.5, -1, 0.5]
    assert edges.loc["A>C", ["value", "sign"]].tolist() == [0.5, 1]
    assert edges["weight"].max() == 1.0


def test_edges_that_cancel_are_none(file: Path) -> None:
    assert stored_edges(file, evidence=["correlation"]).empty


def test_weights_are_shares_of_the_largest_of_the_same_evidence(file: Path) -> None:
    edges = stored_edges(file, replicate=1)
    assert edges.groupby("evidence", observed=True)["weight"].max().tolist() == [1.0, 1.0]


@pytest.mark.parametrize("replicate", [None, 0, 1])
def test_a_table_that_was_read_gives_the_same_and_passes_the_check(
    file: Path, table: pd.DataFrame, replicate: int | None
) -> None:
    read = stored_edges(file, replicate=replicate)
    made = edges_between_genes(table, replicate)
    np.testing.assert_array_equal(by_pair(read)["value"], by_pair(made)["value"])
    assert len(checked_edges(read)) == len(read)
