"""The table ``network`` of a run as edges: what was asked for, signs only where they are known."""

from pathlib import Path

import pandas as pd
import pytest

from scdyn_core.networks.edges import checked_edges
from scdyn_core.networks.stored import edges_between_genes, stored_edges, stored_evidence


@pytest.fixture
def table() -> pd.DataFrame:
    rows = [
        ("direct effect", "A", "C", -2.0, 0.5, True),
        ("direct effect", "A", "B", 1.0, 1.0, True),
        ("alignment", "B", "A", 0.4, 1.0, False),
    ]
    names = ["evidence", "source", "target", "value", "stability", "signed"]
    return pd.DataFrame(rows, columns=names).assign(unit="log change per log change")


@pytest.fixture
def file(table: pd.DataFrame, tmp_path: Path) -> Path:
    path = tmp_path / "source=A" / "network.parquet"
    path.parent.mkdir()
    table.to_parquet(path)
    return path


def test_evidence_is_named_in_the_order_of_the_table(file: Path) -> None:
    assert stored_evidence(file) == ["direct effect", "alignment"]


def test_edges_have_size_sign_and_weight(file: Path) -> None:
    edges = stored_edges(file, ["direct effect"])
    assert edges["target"].tolist() == ["C", "B"]
    assert edges["value"].tolist() == [2.0, 1.0]
    assert edges["sign"].tolist() == [-1, 1]
    assert edges["weight"].tolist() == [1.0, 0.5]
    assert edges["stability"].tolist() == [0.5, 1.0]
    assert (edges[["source_kind", "target_kind"]] == "gene").all(axis=None)


def test_evidence_without_a_sign_has_none(file: Path) -> None:
    assert stored_edges(file, ["alignment"])["sign"].tolist() == [0]


def test_weights_are_shares_of_the_largest_of_the_same_evidence(file: Path) -> None:
    edges = stored_edges(file)
    assert edges.groupby("evidence", observed=True)["weight"].max().tolist() == [1.0, 1.0]


def test_a_table_that_was_read_gives_the_same_and_passes_the_check(
    file: Path, table: pd.DataFrame
) -> None:
    texts = dict.fromkeys(["evidence", "source", "target", "unit"], object)
    read, made = (each.astype(texts) for each in (stored_edges(file), edges_between_genes(table)))
    pd.testing.assert_frame_equal(read, made)
    assert len(checked_edges(read)) == len(read)
