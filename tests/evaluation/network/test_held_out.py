"""Effects in cells that no estimate has seen: planted ones are found, nothing in noise."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import mannwhitneyu, wasserstein_distance

from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.held_out import HeldOutEffects, held_out_effects
from scdyn_core.evaluation.screen.false_discovery import adjust
from scdyn_core.evaluation.screen.screen import Screen
from tests.evaluation.network.planted import GENES, NODES, TARGETS, screen, total


def estimate(value, sources=NODES):
    return NetworkEstimate(tuple(sources), GENES, np.asarray(value, dtype=float), "test")


def test_tests_and_distances_are_those_of_scipy():
    found = screen(cells_each=15, controls=40)
    effects = held_out_effects(found, TARGETS)
    dense = found.values.toarray()
    p = np.full((len(NODES), len(GENES)), np.nan)
    for row, name in enumerate(NODES):
        for column in range(len(GENES)):
            one, other = dense[found.rows[name], column], dense[found.reference, column]
            if row != column:
                p[row, column] = mannwhitneyu(one, other, method="asymptotic").pvalue
            assert effects.wasserstein[row, column] == pytest.approx(
                wasserstein_distance(one, other)
            )
    np.testing.assert_allclose(effects.p_adjusted, adjust(p.ravel()).reshape(p.shape), rtol=1e-9)


def test_planted_effects_are_significant_and_others_are_not():
    effects = held_out_effects(screen(), TARGETS)
    truth = total()[: len(NODES)]
    assert effects.significant[np.abs(truth) > 0.3].all()
    assert effects.significant[(truth == 0) & effects.scored].mean() < 0.1


@pytest.mark.parametrize("seed", range(5))
def test_cells_that_nothing_happened_to_show_nothing(seed):
    effects = held_out_effects(screen(seed=seed, dose=0.0), TARGETS)
    assert effects.significant.sum() <= 1
    rate = effects.false_omission_rate(estimate(np.eye(6, 12, 1)), 5)
    assert rate < 0.03


def test_a_better_network_omits_less_and_its_edges_move_more():
    effects = held_out_effects(screen(), TARGETS)
    truth = total()[: len(NODES)]
    right = estimate(np.where(np.abs(truth) > 0.05, truth, 0.0))
    wrong = estimate(np.where(truth == 0, 1.0, 0.0))
    edges = effects.edges_of(right)
    assert edges == (np.abs(truth) > 0.05).sum()
    assert effects.mean_wasserstein(right, edges) > 3 * effects.mean_wasserstein(wrong, edges)
    assert effects.false_omission_rate(right, edges) < effects.false_omission_rate(wrong, edges)


def by_hand():
    significant = np.array([[np.nan, 0.01, 0.2], [0.03, np.nan, 0.9]])
    return HeldOutEffects(
        ("a", "b"), ("a", "b", "c"), significant, np.array([[9.0, 1.0, 2.0], [3.0, 9.0, 4.0]])
    )


def test_by_hand_without_edges_of_a_gene_to_itself():
    value = np.array([[5.0, 1.0, -3.0], [2.0, 5.0, 0.0]])
    known = NetworkEstimate(("a", "b"), ("a", "b", "c"), value, "test")
    effects = by_hand()
    assert (effects.edges_of(known), effects.pairs()) == (3, 4)
    # The strongest two edges are a -> c and b -> a; a -> b and b -> c are left.
    assert effects.mean_wasserstein(known, 2) == 2.5
    assert effects.false_omission_rate(known, 2) == 0.5
    # More edges than there are: all of them.
    assert effects.mean_wasserstein(known, 50) == 2.0
    assert effects.false_omission_rate(known, 50) == 0.0


def test_edges_that_tie_count_in_part():
    value = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]])
    known = NetworkEstimate(("a", "b"), ("a", "b", "c"), value, "test")
    assert by_hand().mean_wasserstein(known, 1) == pytest.approx((1 + 2 + 3) / 3)
    assert by_hand().false_omission_rate(known, 1) == pytest.approx((2 / 3 + 2 / 3) / 3)


def test_no_edges_and_all_edges_have_no_score():
    effects = by_hand()
    nothing = NetworkEstimate(("a", "b"), ("a", "b", "c"), np.zeros((2, 3)), "test")
    assert np.isnan(effects.mean_wasserstein(nothing, 100))
    assert effects.false_omission_rate(nothing, 100) == 0.5
    everything = NetworkEstimate(("a", "b"), ("a", "b", "c"), np.ones((2, 3)), "test")
    assert np.isnan(effects.false_omission_rate(everything, 4))


def test_a_node_that_was_not_measured_is_tested_on_every_gene():
    found = screen()
    effects = held_out_effects(found, {**TARGETS, "g05": ("unseen",)})
    assert effects.sources == (*NODES[:5], "unseen")
    assert np.isfinite(effects.p_adjusted[5]).all()


def test_a_large_screen_takes_seconds():
    rng = np.random.default_rng(0)
    labels = np.array([*np.repeat([f"p{i}" for i in range(25)], 40), *["NT"] * 400], dtype=object)
    values = sparse.random(len(labels), 300, 0.3, format="csr", random_state=rng)
    genes = tuple(f"g{number}" for number in range(300))
    large = Screen(values, labels, "NT", genes)
    start = time.process_time()
    held_out_effects(large, {f"p{number}": (f"p{number}",) for number in range(25)})
    assert time.process_time() - start < 10
