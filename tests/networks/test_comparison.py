"""Two networks side by side: counted by hand, and against other implementations."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from scdyn_core.networks.comparison import (
    BOTH,
    FIRST,
    SECOND,
    agreement,
    edges_in,
    overlap_curve,
    rank_correlation,
)
from scdyn_core.networks.edges import checked_edges
from scdyn_core.networks.gene_network import (
    GeneNetwork,
    gene_networks,
    in_names_of,
    paired,
    reference_network,
    true_network,
)
from tests.networks.samples import edge_table

GENES = frozenset("ABCDE")


def network(
    *rows: tuple[str, str, int, float], sources: frozenset[str] = GENES,
    targets: frozenset[str] = GENES,
) -> GeneNetwork:  # fmt: skip
    edges = pd.DataFrame(rows, columns=["source", "target", "sign", "strength"])
    return GeneNetwork("n", edges, sources, targets)


ONE = network(("A", "B", 1, 3.0), ("A", "C", -1, 2.0), ("B", "C", 1, 1.0))
OTHER = network(("A", "C", 1, 9.0), ("A", "B", 1, 8.0), ("C", "D", -1, 7.0), ("D", "A", 1, 1.0))


def test_shared_edges_are_counted_between_genes_that_both_know():
    told = agreement(paired(ONE, OTHER))
    assert (told.pairs, told.first, told.second, told.both) == (20, 3, 4, 2)
    assert told.signs == 2
    assert told.sign_agreement == 0.5
    strengths = np.zeros((2, 20))
    strengths[0, :3], strengths[1, [1, 0, 3, 4]] = (3, 2, 1), (9, 8, 7, 1)
    assert told.rank_correlation == pytest.approx(spearmanr(*strengths).statistic)


def test_genes_that_one_does_not_know_count_for_neither():
    narrow = network(("A", "C", 1, 1.0), sources=frozenset("AB"), targets=frozenset("CD"))
    told = agreement(paired(ONE, narrow))
    assert (told.pairs, told.first, told.second, told.both) == (4, 2, 1, 1)


def test_overlap_stands_beside_chance():
    big = frozenset(f"g{number}" for number in range(11))
    rows = [(f"g{at}", f"g{at + 1}", 1, 100.0 - at) for at in range(10)]
    turned = [(source, target, -sign, strength) for source, target, sign, strength in rows[:5]]
    other = [*turned, *(("g10", f"g{at}", 1, 50.0 - at) for at in range(5))]
    curve = overlap_curve(
        paired(
            network(*rows, ("g0", "g9", -1, 0.1), sources=big, targets=big),
            network(*other, sources=big, targets=big),
        )
    )
    assert curve["k"].tolist() == [5, 10]
    assert curve["shared"].tolist() == [5, 5]
    assert curve["expected"].tolist() == [25 / 110, 100 / 110]
    assert curve["jaccard"].tolist() == [1, 5 / 15]
    assert curve["chance"][0] == pytest.approx((25 / 110) / (10 - 25 / 110))
    assert curve["same_sign"].tolist() == [0, 0]


def test_equally_strong_edges_are_compared_as_a_whole():
    flat = network(("A", "B", 1, 1.0), ("A", "D", -1, 1.0))
    curve = overlap_curve(paired(ONE, flat))
    assert curve["k"].tolist() == [2]
    assert curve["shared"].tolist() == [1]
    assert np.isnan(agreement(paired(flat, network())).rank_correlation)


def test_edges_say_who_has_them():
    table = edges_in(paired(ONE, OTHER), 2)
    told = {(row.source, row.target): row.among for row in table.itertuples()}
    assert told == {("A", "B"): BOTH, ("A", "C"): BOTH}
    told = edges_in(paired(ONE, OTHER), 3).set_index(["source", "target"])["among"]
    assert told["B", "C"] == FIRST
    assert told["C", "D"] == SECOND


def test_networks_without_an_edge_share_nothing():
    told = agreement(paired(network(), ONE))
    assert told.both == 0
    assert np.isnan(told.sign_agreement)
    assert overlap_curve(paired(network(), ONE)).empty
    assert edges_in(paired(network(), network()), 5).empty


VALUES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=20)


@given(VALUES, st.integers(0, 30))
def test_the_rank_correlation_is_spearmans_without_listing_zeros(values, without):
    a, b = np.array(values, dtype=np.float64).T
    whole = [np.r_[each, np.zeros(without)] for each in (a, b)]
    found = rank_correlation(a, b, without)
    if any(len(set(each)) == 1 for each in whole):
        assert np.isnan(found)
    else:
        assert found == pytest.approx(spearmanr(*whole).statistic)


def test_a_run_knows_which_edges_there_could_have_been():
    edges = edge_table([("A", "B", 1.0), ("A", "A", 1.0), ("X", "B", 1.0)], kind="gene",
                       target_kind="gene")  # fmt: skip
    genes = pd.DataFrame({"gene": ["A", "B", "C"], "node": [True, False, True],
                          "measured": [True, True, False]})  # fmt: skip
    found = gene_networks(checked_edges(edges), genes)["equation"]
    assert found.sources == {"A", "C"}
    assert found.targets == {"A", "B"}
    assert found.edges[["source", "target"]].to_numpy().tolist() == [["A", "B"]]


def test_texts_may_be_categories_and_latents_are_no_genes():
    edges = checked_edges(
        pd.concat([edge_table([("A", "B", 1.0)], kind="gene", target_kind="gene"),
                   edge_table([("z1", "z2", 1.0)])])
    )  # fmt: skip
    edges[["source", "target"]] = edges[["source", "target"]].astype("category")
    found = gene_networks(edges, None)
    assert len(found["equation"].edges) == 1
    assert gene_networks(checked_edges(edge_table([("z1", "z2", 1.0)])), None) == {}


def test_a_truth_knows_all_genes_of_the_run():
    truth = pd.DataFrame({"source": ["A", "A"], "target": ["B", "B"], "sign": [1, -1],
                          "effect": [0.5, -2.0], "kind": ["direct", "total"]})  # fmt: skip
    genes = pd.DataFrame({"gene": ["A", "B", "C"], "node": True, "measured": True})
    found = true_network(truth, genes, "total", "truth, total")
    assert found.sources == set("ABC")
    assert found.edges["strength"].tolist() == [2.0]


def test_names_are_matched_whatever_their_case_where_that_is_clear():
    frame = pd.DataFrame({"source": ["STAT1", "STAT1", "AB"], "target": ["IRF1", "irf1", "X"],
                          "sign": 1, "weight": [1.0, 5.0, 1.0]})  # fmt: skip
    known = in_names_of(reference_network(frame, "x"), ["Stat1", "Irf1", "ab", "Ab"])
    assert known.edges[["source", "target", "strength"]].to_numpy().tolist() == [
        ["Stat1", "Irf1", 5.0],
        ["AB", "X", 1.0],
    ]
    assert known.sources == {"Stat1", "AB"}
