"""One table of scores: the same pairs for every estimate, random beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.network.correlation import correlation
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.held_out import HeldOutEffects, held_out_effects
from scdyn_core.evaluation.network.mean_shift import mean_shift
from scdyn_core.evaluation.network.random_network import random_network
from scdyn_core.evaluation.network.reference import Reference
from scdyn_core.evaluation.network.suite import COLUMNS, score_networks
from tests.evaluation.network.planted import EDGES, GENES, NODES, TARGETS, direct, screen, total


def truth():
    return {
        "truth, direct": Reference.of_effects(NODES, GENES, direct()[:6]),
        "truth, total": Reference.of_effects(NODES, GENES, total()[:6], 0.05),
    }


def score(table, reference, model, metric):
    own = table[(table["reference"] == reference) & (table["model"] == model)]
    return float(own.loc[own["metric"] == metric, "value"].iloc[0])


def test_every_metric_of_every_estimate_once():
    found = screen()
    estimates = {
        "mean shift": mean_shift(found, TARGETS),
        "correlation": correlation(found.values, GENES),
    }
    table = score_networks(estimates, truth(), held_out_effects(screen(seed=1), TARGETS))
    assert tuple(table) == COLUMNS
    assert not table.duplicated(["reference", "model", "metric"]).any()
    assert table["value"].notna().all()
    assert set(table["model"]) == {"mean shift", "correlation", "random"}
    metrics = {"AUPRC", "AUPRC ratio", "EPR", "signed EPR"}
    for name in truth():
        own = table[table["reference"] == name]
        assert all(set(rows["metric"]) == metrics for _, rows in own.groupby("model"))
    assert score(table, "truth, total", "mean shift", "AUPRC") > 0.95
    assert score(table, "truth, total", "random", "EPR") == 1


def test_a_perfect_network_has_the_best_scores_there_are():
    perfect = NetworkEstimate(NODES, GENES, direct()[:6], "test")
    table = score_networks({"it": perfect}, truth())
    pairs = len(NODES) * (len(GENES) - 1)
    assert score(table, "truth, direct", "it", "AUPRC") == 1
    for metric in ("AUPRC ratio", "EPR", "signed EPR"):
        assert score(table, "truth, direct", "it", metric) == pytest.approx(pairs / len(EDGES))


def test_random_rows_are_what_random_networks_get():
    drawn = {f"r{seed}": random_network(NODES, GENES, seed=seed) for seed in range(2000)}
    effects = held_out_effects(screen(), TARGETS)
    table = score_networks(drawn, truth(), effects)
    means = table[table["model"] != "random"].groupby(["reference", "metric"])["value"].mean()
    for (reference, metric), mean in means.items():
        if metric != "false omission rate":
            expected = score(table, reference, "random", metric)
            assert mean == pytest.approx(expected, rel=0.08), (reference, metric)


@given(st.permutations(range(len(GENES))), st.permutations(range(len(NODES))))
def test_the_order_of_names_does_not_matter(columns, rows):
    known = mean_shift(screen(cells_each=5, controls=20), TARGETS)
    turned = NetworkEstimate(
        tuple(NODES[row] for row in rows),
        tuple(GENES[column] for column in columns),
        known.value[np.ix_(rows, columns)],
        "test",
    )
    table = score_networks({"it": known}, truth())
    pd.testing.assert_frame_equal(table, score_networks({"it": turned}, truth()))


def test_networks_without_signs_have_no_signed_score():
    plain = NetworkEstimate(NODES, GENES, np.abs(direct()[:6]), "test", signed=False)
    table = score_networks({"it": plain}, truth())
    assert "signed EPR" not in set(table.loc[table["model"] == "it", "metric"])
    assert score(table, "truth, direct", "it", "AUPRC") == 1


def test_sparse_networks_are_compared_at_the_same_number_of_edges():
    sources, targets = [f"s{i}" for i in range(20)], [f"t{i}" for i in range(40)]
    rng = np.random.default_rng(0)
    dense = random_network(sources, targets, seed=0)
    few = NetworkEstimate(
        dense.sources, dense.targets, np.where(np.abs(dense.value) > 0.7, dense.value, 0), "test"
    )
    effects = HeldOutEffects(
        dense.sources, dense.targets, rng.random((20, 40)), rng.random((20, 40))
    )
    table = score_networks({"dense": dense, "few": few}, {}, effects)
    at = table.set_index(["model", "metric"])
    assert at.loc[("few", "mean Wasserstein"), "edges"] == np.count_nonzero(few.value)
    assert ("few", "mean Wasserstein, top 500") not in at.index
    top = "mean Wasserstein, top 100"
    assert at.loc[("few", top), "value"] == pytest.approx(at.loc[("dense", top), "value"])
    # All 800 pairs are edges of the dense one: it omits none, and no rate can be said.
    assert ("dense", "false omission rate") not in at.index


def test_a_reference_speaks_of_its_own_genes_only():
    edges = pd.DataFrame(
        {
            "source": ["g00", "g00", "g03", "g03", "far", "g09", "g04"],
            "target": ["g01", "g06", "g08", "far", "g07", "g09", "g10"],
            "sign": [1, -1, 1, 1, 1, 1, 0],
        }
    )
    reference = Reference.of_edges(edges, NODES, GENES)
    assert reference.sources == ("g00", "g03", "g04")
    # g05 and g02 occur in none of its edges.
    assert "g05" not in reference.targets
    assert "g02" not in reference.targets
    assert int(reference.edge.sum()) == 4
    assert reference.sign[0, reference.targets.index("g06")] == -1
    assert Reference.of_edges(edges, ("other",), GENES) is None


def test_an_edge_given_with_both_signs_has_none_and_counts_without_it():
    edges = pd.DataFrame(
        {"source": ["g00", "g00", "g00"], "target": ["g01", "g01", "g02"], "sign": [1, -1, 1]}
    )
    reference = Reference.of_edges(edges, NODES, GENES)
    assert reference.targets == ("g00", "g01", "g02")
    np.testing.assert_array_equal(reference.edge, [[False, True, True]])
    np.testing.assert_array_equal(reference.sign, [[0, 0, 1]])
    value = NetworkEstimate(("g00",), ("g01", "g02"), np.array([[2.0, -1.0]]), "test")
    table = score_networks({"it": value}, {"prior": reference})
    assert score(table, "prior", "it", "AUPRC") == 1
    assert score(table, "prior", "it", "signed EPR") == 0


def test_references_without_edges_are_left_out():
    empty = Reference.of_effects(NODES, GENES, np.zeros((6, 12)))
    own = Reference.of_effects(NODES, GENES, np.eye(6, 12))
    estimate = random_network(NODES, GENES, seed=0)
    assert score_networks({"it": estimate}, {"none": empty, "self": own}).empty


def test_a_reference_that_does_not_fit_is_refused():
    with pytest.raises(ConfigError, match="reference network"):
        Reference(("a", "a"), ("b",), np.zeros((2, 1), bool), np.zeros((2, 1), np.int8))
