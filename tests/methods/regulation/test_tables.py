"""Tables of networks: no self edges, the strongest first, stability over replicates."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData, read_h5ad

from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.suite import score_networks
from scdyn_core.methods.regulation.edges import network_edges
from scdyn_core.methods.regulation.planted import PlantedNetwork
from scdyn_core.methods.regulation.tables import (
    GENES,
    NETWORK,
    REFERENCE,
    genes_table,
    network_table,
    reference_table,
    scores_table,
)
from scdyn_core.networks.edges import COLUMNS

NAMES = ("a", "b", "c")


def estimate(value, signed=True):
    return NetworkEstimate(("a", "b"), NAMES, np.array(value, dtype=float), "r", signed)


FIRST = [[9.0, 1.0, -2.0], [0.0, 9.0, 3.0]]
SECOND = [[9.0, 1.5, 2.0], [0.5, 9.0, 0.0]]


def test_one_network_for_each_evidence_the_strongest_edges_first():
    first, second = estimate(FIRST), estimate(SECOND)
    table = network_table({"direct effect": first}, {"direct effect": [first, second]})
    assert list(table.frame) == list(NETWORK) == list(table.columns)
    rows = list(table.frame[["source", "target", "value"]].itertuples(index=False, name=None))
    assert rows == [("b", "c", 3.0), ("a", "c", -2.0), ("a", "b", 1.0)]
    assert list(table.frame["stability"]) == [0.5, 0.5, 1.0]
    assert set(table.frame["unit"]) == {"r"}


def test_the_chosen_network_need_not_be_one_of_the_replicates():
    chosen = {"direct effect": estimate([[9.0, -1.0, 2.0], [0.0, 9.0, 0.0]])}
    table = network_table(chosen, {"direct effect": [estimate(FIRST), estimate(SECOND)]}).frame
    stability = table.set_index(["source", "target"])["stability"].to_dict()
    assert stability == {("a", "b"): 0.0, ("a", "c"): 0.5}


@pytest.mark.parametrize("replicates", [{}, {"correlation": [estimate(FIRST)]}])
def test_without_several_replicates_there_is_no_stability(replicates):
    table = network_table({"correlation": estimate(FIRST)}, replicates).frame
    assert len(table) == 3
    assert table["stability"].isna().all()


def test_only_the_strongest_edges_are_stored_and_count_for_stability():
    both = [estimate(FIRST), estimate(SECOND)]
    table = network_table({"correlation": both[1]}, {"correlation": both}, most=2).frame
    kept = table.set_index(["source", "target"])["stability"].to_dict()
    assert kept == {("a", "c"): 0.5, ("a", "b"): 0.5}


def test_of_edges_that_tie_at_the_end_the_first_are_stored():
    table = network_table({"correlation": estimate(np.ones((2, 3)))}, {}, most=3).frame
    assert list(zip(table["source"], table["target"], strict=True)) == [
        ("a", "b"), ("a", "c"), ("b", "a"),
    ]  # fmt: skip


def test_a_network_without_edges_is_an_empty_table():
    table = network_table({"direct effect": estimate(np.zeros((2, 3)))}, {})
    assert table.frame.empty
    assert list(table.frame) == list(NETWORK)
    assert table.frame["value"].dtype == np.float64
    assert network_edges({"network": table.frame}.get) is None


def test_edges_follow_the_contract_of_all_methods():
    found = {
        "direct effect": estimate(FIRST),
        "alignment": estimate(np.abs(FIRST), signed=False),
    }
    edges = network_edges({"network": network_table(found, {}).frame}.get)
    assert list(edges) == list(COLUMNS)
    own = edges[edges["evidence"] == "direct effect"].set_index(["source", "target"])
    assert own.loc[("a", "c"), "sign"] == -1
    assert own.loc[("a", "c"), "value"] == 2
    assert own.loc[("a", "c"), "weight"] == pytest.approx(2 / 3)
    # Probabilities say that there is an edge, not which way it acts.
    assert set(edges.loc[edges["evidence"] == "alignment", "sign"]) == {0}
    assert edges.groupby("evidence", observed=True)["weight"].max().eq(1).all()


def test_a_run_without_a_network_has_no_edges():
    assert network_edges(lambda _: None) is None


def test_genes_that_are_nodes_and_not_measured_come_last():
    table = genes_table(NAMES, np.array([0.5, 1.0, 1.5]), ("b", "far"), {"b": -1.5, "far": -1.0},
                        {"b": True, "far": False})  # fmt: skip
    frame = table.frame
    assert list(frame) == list(GENES)
    assert list(frame["gene"]) == ["a", "b", "c", "far"]
    assert list(frame["node"]) == [False, True, False, True]
    assert list(frame["measured"]) == [True, True, True, False]
    np.testing.assert_array_equal(frame["dose"], [np.nan, -1.5, np.nan, -1.0])
    assert list(frame["dose_known"]) == [False, True, False, False]
    assert np.isnan(frame["control"].iloc[3])


def generated(**changes):
    stored = {
        "nodes": np.array(["a", "far"], dtype=object),
        "genes": np.array(NAMES, dtype=object),
        "direct": np.array([[0.0, 0.8, 0.0], [0.0, 0.0, -0.5]]),
        "total": np.array([[1.0, 0.8, 0.01], [0.0, 0.0, -0.5]]),
        "dose": np.array([-1.5, -1.2]),
    }
    adata = AnnData(np.zeros((2, 3)), var=pd.DataFrame(index=list(NAMES)))
    adata.uns["regulation"] = {**stored, **changes}
    return adata


def test_the_truth_of_generated_data_survives_the_file(tmp_path):
    generated().write_h5ad(tmp_path / "made.h5ad")
    for adata in (generated(), read_h5ad(tmp_path / "made.h5ad")):
        table = reference_table(adata)
        assert list(table.frame) == list(REFERENCE)
        assert list(table.frame.itertuples(index=False, name=None)) == [
            ("a", "b", 1, 0.8, "direct"), ("far", "c", -1, -0.5, "direct"),
            # No edge to itself, and none where next to nothing arrives.
            ("a", "b", 1, 0.8, "total"), ("far", "c", -1, -0.5, "total"),
        ]  # fmt: skip


def test_the_truth_among_some_genes():
    references = PlantedNetwork.of(generated()).references(["far", "new", "a"], ["c", "b", "x"])
    direct = references["truth, direct"]
    assert (direct.sources, direct.targets) == (("far", "a"), ("c", "b"))
    np.testing.assert_array_equal(direct.sign, [[-1, 0], [0, 1]])
    scored = score_networks({"this run": estimate([[0, 1, 0], [0, 0, 0]])}, references)
    assert list(scores_table(scored).frame["reference"].unique()) == list(references)


@pytest.mark.parametrize(
    "changes",
    [
        {"nodes": np.array(["a", "a"], dtype=object)},
        {"nodes": np.array(["a", 3], dtype=object)},
        {"nodes": np.array([["a"], ["b"]], dtype=object)},
        {"nodes": "a"},
        {"genes": np.array([], dtype=object)},
        {"direct": np.zeros((3, 3))},
        {"direct": np.array([["x"] * 3] * 2, dtype=object)},
        {"direct": np.full((2, 3), np.nan)},
        {"total": {"a": 1}},
        {"total": np.zeros((2, 3), dtype=complex)},
    ],
)
def test_a_truth_that_somebody_damaged_is_none(changes):
    assert reference_table(generated(**changes)) is None


def test_other_data_have_no_truth():
    adata = generated()
    adata.uns["regulation"] = np.zeros(3)
    assert reference_table(adata) is None
    del adata.uns["regulation"]
    assert reference_table(adata) is None


def test_names_are_any_text():
    names = ("<script>", "=1+1", "a\nb")
    value = NetworkEstimate(names, names, np.arange(1.0, 10.0).reshape(3, 3), "r")
    edges = network_edges({"network": network_table({"correlation": value}, {}).frame}.get)
    assert set(edges["source"]) == set(names)


def test_200_000_edges_take_less_than_a_second():
    names = tuple(f"g{number}" for number in range(700))
    value = np.random.default_rng(0).normal(size=(700, 700))
    start = time.process_time()
    frame = network_table({"correlation": NetworkEstimate(names, names, value, "r")}, {}).frame
    made = time.process_time()
    edges = network_edges({"network": frame}.get)
    read = time.process_time()
    assert len(edges) == 200_000
    assert made - start < 1
    assert read - made < 1
