"""Screens of a known network: truth and counts agree, networks settle, nothing else changes."""

from pathlib import Path

import anndata
import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.data.load import load
from scdyn_core.data.simulators import SIMULATORS, simulate
from scdyn_core.data.simulators.drawn_network import drawn_network, spectral_radius
from scdyn_core.data.simulators.regulation_presets import REGULATION_PRESETS
from scdyn_core.errors import ConfigError

SHIPPED = Path(__file__).parents[3] / "sample_data" / "network.h5ad"
FORMS = ("linear", "tanh", "cyclic")


def small(seed=0, **params):
    sizes = {
        "nodes": 12, "downstream": 18, "edges": 30, "cells_per_perturbation": 40,
        "control_cells": 120, "feedback": 3,
    }  # fmt: skip
    return simulate("regulation", seed, **{**sizes, **params})


def changes(sample):
    """Return the log change of mean counts of every node's cells, (nodes, genes)."""
    counts = sample.to_df()
    means = counts.groupby(sample.obs["perturbation"], observed=True).mean()
    return np.log(means.loc[list(sample.uns["regulation"]["nodes"])] / means.loc["control"])


def between(truth):
    """Return which pairs are no self edges."""
    return truth["nodes"][:, None] != truth["genes"][None, :]


@pytest.mark.parametrize("form", FORMS)
def test_the_truth_is_kept_for_every_node_and_gene(form):
    sample = small(form=form)
    truth = sample.uns["regulation"]
    assert list(truth["genes"]) == list(sample.var_names)
    assert list(truth["nodes"]) == list(sample.var_names[:12])
    assert truth["direct"].shape == truth["total"].shape == (12, 30)
    assert ((truth["dose"] > -1.8) & (truth["dose"] < -1.2)).all()
    sizes = np.abs(truth["direct"][truth["direct"] != 0])
    assert len(sizes) == 30
    assert sizes.min() >= 0.3
    assert sizes.max() <= 0.75
    assert not truth["direct"][:, :12].diagonal().any()
    np.testing.assert_allclose(truth["total"][:, :12].diagonal(), 1)


@pytest.mark.parametrize("form", FORMS)
def test_total_effects_are_those_seen_in_deep_counts(form):
    sample = small(
        form=form, cells_per_perturbation=600, control_cells=3000, depth=20_000, noise=0.1,
        confounder_effect=0.1, dispersion=0.0,
    )  # fmt: skip
    truth = sample.uns["regulation"]
    expected = truth["total"] * truth["dose"][:, None]
    np.testing.assert_allclose(changes(sample), expected, atol=0.06)


def test_a_linear_total_effect_is_the_sum_over_all_paths():
    truth = small(form="linear").uns["regulation"]
    direct, total = truth["direct"], truth["total"]
    paths, power = direct.copy(), direct[:, :12]
    for _ in range(12):
        paths, power = paths + power @ direct, power @ direct[:, :12]
    np.testing.assert_allclose(total[between(truth)], paths[between(truth)], atol=1e-9)


def test_in_a_cycle_a_held_node_is_not_acted_upon():
    truth = small(form="cyclic").uns["regulation"]
    among = truth["direct"][:, :12]
    inverse = np.linalg.inv(np.eye(12) - among)
    # Setting a node cuts what enters it: the response per change of its own.
    np.testing.assert_allclose(
        truth["total"][:, :12], inverse / inverse.diagonal()[:, None], atol=1e-8
    )


def test_a_saturating_effect_is_below_the_linear_one():
    linear, tanh = (small(form=form).uns["regulation"] for form in ("linear", "tanh"))
    np.testing.assert_array_equal(linear["direct"], tanh["direct"])
    edges = linear["direct"] != 0
    only = edges & (np.abs(linear["total"] - linear["direct"]) < 1e-12)
    factor = np.tanh(tanh["dose"]) / tanh["dose"]
    expected = (tanh["direct"] * factor[:, None])[only]
    np.testing.assert_allclose(tanh["total"][only], expected, atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 40))
def test_networks_settle_and_only_cyclic_ones_have_cycles(seed, nodes):
    for feedback in (0, 2):
        effect = drawn_network(
            np.random.default_rng(seed), (nodes, nodes), (2 * nodes, 0), (0.2, 0.5), feedback
        )
        assert np.count_nonzero(effect) == 2 * nodes
        assert spectral_radius(effect) < 1
        graph = networkx.from_numpy_array(effect, create_using=networkx.DiGraph)
        assert networkx.is_directed_acyclic_graph(graph) == (feedback == 0)


def test_a_network_that_would_not_settle_is_refused():
    with pytest.raises(ConfigError, match="edges closing cycles") as caught:
        small(form="cyclic", effect_least=2.0, effect_most=2.0, feedback=10)
    assert "smaller effects" in caught.value.fix


def test_confounders_join_genes_without_an_edge():
    def strongest(**params):
        sample = small(depth=20_000, noise=0.1, edges=1, control_cells=1500, **params)
        cells = sample[sample.obs["perturbation"] == "control"].X.toarray()
        share = np.log1p(cells / cells.sum(axis=1, keepdims=True) * 20_000)
        return np.quantile(np.abs(np.corrcoef(share.T) - np.eye(sample.n_vars)), 0.99)

    assert strongest(confounder_effect=1.0) > 0.5
    assert strongest(confounders=0) < 0.5


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(FORMS))
def test_the_seed_decides_everything(seed, form):
    first, again, other = (small(s, form=form) for s in (seed, seed, seed + 1))
    assert (first.X != again.X).nnz == 0
    assert (first.X != other.X).nnz > 0
    np.testing.assert_array_equal(
        first.uns["regulation"]["direct"], again.uns["regulation"]["direct"]
    )


def test_what_is_asked_for_besides_leaves_the_network_as_it_is():
    plain, more = small(), small(guides=3, combinations=4, unmeasured=2)
    measured = [gene for gene in plain.var_names if gene in more.var_names]
    assert set(plain.var_names) - set(measured) == {"N11", "N12"}
    kept = [list(plain.var_names).index(gene) for gene in measured]
    truth, other = plain.uns["regulation"], more.uns["regulation"]
    np.testing.assert_array_equal(truth["direct"][:, kept], other["direct"])
    np.testing.assert_array_equal(truth["dose"], other["dose"])
    assert list(other["nodes"]) == list(truth["nodes"])


def test_pairs_and_guides_are_labelled():
    sample = small(guides=2, combinations=5)
    cells = sample.obs["perturbation"].value_counts()
    assert cells["control"] == 120
    assert sum("+" in label for label in cells.index) == 5
    assert (cells.drop("control") == 40).all()
    for label, guide in zip(sample.obs["perturbation"], sample.obs["guide"], strict=True):
        assert [part[:-2] for part in guide.split("+")] == label.split("+")
        assert {part[-2:] for part in guide.split("+")} <= {"g1", "g2"}


def test_both_nodes_of_a_pair_are_down_by_their_doses():
    sample = small(combinations=6, cells_per_perturbation=800, control_cells=2000, depth=20_000)
    counts = sample.to_df().groupby(sample.obs["perturbation"], observed=True).mean()
    truth = sample.uns["regulation"]
    dose = dict(zip(truth["nodes"], truth["dose"], strict=True))
    singles = {node: np.log(counts.loc[node, node] / counts.loc["control", node]) for node in dose}
    for node, own in singles.items():
        # Without noise and confounders of its own a held node also varies less.
        assert own == pytest.approx(dose[node], abs=0.35)
    for pair in (label for label in counts.index if "+" in label):
        for node in pair.split("+"):
            change = np.log(counts.loc[pair, node] / counts.loc["control", node])
            assert change == pytest.approx(singles[node], abs=0.08)


def test_depth_is_that_of_a_control_cell():
    sample = small(depth=3000, depth_sd=0.2, control_cells=3000, cells_per_perturbation=2)
    total = np.asarray(sample.X.sum(axis=1)).ravel()[sample.obs["perturbation"] == "control"]
    assert total.mean() == pytest.approx(3000, rel=0.05)


@pytest.mark.parametrize("name", REGULATION_PRESETS)
def test_presets_differ_in_what_they_say(name):
    plain, preset = SIMULATORS["regulation"], SIMULATORS[name]
    assert (preset == plain) == (name == "regulation")
    told = {
        "regulation_tanh": {"form"},
        "regulation_cyclic": {"form"},
        "regulation_few_cells": {"cells_per_perturbation"},
        "regulation_shallow": {"depth"},
    }
    if name in told:
        changed = {
            field for field, value in preset.model_dump().items() if value != getattr(plain, field)
        }
        assert changed == told[name]


def test_the_shipped_file_is_what_its_command_makes():
    assert SHIPPED.stat().st_size < 400_000
    shipped, made = anndata.read_h5ad(SHIPPED), simulate("network")
    np.testing.assert_array_equal(shipped.X.toarray(), made.X.toarray())
    for column in ("perturbation", "guide"):
        assert list(shipped.obs[column]) == list(made.obs[column])
    for key, value in made.uns["regulation"].items():
        if value.dtype == object:
            assert list(shipped.uns["regulation"][key]) == list(value)
        else:
            np.testing.assert_allclose(shipped.uns["regulation"][key], value, rtol=1e-9, atol=1e-12)


def test_roles_are_guessed_and_the_truth_survives_loading():
    loaded = load(SHIPPED)
    assert loaded.roles.assigned() == {
        "perturbation": "perturbation", "control_perturbation": "control", "guide": "guide",
        "counts": "X",
    }  # fmt: skip
    truth = loaded.adata.uns["regulation"]
    assert list(truth["genes"]) == list(loaded.adata.var_names)
    assert set(truth["nodes"]) - set(truth["genes"]) == {"N20"}
    assert np.count_nonzero(truth["direct"]) > 40


@pytest.mark.parametrize(
    ("params", "needed"),
    [
        ({"nodes": 5, "combinations": 11}, "only 10 pairs"),
        ({"nodes": 5, "edges": 40, "among_nodes": 0.5}, "only 10 edges among nodes"),
        ({"downstream": 1, "edges": 40}, "only 12 edges to other genes"),
        ({"unmeasured": 13}, "above nodes"),
        ({"knock_down_least": 2.0}, "knock_down_least must not be above"),
        ({"effect_least": 1.0}, "effect_least must not be above"),
        ({"form": "cyclic", "feedback": 15}, "below the number of edges among nodes"),
        ({"form": "cubic"}, "linear"),
        ({"depth": 0}, "greater than or equal to 10"),
    ],
)
def test_a_wrong_parameter_is_named(params, needed):
    with pytest.raises(ConfigError, match=needed):
        small(**params)
