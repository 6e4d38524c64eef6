"""Networks of a run against known edges, counted by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score

from scdyn_core.errors import ConfigError
from scdyn_core.methods.regulation.against_reference import against_reference, score_table
from scdyn_core.networks.gene_network import GeneNetwork

SOURCES, TARGETS = frozenset("AB"), frozenset("ABCD")


def network(
    *rows: tuple[str, str, int, float], sources: frozenset[str] = SOURCES,
    targets: frozenset[str] = TARGETS,
) -> GeneNetwork:  # fmt: skip
    edges = pd.DataFrame(rows, columns=["source", "target", "sign", "strength"])
    return GeneNetwork("own", edges, sources, targets)


KNOWN = network(("A", "B", 1, 1.0), ("A", "C", -1, 1.0), ("B", "D", 1, 1.0))
#: Second right edge, then one that is not known, then one with the other sign; B → D is missing.
OWN = network(("A", "B", 1, 9.0), ("B", "C", 1, 8.0), ("A", "C", 1, 7.0), ("A", "D", -1, 1.0))


def metric(scored, model: str, name: str) -> float:
    rows = scored.scores
    return float(rows[(rows["model"] == model) & (rows["metric"] == name)]["value"].iloc[0])


def test_scores_are_those_counted_by_hand():
    scored = against_reference({"own": OWN}, KNOWN)
    assert (scored.pairs, scored.edges) == (6, 3)
    assert scored.by_chance == 1.5
    assert scored.found["own"] == 2
    strength = [9, 7, 1, 0, 8, 0]  # A to B, C, D; B to A, C, D
    true = [1, 1, 0, 0, 0, 1]
    expected = average_precision_score(true, strength)
    assert metric(scored, "own", "AUPRC") == pytest.approx(expected)
    assert metric(scored, "own", "AUPRC ratio") == pytest.approx(expected / 0.5)
    assert metric(scored, "own", "EPR") == pytest.approx((2 / 3) / 0.5)
    assert metric(scored, "own", "signed EPR") == pytest.approx((1 / 3) / 0.5)
    assert metric(scored, "random", "EPR") == 1


def test_the_head_says_which_edges_are_known():
    head = against_reference({"own": OWN}, KNOWN).head
    assert head["rank"].tolist() == [1, 2, 3, 4]
    assert head["known"].tolist() == [True, False, True, False]
    assert head["value"].tolist() == [9, 8, 7, -1]
    assert head["sign"].tolist() == [1, 0, -1, 0]


def test_the_curve_ends_where_every_edge_is_found():
    curve = against_reference({"own": OWN}, KNOWN).curves
    assert curve["recall"].iloc[0] == pytest.approx(1 / 3)
    assert curve["precision"].iloc[0] == 1
    assert curve["recall"].iloc[-1] == 1
    assert curve["precision"].iloc[-1] == pytest.approx(0.5)


def test_only_genes_that_both_know_are_scored():
    known = network(("A", "C", 1, 1.0), ("Z", "C", 1, 1.0), sources=frozenset("AZ"),
                    targets=frozenset("ABC"))  # fmt: skip
    scored = against_reference({"own": OWN}, known)
    assert scored.sources == ("A",)
    assert scored.targets == ("A", "B", "C")
    assert (scored.pairs, scored.edges) == (2, 1)


def test_networks_of_one_run_are_scored_on_the_same_pairs():
    other = network(("B", "D", 1, 2.0), sources=frozenset("B"))
    scored = against_reference({"own": OWN, "other": other}, KNOWN)
    assert scored.pairs == 6
    # One right edge, then three of the five pairs that tie.
    assert scored.found["other"] == pytest.approx(1 + 2 * 2 / 5)


def test_a_network_without_signs_has_no_signed_score():
    unsigned = network(("A", "B", 0, 1.0), ("A", "C", 0, 0.5))
    table = score_table(against_reference({"trees": unsigned, "own": OWN}, KNOWN).scores)
    assert table["model"].tolist()[-1] == "random"
    assert np.isnan(table.set_index("model").loc["trees", "signed EPR"])


def test_names_of_another_case_are_the_same_genes():
    lower = network(("a", "b", 1, 1.0), sources=frozenset("a"), targets=frozenset("ab"))
    assert against_reference({"own": OWN}, lower).edges == 1


def test_nothing_in_common_is_said():
    strange = network(("X", "Y", 1, 1.0), sources=frozenset("X"), targets=frozenset("Y"))
    with pytest.raises(ConfigError, match="no edge between genes of this run"):
        against_reference({"own": OWN}, strange)
    with pytest.raises(ConfigError, match="without a network"):
        against_reference({}, KNOWN)
