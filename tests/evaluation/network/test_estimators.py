"""Estimators find a small known network, know its signs, and do not care for the order."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.network.blocks import Standardised
from scdyn_core.evaluation.network.correlation import correlation
from scdyn_core.evaluation.network.mean_shift import mean_shift, welch
from scdyn_core.evaluation.network.partial_correlation import (
    partial_correlation,
    shrunken_correlation,
)
from scdyn_core.evaluation.network.random_network import random_network
from scdyn_core.evaluation.network.recovery import (
    average_precision,
    expected_average_precision,
    signed_early_precision,
)
from scdyn_core.evaluation.network.regression_trees import TreeSettings, regression_trees
from scdyn_core.evaluation.screen.screen import Screen
from scdyn_core.reporter import SilentReporter
from tests.evaluation.network.planted import GENES, NODES, TARGETS, cells, direct, screen, total

QUICK = TreeSettings(trees=40)


def recovered(estimate, effect):
    """Return average precision over the nodes' edges, and the same for their signs."""
    truth = effect[: len(NODES)]
    value = estimate.of(NODES, GENES)
    scored = ~np.eye(len(NODES), len(GENES), dtype=bool)
    sign = np.sign(np.where(np.abs(truth) > 0.05, truth, 0.0)).astype(np.int8)[scored]
    return (
        average_precision(np.abs(value[scored]), sign != 0),
        signed_early_precision(value[scored], sign),
    )


def by_chance(effect):
    truth = effect[: len(NODES)]
    edges = int((np.abs(truth) > 0.05).sum())
    return expected_average_precision(len(NODES) * (len(GENES) - 1), edges)


@pytest.mark.parametrize(
    "estimator",
    [
        correlation,
        partial_correlation,
        lambda values, genes: regression_trees(values, genes, settings=QUICK),
        lambda values, genes: regression_trees(
            values, genes, settings=TreeSettings("random forest", trees=40)
        ),
        lambda values, genes: regression_trees(
            values, genes, settings=TreeSettings("boosting", trees=100)
        ),
    ],
    ids=["correlation", "partial", "extra trees", "random forest", "boosting"],
)
def test_cells_that_vary_on_their_own_show_the_network(estimator):
    found, signs = recovered(estimator(cells(), GENES), direct())
    # Edges between two nodes look alike both ways: some of them are told the wrong way round.
    assert found > by_chance(direct()) + 0.4
    assert signs > 0.6


@pytest.mark.parametrize("estimator", [mean_shift, welch])
def test_perturbations_show_total_effects_with_the_sign_of_the_edge(estimator):
    estimate = estimator(screen(), TARGETS)
    found, signs = recovered(estimate, total())
    assert found > 0.95
    assert signs > 0.9
    # Knocking g00 down lowers g01: g00 raises it.
    assert estimate.of(["g00"], ["g01", "g06"])[0, 0] > 0 > estimate.of(["g00"], ["g06"])[0, 0]


def test_partial_correlation_tells_direct_edges_from_paths_better_than_correlation():
    data = cells(3000)
    partial, _ = recovered(partial_correlation(data, GENES), direct())
    plain, _ = recovered(correlation(data, GENES), direct())
    assert partial > plain


def test_activation_has_the_same_signs_as_knock_down():
    raised = mean_shift(screen(dose=1.0), TARGETS)
    lowered = mean_shift(screen(dose=-1.5), TARGETS)
    big = np.abs(total()[: len(NODES)]) > 0.3
    np.testing.assert_array_equal(np.sign(raised.edges())[big], np.sign(lowered.edges())[big])


def test_a_perturbed_gene_that_was_not_measured_went_the_way_of_the_others():
    for dose in (1.0, -1.5):
        whole = screen(dose=dose)
        without = Screen(whole.values[:, 1:], whole.labels, "NT", GENES[1:])
        found = mean_shift(without, TARGETS).of(["g00"], GENES[1:])
        np.testing.assert_allclose(found[0], mean_shift(whole, TARGETS).value[0, 1:])


def test_doses_that_are_given_decide_the_sign():
    found = screen()
    known = mean_shift(found, TARGETS, {"g00": -1.0})
    turned = mean_shift(found, TARGETS, {"g00": 1.0, "g01": float("nan")})
    np.testing.assert_allclose(turned.value[0], -known.value[0])
    np.testing.assert_allclose(turned.value[1:], known.value[1:])


def test_combinations_and_labels_without_a_target_have_no_edges():
    found = screen()
    targets = {**TARGETS, "g00": ("g00", "g01"), "g01": ()}
    assert mean_shift(found, targets).sources == NODES[2:]
    with pytest.raises(ConfigError, match="no perturbation of one gene"):
        mean_shift(found, {})


def test_two_guides_of_one_gene_are_one_source():
    found = screen()
    labels = found.labels.copy()
    own = np.flatnonzero(labels == "g00")
    labels[own[:20]] = "g00 guide 2"
    guides = Screen(found.values, labels, "NT", GENES)
    together = mean_shift(guides, {**TARGETS, "g00 guide 2": ("g00",)})
    np.testing.assert_allclose(together.value, mean_shift(found, TARGETS).value)


def test_a_single_cell_has_a_shift_but_no_certainty():
    found = screen()
    kept = np.ones(len(found.labels), dtype=bool)
    kept[np.flatnonzero(found.labels == "g00")[1:]] = False
    few = found.of(kept)
    assert np.abs(mean_shift(few, TARGETS).value[0]).max() > 0
    assert not welch(few, TARGETS).value[0].any()


def test_correlation_is_that_of_numpy_for_sparse_and_dense_in_any_blocks():
    data = cells(5000)
    expected = np.corrcoef(data.toarray(), rowvar=False)
    for values in (data, data.toarray(), data.astype(np.float32)):
        np.testing.assert_allclose(correlation(values, GENES).value, expected, atol=1e-5)


def test_shrinkage_is_that_of_schaefer_and_strimmer():
    data = cells(40)
    x = Standardised.of(data).dense()
    n = len(x)
    pairs = [(i, j) for i in range(12) for j in range(12) if i != j]
    noise = sum(n / (n - 1) ** 3 * ((x[:, i] * x[:, j] - (x[:, i] * x[:, j]).mean()) ** 2).sum()
                for i, j in pairs)  # fmt: skip
    plain = np.corrcoef(data.toarray(), rowvar=False)
    share = noise / sum(plain[pair] ** 2 for pair in pairs)
    expected = (1 - share) * plain + share * np.eye(12)
    np.testing.assert_allclose(shrunken_correlation(Standardised.of(data)), expected)


def test_more_genes_than_cells_and_genes_that_never_vary_are_no_obstacle():
    rng = np.random.default_rng(0)
    values = sparse.csr_matrix(np.column_stack([rng.poisson(1.0, (8, 30)), np.full(8, 3)]) * 1.0)
    genes = tuple(f"g{number}" for number in range(31))
    trees = regression_trees(values, genes, settings=QUICK)
    for estimate in (correlation(values, genes), partial_correlation(values, genes), trees):
        assert not estimate.edges()[:, 30].any()
        assert not estimate.edges()[30].any()


@pytest.mark.parametrize("estimator", [correlation, partial_correlation])
def test_the_order_of_genes_does_not_matter(estimator):
    data, order = cells(200), np.random.default_rng(1).permutation(12)
    names = [GENES[place] for place in order]
    np.testing.assert_allclose(
        estimator(data[:, order], names).of(GENES, GENES),
        estimator(data, GENES).of(GENES, GENES),
        atol=1e-9,
    )


def test_sources_that_were_not_measured_are_left_out():
    asked = ("g03", "unseen", "g01")
    trees = regression_trees(cells(100), GENES, asked, targets=("g08", "g09"), settings=QUICK)
    assert (trees.sources, trees.targets) == (("g03", "g01"), ("g08", "g09"))
    assert correlation(cells(100), GENES, asked).sources == ("g03", "g01")
    with pytest.raises(ConfigError, match="none of which"):
        correlation(cells(100), GENES, ("unseen",))


def test_trees_are_the_same_with_the_same_seed_and_use_a_gene_for_others_only():
    data = cells(150)
    first = regression_trees(data, GENES, settings=QUICK)
    again = regression_trees(data, GENES, settings=QUICK)
    other = regression_trees(data, GENES, settings=TreeSettings(trees=40, seed=1))
    np.testing.assert_array_equal(first.value, again.value)
    assert (first.value != other.value).any()
    assert not np.diag(first.value).any()
    assert (np.abs(first.value).sum(axis=0) <= 1.0 + 1e-9).all()


def test_trees_say_when_they_saw_only_some_of_the_cells():
    class Listening(SilentReporter):
        lines: tuple[str, ...] = ()

        def log(self, line: str) -> None:
            self.lines = (*self.lines, line)

    reporter = Listening()
    few = TreeSettings(trees=5, most_cells=50)
    regression_trees(cells(60), GENES, settings=few, reporter=reporter)
    assert reporter.lines == ("regression trees: 50 of 60 cells, drawn at random",)


def test_too_few_cells_and_numbers_that_are_none_are_refused():
    with pytest.raises(ConfigError, match="2 cells"):
        correlation(cells(2), GENES)
    values = cells(20).toarray()
    values[3, 4] = np.nan
    with pytest.raises(ConfigError, match="not finite"):
        partial_correlation(values, GENES)


def test_a_random_network_is_random_and_knows_nothing():
    scores = [
        recovered(random_network(NODES, GENES, seed=seed), direct())[0] for seed in range(200)
    ]
    assert np.mean(scores) == pytest.approx(by_chance(direct()), abs=0.02)
