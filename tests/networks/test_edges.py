"""The table of edges: what it accepts, and what it refuses in words."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.errors import InputError
from scdyn_core.networks.edges import (
    COLUMNS,
    NEEDED,
    checked_edges,
    comparable,
    node_key,
    of_cell_type,
)
from scdyn_core.networks.selection import strongest
from tests.networks.samples import edge_table, merged


def test_columns_that_are_not_needed_are_filled_in() -> None:
    edges = checked_edges(edge_table([("a", "b", 0.5)])[list(NEEDED)])
    assert list(edges.columns) == list(COLUMNS)
    assert edges["cell_type"].tolist() == [None]


@given(st.text(min_size=1))
def test_any_text_is_a_name(name: str) -> None:
    edges = checked_edges(edge_table([(name, name + "'", 1.0)]))
    assert edges.loc[0, "source"] == name


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("weight", -0.1, "negative"),
        ("weight", np.inf, "not finite"),
        ("sign", 0.5, "another sign"),
        ("stability", 1.5, "stability outside"),
        ("positive", -0.5, "positive outside"),
        ("source", "", "empty name in source"),
        ("target", 3, "empty name in target"),
        ("evidence", "<b>", "evidence that is not words"),
        ("target_kind", "gene:x", "target_kind that is not words"),
    ],
)
def test_what_does_not_fit_is_refused(column: str, value: object, words: str) -> None:
    frame = edge_table([("a", "b", 1.0), ("b", "c", 0.5)]).astype({column: object})
    frame.loc[1, column] = value
    with pytest.raises(InputError, match=words):
        checked_edges(frame)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match="no column weight"):
        checked_edges(edge_table([("a", "b", 1.0)]).drop(columns="weight"))


def test_a_gene_called_like_a_latent_is_another_node() -> None:
    assert node_key("gene", "z1") != node_key("latent", "z1")


def test_weights_are_shares_of_the_strongest_of_their_evidence() -> None:
    edges = edge_table([("a", "b", 0.0), ("a", "c", 0.0), ("b", "c", 0.0)])
    edges["value"] = [2.0, 8.0, 0.3]
    edges["evidence"] = ["SHAP", "SHAP", "knock-out"]
    assert comparable(checked_edges(edges))["weight"].tolist() == [0.25, 1.0, 1.0]


def test_evidence_for_the_same_pair_becomes_one_edge() -> None:
    edges = edge_table([("a", "b", 0.2), ("a", "b", 0.6), ("a", "c", 1.0)])
    edges["evidence"] = ["SHAP", "knock-out", "SHAP"]
    edges["sign"] = [1, -1, -1]
    edges["stability"] = [0.9, 0.4, np.nan]
    one = merged(checked_edges(edges)).set_index("target")
    assert one.loc["b", "weight"] == pytest.approx(0.4)
    assert one.loc["b", "sign"] == 0
    assert one.loc["b", "stability"] == 0.4
    assert one.loc["b", "evidence"] == "SHAP, knock-out"
    assert one.loc["c", "sign"] == -1


def test_edges_of_a_cell_type_are_apart_from_those_of_all_cells() -> None:
    edges = checked_edges(edge_table([("a", "b", 0.2), ("a", "b", 0.6)]))
    edges["cell_type"] = [None, "Beta"]
    assert of_cell_type(edges, None)["weight"].tolist() == [0.2]
    assert of_cell_type(edges, "Beta")["weight"].tolist() == [0.6]


weights = st.floats(0, 1, allow_subnormal=False)


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("abcdefgh"), weights)),
       st.integers(1, 4), weights)  # fmt: skip
def test_every_source_keeps_its_strongest_targets(
    rows: list[tuple[str, str, float]], most: int, minimum: float
) -> None:
    edges = merged(checked_edges(edge_table(rows, target_kind="gene")))
    kept = strongest(edges, most, minimum=minimum)
    assert (kept["weight"] >= minimum).all()
    for source, own in edges[edges["weight"] >= minimum].groupby("source"):
        chosen = kept.loc[kept["source"] == source, "weight"]
        assert set(own["weight"].nlargest(most)) <= set(chosen)
    brought = pd.Index([])
    for _, own in kept.groupby("source"):
        ranked = own.sort_values(["weight", "target"], ascending=[False, True])
        brought = brought.union(ranked["target"].head(most))
    assert set(kept["target"]) == set(brought)


def test_a_gene_of_two_latents_keeps_both_and_edges_between_latents_stay() -> None:
    genes = edge_table([("z1", "A", 1.0), ("z1", "B", 0.5), ("z2", "B", 0.9), ("z2", "C", 0.6),
                        ("z1", "C", 0.1)], target_kind="gene")  # fmt: skip
    latents = edge_table([("z1", "z2", 0.01)], target_kind="latent")
    kept = strongest(merged(checked_edges(pd.concat([genes, latents]))), 1)
    pairs = set(zip(kept["source"], kept["target"], strict=True))
    assert pairs == {("z1", "A"), ("z2", "B"), ("z1", "z2")}
    kept = strongest(merged(checked_edges(pd.concat([genes, latents]))), 2)
    assert ("z1", "B") in set(zip(kept["source"], kept["target"], strict=True))
    assert ("z1", "C") not in set(zip(kept["source"], kept["target"], strict=True))
