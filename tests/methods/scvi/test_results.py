"""What a run says: tables as declared, scores beside baselines, denoised genes on request."""

import copy
import json

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.spatial.distance import cdist

from scdyn_core.errors import ConfigError
from scdyn_core.methods.scvi.denoise_config import DenoiseConfig
from scdyn_core.methods.scvi.expression import gene_sums, type_means
from scdyn_core.methods.scvi.held_out import EVIDENCE, REBUILT, UNSEEN
from scdyn_core.methods.scvi.reading import cells_of
from scdyn_core.methods.scvi.representation import (
    ACCURACY,
    MIXING,
    NEIGHBOURS,
    _batches_near,
    mixing,
)
from scdyn_core.methods.scvi.thinning import halves
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.runs.model import read_tensors, read_weights, write_model
from tests.methods.scvi.small import METHOD, QUIET, TINY, counted, tensors_of, train


@pytest.fixture(autouse=True, scope="module")
def _plain_map():
    """Cells are drawn by two latents: the map has a test of its own and is slow to start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "scdyn_core.methods.scvi.tables.latent_map", lambda latent, seed: latent[:, :2]
        )
        yield


def run(likelihood="zinb", batches=2, replicates=2, roles=None):
    config = TINY.model_copy(update={"likelihood": likelihood})
    dataset = counted(500, batches=batches)
    dataset = dataset.with_roles(dataset.roles.replace(roles or {}))
    tensors = tensors_of(dataset, config)
    networks = train(tensors, config, replicates=replicates)
    return networks, tensors, METHOD.results(networks, tensors, dataset, config, QUIET), config


@pytest.fixture(scope="module")
def trained():
    return run()


def test_every_table_says_what_its_columns_are(trained):
    tables = trained[2].tables
    assert set(tables) == {"latent", "cells", "cell_fit", "genes", "type_expression"}
    for table in tables.values():
        assert list(table.frame.columns) == list(table.columns)
    assert len(tables["latent"].frame) == 2 * 500
    assert list(tables["cells"].frame["part"].unique()) == ["train", "validation", "test"]
    genes = tables["genes"].frame.set_index("gene")
    assert bool(genes["zero_inflation"].between(0, 1).all())
    assert bool(np.isclose(genes["expected"], genes["observed"], rtol=2.0).all())


def test_scores_stand_beside_simple_methods(trained):
    scores = {score.metric: score for score in trained[2].scores}
    assert set(scores) == {UNSEEN, REBUILT, EVIDENCE, ACCURACY, MIXING}
    simple = {"gene means", "means of the cell type"}
    assert set(scores[EVIDENCE].baselines) == simple
    for metric in (UNSEEN, REBUILT):
        assert set(scores[metric].baselines) == simple | {"PCA (3)"}
        assert scores[metric].better == "lower"
    assert all(np.isfinite(score.value) for score in scores.values())
    assert all(score.replicate_sd is not None for score in scores.values())


def test_data_without_types_and_batches_give_what_needs_neither():
    results = run("nb", batches=1, replicates=1, roles={"cell_type": None})[2]
    assert set(results.tables) == {"latent", "cells", "cell_fit", "genes"}
    assert {score.metric for score in results.scores} == {UNSEEN, REBUILT, EVIDENCE}
    assert bool(results.tables["genes"].frame["zero_inflation"].isna().all())


def test_expected_counts_are_the_mean_of_the_zero_inflated_distribution(trained):
    networks, tensors, *_ = trained
    network = copy.deepcopy(networks[0])
    with torch.no_grad():
        network.dropout_weight.zero_()
        network.dropout_bias.fill_(1.5)
    found = gene_sums([network], cells_of(tensors, "test"))
    depth = float(np.exp(tensors.constants["depth"]))
    inflated = 1.0 / (1.0 + np.exp(-1.5))
    np.testing.assert_allclose(found.zero_inflation, inflated, rtol=1e-5)
    assert found.expected.sum() == pytest.approx((1.0 - inflated) * depth, rel=1e-4)
    assert bool((found.zeros_expected > inflated).all())


def test_cells_of_unknown_type_are_no_type():
    dataset = counted(300, batches=2)
    kinds = dataset.adata.obs["kind"].astype(object)
    kinds.iloc[::3] = np.nan
    dataset.adata.obs["kind"] = kinds.astype("category")
    tensors = tensors_of(dataset)
    networks = train(tensors)
    results = METHOD.results(networks, tensors, dataset, TINY, QUIET)
    frame = results.tables["type_expression"].frame
    assert list(frame["cell_type"].unique()) == ["a", "b", "c"]
    rows = np.concatenate([tensors.samples[part] for part in ("train", "validation", "test")])
    kind = dataset.adata.obs["kind"].astype(object).to_numpy()[rows]
    counts = dataset.adata.X.toarray()[rows].astype(float)
    scaled = counts / counts.sum(1, keepdims=True) * float(np.exp(tensors.constants["depth"]))
    said = frame[frame["cell_type"] == "b"]["observed"]
    np.testing.assert_allclose(said, scaled[kind == "b"].mean(0), rtol=1e-4)
    score = next(each for each in results.scores if each.metric == ACCURACY)
    known = dataset.adata.obs["kind"].iloc[tensors.samples["test"]].dropna()
    most = dataset.adata.obs["kind"].iloc[tensors.samples["train"]].value_counts().idxmax()
    assert score.baselines["the largest type for all"] == pytest.approx((known == most).mean())
    assert score.value * len(known) == pytest.approx(round(score.value * len(known)))


def test_data_whose_types_are_all_unknown_are_data_without_types():
    dataset = counted(150)
    dataset.adata.obs["kind"] = pd.Categorical([None] * 150, categories=["a"])
    tensors = tensors_of(dataset)
    results = METHOD.results(train(tensors), tensors, dataset, TINY, QUIET)
    assert "type_expression" not in results.tables
    assert ACCURACY not in {score.metric for score in results.scores}


def test_observed_expression_of_types_is_the_mean_of_scaled_counts(trained):
    networks, tensors, *_ = trained
    cells = cells_of(tensors, "test")
    codes = np.arange(len(cells["counts"])) % 3
    observed, denoised = type_means(networks, cells, codes, 3)
    counts = cells["counts"].numpy().astype(float)
    depth = float(np.exp(tensors.constants["depth"]))
    scaled = counts / counts.sum(1, keepdims=True) * depth
    for number in range(3):
        np.testing.assert_allclose(observed[number], scaled[codes == number].mean(0), rtol=1e-4)
    np.testing.assert_allclose(denoised.sum(1), depth, rtol=1e-4)


def test_denoised_genes_of_a_stored_model_are_those_of_the_model(trained, tmp_path):
    networks, tensors, _, config = trained
    write_model(tmp_path, networks, tensors)
    stored = read_tensors(tmp_path)
    assert len(read_weights(tmp_path)) == 2
    request = DenoiseConfig(genes=("gene3", "gene1", "gene3"), batch="every")
    found, again = (
        METHOD.explain(networks, each, config, request, QUIET)["denoised"]
        for each in (tensors, stored)
    )
    assert list(found.frame["gene"].unique()) == ["gene3", "gene1"]
    assert list(found.frame.columns) == list(found.columns)
    assert len(found.frame) == 2 * 500
    np.testing.assert_allclose(found.frame["denoised"], again.frame["denoised"], rtol=1e-5)
    assert found.frame["cell"].equals(again.frame["cell"])
    json.dumps(dict(tensors.info))


def test_a_request_without_genes_takes_those_that_differ_and_unknown_genes_are_refused(trained):
    networks, tensors, _, config = trained
    request = DenoiseConfig(cells=30)
    found = METHOD.explain(networks, tensors, config, request, QUIET)["denoised"].frame
    assert found["gene"].nunique() == 12
    assert found["cell"].nunique() == 30
    with pytest.raises(ConfigError, match="nobody"):
        METHOD.explain(networks, tensors, config, DenoiseConfig(genes=("nobody",)), QUIET)


class Stopped(SilentReporter):
    """The user has asked to stop."""

    def cancelled(self):
        return True


def test_reading_out_and_denoising_can_be_cancelled(trained):
    networks, tensors, _, config = trained
    with pytest.raises(Cancelled):
        METHOD.results(networks, tensors, counted(500, batches=2), config, Stopped())
    with pytest.raises(Cancelled):
        METHOD.explain(networks, tensors, config, DenoiseConfig(), Stopped())


def test_halves_of_a_cell_are_the_cell():
    counts = counted().adata.X.astype(float)
    first, second = halves(counts, 3)
    np.testing.assert_array_equal((first + second).toarray(), counts.toarray())
    assert first.sum() / counts.sum() == pytest.approx(0.5, abs=0.02)


def test_mixing_is_one_for_shuffled_batches_and_nothing_for_separate_ones():
    rng = np.random.default_rng(0)
    latent, batches = rng.standard_normal((300, 2)), rng.integers(0, 2, 300)
    together = np.zeros(300, dtype=np.int64)
    assert mixing(latent, batches, together, 0) == pytest.approx(1.0, abs=0.1)
    apart = latent + 100.0 * batches[:, None]
    assert mixing(apart, batches, together, 0) == pytest.approx(0.0, abs=1e-9)
    many = rng.integers(0, 6, 300)
    near = cdist(latent, latent)
    np.fill_diagonal(near, np.inf)
    counts = np.eye(6)[many[near.argsort(axis=1)[:, :NEIGHBOURS]]].sum(axis=1)
    simpson = NEIGHBOURS**2 / (counts**2).sum(axis=1)
    by_index = _batches_near(many, near.argsort(axis=1)[:, :NEIGHBOURS])
    np.testing.assert_allclose(by_index, simpson)
    # A type that is in one batch alone says nothing of mixing.
    assert mixing(apart, batches, batches, 0) is None
