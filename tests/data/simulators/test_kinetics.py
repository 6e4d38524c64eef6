"""Gated transcription: promoters as defined, steady states, and counts that follow the truth."""

import numpy as np
import pytest

from scdyn_core.data.simulators import simulate
from scdyn_core.data.simulators.transcription import Circuit, Promoters
from scdyn_core.errors import ConfigError
from tests.data.simulators.test_regulation import between, changes


def small(seed=0, **params):
    sizes = {
        "nodes": 10, "downstream": 14, "edges": 20, "cells_per_perturbation": 30,
        "control_cells": 60, "duration": 4.0,
    }  # fmt: skip
    return simulate("kinetics", seed, **{**sizes, **params})


def two_regulators(any_of, activates=(True, True)):
    """Return promoters of which the third gene reads the first two."""
    return Promoters(
        regulator=np.array([0, 1]), target=np.array([2, 2]), activates=np.array(activates),
        half=np.array([1.0, 2.0]), any_of=np.array([False, False, any_of]), hill=2, leak=0.1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("any_of", "activates", "gate"),
    [
        (False, (True, True), 0.8 * 0.2),
        (True, (True, True), 1 - 0.2 * 0.8),
        (False, (True, False), 0.8 * 0.8),
        (True, (False, True), 1 - 0.8 * 0.8),
    ],
)
def test_gates_put_hill_functions_together(any_of, activates, gate):
    # Bound shares: 2^2 / (1 + 2^2) = 0.8, and 1 / (2^2 + 1) = 0.2.
    found = two_regulators(any_of, activates).activity(np.array([[2.0, 1.0, 9.0]]))
    np.testing.assert_allclose(found, [[1, 1, 0.1 + 0.9 * gate]])


def test_a_noisy_run_stays_about_the_steady_state_with_the_noise_of_bursts():
    circuit = Circuit(two_regulators(False), np.array([200.0, 300.0, 400.0]), 4.0, 0.3)
    cells = circuit.run(np.tile(circuit.rate, (4000, 1)), 10.0, np.random.default_rng(0))
    steady = circuit.steady(circuit.rate[None])[0]
    np.testing.assert_allclose(cells.mean(axis=0)[:2], steady[:2], rtol=0.02)
    # Fano factor of bursts of mean size b: 1 + b; the Euler step adds a twentieth.
    np.testing.assert_allclose(cells.var(axis=0)[:2] / steady[:2], 5 / 0.95, rtol=0.08)


def test_a_steady_state_does_not_move():
    circuit = Circuit(two_regulators(True), np.array([2.0, 3.0, 4.0]), 0.0, 0.3)
    level = circuit.steady(circuit.rate[None])
    np.testing.assert_allclose(circuit.rate * circuit.promoters.activity(level), level)


def test_slopes_are_the_edges_and_have_the_sign_of_what_they_do():
    truth = small().uns["regulation"]
    assert np.count_nonzero(truth["direct"]) == 20
    total, direct = truth["total"], truth["direct"]
    # Where no other path leads from source to target, the total effect has the sign of the slope.
    nodes = len(truth["nodes"])
    reach = (np.abs(direct[:, :nodes]) > 0).astype(float)
    longer = reach @ (np.linalg.inv(np.eye(nodes) - 0.1 * reach) @ (np.abs(direct) > 0)) > 0
    only = (direct != 0) & ~longer & between(truth)
    assert only.sum() > 5
    assert (np.sign(total[only]) == np.sign(direct[only])).all()
    assert (total[(direct == 0) & ~longer & between(truth)] == 0).all()


def test_a_small_knock_down_has_the_effect_of_the_slope():
    truth = small(knock_down_least=0.05, knock_down_most=0.05).uns["regulation"]
    direct, nodes = truth["direct"], len(truth["nodes"])
    total = np.linalg.inv(np.eye(nodes) - direct[:, :nodes]) @ direct
    np.testing.assert_allclose(total[between(truth)], truth["total"][between(truth)], atol=0.06)


def test_effects_are_not_proportional_to_the_dose():
    weak = small(knock_down_least=0.2, knock_down_most=0.2).uns["regulation"]
    strong = small(knock_down_least=2.0, knock_down_most=2.0).uns["regulation"]
    np.testing.assert_array_equal(weak["direct"] != 0, strong["direct"] != 0)
    assert np.abs(weak["total"] - strong["total"]).max() > 0.2


def test_total_effects_are_those_seen_in_deep_counts():
    sample = small(
        cells_per_perturbation=400, control_cells=2000, depth=20_000, hidden_sd=0.05, burst=0.5,
        molecules=500.0,
    )  # fmt: skip
    truth = sample.uns["regulation"]
    expected = truth["total"] * truth["dose"][:, None]
    np.testing.assert_allclose(changes(sample), expected, atol=0.08)
    np.testing.assert_allclose(truth["total"][:, :10].diagonal(), 1)


def test_a_knocked_down_node_is_down_by_its_dose():
    truth = small(unmeasured=1).uns["regulation"]
    assert ((truth["dose"] <= -1.2) & (truth["dose"] >= -1.8)).all()
    assert list(truth["genes"][:9]) == list(truth["nodes"][:9])
    assert truth["direct"].shape == (10, 23)


def test_the_seed_decides_everything():
    first, again, other = (small(seed) for seed in (3, 3, 4))
    assert (first.X != again.X).nnz == 0
    assert (first.X != other.X).nnz > 0


def test_a_circuit_without_edges_to_hidden_regulators_can_be_asked_for():
    sample = small(hidden=0, edges=1)
    assert np.count_nonzero(sample.uns["regulation"]["direct"]) == 1
    assert sample.shape == (360, 24)


def test_a_wrong_parameter_is_named():
    with pytest.raises(ConfigError, match="less than or equal to 4"):
        small(hill=5)
