"""Genes with planted response classes: their mean curves, their counts, and their truth."""

from pathlib import Path

import anndata
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.data.load import load
from scdyn_core.data.simulators import SIMULATORS, simulate
from scdyn_core.data.simulators.response_presets import PRESETS
from scdyn_core.data.simulators.response_shapes import CLASSES, mean_curves, response_shapes
from scdyn_core.data.simulators.responses import Responses
from scdyn_core.errors import ConfigError

SHIPPED = Path(__file__).parents[3] / "sample_data" / "responses.h5ad"
HOURS = np.array([0, 1, 3, 6, 12, 24.0])


def shape(name, t):
    """The formulas of the classes, one gene and one time at a time."""
    return {
        "flat": 0.0,
        "immediate early": t * np.exp(1 - t),
        "early": (t / 3) ** 2 * np.exp(2 * (1 - t / 3)),
        "sustained": 1 - np.exp(-t / 2.5),
        "late": t**2.5 / (t**2.5 + 8**2.5),
        "repressed": np.exp(-t / 4) - 1,
    }[name]


@given(st.floats(0, 500))
def test_shapes_follow_their_formulas_within_one_fold_change(hours):
    found = response_shapes(hours)
    np.testing.assert_allclose(found, [shape(name, hours) for name in CLASSES], atol=1e-12)
    assert (np.abs(found) <= 1 + 1e-12).all()


def test_every_response_starts_at_the_stimulus_and_peaks_in_its_class_order():
    assert (response_shapes(0.0) == 0).all()
    hours = np.linspace(0, 24, 2401)
    largest = hours[np.abs(response_shapes(hours)).argmax(axis=1)]
    assert largest[1] == pytest.approx(1)
    assert largest[2] == pytest.approx(3)
    assert (largest[3:] == 24).all()


@pytest.mark.parametrize("name", PRESETS)
def test_true_log_mean_curves_equal_the_formula(name):
    genes = simulate(name, 3, n_cells=60, n_genes=60).var
    curves = np.log(mean_curves(genes, HOURS))
    for curve, gene in zip(curves, genes.itertuples(), strict=True):
        expected = [
            np.log(gene.baseline_true)
            + np.log(gene.fold_true) * shape(gene.response_class_true, gene.stretch_true * t)
            for t in HOURS
        ]
        np.testing.assert_allclose(curve, expected, rtol=1e-10)


def test_counts_have_the_true_mean_and_the_variance_of_capture_cells_and_counting():
    sample = Responses(n_cells=24_000, n_genes=30, baseline=3.0, baseline_sd=0.3).sample(0)
    counts, time = sample.X.toarray(), sample.obs["time"].to_numpy()
    mean = mean_curves(sample.var, HOURS)
    for i, hours in enumerate(HOURS):
        cells = counts[time == hours]
        assert len(cells) == 4000
        np.testing.assert_allclose(cells.mean(axis=0), mean[:, i], rtol=0.1)
        np.testing.assert_allclose((cells.mean(axis=0) / mean[:, i]).mean(), 1, rtol=0.02)
        # Depth and noise are independent, each with mean 1: their variances multiply.
        spread = np.exp(0.3**2) * (1 + 0.5) - 1
        variance = mean[:, i] + spread * mean[:, i] ** 2
        np.testing.assert_allclose((cells.var(axis=0) / variance).mean(), 1, rtol=0.1)


def test_the_true_genes_have_the_distributions_the_parameters_name():
    genes = Responses(n_genes=20_000, n_cells=50, stretch_sd=0.3).sample(1).var
    assert np.log(genes["baseline_true"]).mean() == pytest.approx(np.log(0.6), abs=0.03)
    assert np.log(genes["baseline_true"]).std() == pytest.approx(1, rel=0.03)
    assert np.log(genes["stretch_true"]).std() == pytest.approx(0.3, rel=0.03)
    flat = genes["response_class_true"] == "flat"
    assert (genes["fold_true"][flat] == 1).all()
    responding = np.log(genes["fold_true"][~flat])
    assert responding.min() >= np.log(1.5)
    assert responding.max() <= np.log(6)
    assert responding.mean() == pytest.approx((np.log(1.5) + np.log(6)) / 2, abs=0.02)


@pytest.mark.parametrize(
    ("name", "cells", "sizes"),
    [
        ("levels", 3000, [167, 167, 167, 167, 166, 166]),
        ("lowdepth", 900, [167, 167, 167, 167, 166, 166]),
        ("unequal", 3000, [500, 60, 40, 200, 120, 80]),
        ("delay", 3000, [167, 167, 167, 167, 166, 166]),
        ("graded", 3000, [167, 167, 167, 167, 166, 166]),
        ("hard", 1500, [350, 100, 80, 200, 150, 120]),
    ],
)
def test_the_six_difficulties_have_their_sizes(name, cells, sizes):
    simulator = SIMULATORS[name]
    assert (simulator.n_cells, simulator.n_genes, simulator.times) == (cells, 1000, tuple(HOURS))
    assert simulator.class_counts().tolist() == sizes


@given(
    st.integers(10, 500),
    st.lists(st.floats(1e-3, 1e6), min_size=6, max_size=6),
)
def test_classes_share_all_genes_in_proportion(n_genes, sizes):
    counts = Responses(n_genes=n_genes, class_sizes=sizes).class_counts()
    assert counts.sum() == n_genes
    assert (np.abs(counts - np.array(sizes) / sum(sizes) * n_genes) < 1 + 1e-6).all()


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(sorted(PRESETS)), st.integers(0, 1000))
def test_the_seed_decides_everything(name, seed):
    first, again, other = (
        simulate(name, s, n_cells=60, n_genes=40) for s in (seed, seed, seed + 1)
    )
    assert (first.X != again.X).nnz == 0
    assert first.var.equals(again.var)
    assert (first.X != other.X).nnz > 0


@pytest.mark.parametrize("name", PRESETS)
def test_a_file_of_it_opens_with_time_and_counts_and_keeps_its_truth(name, tmp_path):
    path = tmp_path / f"{name}.h5ad"
    made = simulate(name, n_cells=120, n_genes=40)
    made.write_h5ad(path)
    dataset = load(path)
    assert dataset.roles.assigned() == {"time": "time", "counts": "X"}
    assert made.X.dtype == np.int32
    assert set(dataset.adata.var["response_class_true"]) == set(CLASSES)
    for truth in ("fold_true", "stretch_true", "baseline_true"):
        np.testing.assert_array_equal(dataset.adata.var[truth], made.var[truth])
    stored = anndata.read_h5ad(path).uns
    assert stored["simulator"]["n_genes"] == 40
    np.testing.assert_allclose(stored["response_shapes"]["shape"], response_shapes(HOURS))


@pytest.mark.parametrize(
    ("params", "place"),
    [
        ({"n_cells": 3}, "n_cells"),
        ({"baseline": 0}, "baseline"),
        ({"times": (0, 6, 3)}, "times"),
        ({"times": (0,)}, "times"),
        ({"class_sizes": (1, 1)}, "class_sizes"),
        ({"class_sizes": (1, 1, 1, 1, 1, 0)}, "class_sizes"),
        ({"fold_least": 4, "fold_most": 2}, "fold_most"),
        ({"folds": 4}, "folds"),
    ],
)
def test_a_wrong_parameter_is_named(params, place):
    with pytest.raises(ConfigError) as caught:
        simulate("levels", **params)
    assert place in caught.value.place


def test_the_shipped_file_is_what_its_command_makes():
    assert SHIPPED.stat().st_size < 1_600_000
    shipped, made = anndata.read_h5ad(SHIPPED), simulate("responses")
    np.testing.assert_array_equal(shipped.X.toarray(), made.X.toarray())
    assert list(shipped.obs["time"]) == list(made.obs["time"])
    assert list(shipped.var["response_class_true"]) == list(made.var["response_class_true"])
    for truth in ("fold_true", "stretch_true", "baseline_true"):
        np.testing.assert_allclose(shipped.var[truth], made.var[truth], rtol=1e-12)
