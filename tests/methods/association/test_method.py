"""The association network: any expression data, every estimator, scores where there is a truth."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError
from scdyn_core.methods.association.config import AssociationConfig
from scdyn_core.methods.registry import method_by_key
from scdyn_core.reporter import Cancelled, SilentReporter
from tests.evaluation.network.planted import GENES, NODES
from tests.methods.association.small import METHOD, QUICK, plain_data, run, screen_data

ALL = ["mean shift", "partial correlation", "correlation", "regression trees"]


@pytest.fixture(scope="module")
def screened():
    return run(screen_data(), replicates=3)


def value_of(scores: pd.DataFrame, reference: str, model: str, metric: str) -> float:
    at = scores.set_index(["reference", "model", "metric"])["value"]
    return float(at[(reference, model, metric)])


def test_it_is_offered():
    assert type(method_by_key("association")) is type(METHOD)


def test_a_screen_gives_every_estimator_its_network(screened):
    tables = screened[3].tables
    network = tables["network"].frame
    assert list(network["evidence"].unique()) == ALL
    assert network["stability"].between(1 / 3, 1).all()
    assert not network.duplicated(["evidence", "source", "target"]).any()
    assert (network["source"] != network["target"]).all()
    for name, table in tables.items():
        assert list(table.columns) == list(table.frame), name


def test_the_planted_network_is_found_and_chance_is_beaten(screened):
    scores = screened[3].tables["network_scores"].frame
    assert value_of(scores, "truth, total", "mean shift", "AUPRC") > 0.8
    for name in ALL:
        assert value_of(scores, "truth, direct", name, "AUPRC ratio") > 1.5, name
        for metric in ("AUPRC", "EPR"):
            chance = value_of(scores, "truth, direct", "random", metric)
            assert value_of(scores, "truth, direct", name, metric) > chance
    omitted = value_of(scores, "held-out cells", "mean shift", "false omission rate, top 100")
    assert omitted < value_of(scores, "held-out cells", "random", "false omission rate, top 100")
    assert set(screened[3].tables["reference_network"].frame["kind"]) == {"direct", "total"}


def test_scores_of_the_run_are_of_the_first_estimator_beside_the_others(screened):
    scores = screened[3].scores
    assert all(score.metric.endswith("of mean shift") for score in scores)
    direct = next(score for score in scores if score.split == "truth, direct")
    assert set(direct.baselines) == {*ALL[1:], "random"}


def test_genes_know_their_doses(screened):
    genes = screened[3].tables["network_genes"].frame.set_index("gene")
    assert set(genes.index[genes["node"]]) == set(NODES)
    assert genes.loc[list(NODES), "dose_known"].all()
    assert genes.loc[list(NODES), "dose"].to_numpy() == pytest.approx(-1.5, abs=0.45)
    assert genes.loc["g11", "control"] > 0
    assert np.isnan(genes.loc["g11", "dose"])


def test_a_perturbed_gene_that_was_not_measured_is_a_node_of_assumed_dose():
    whole = screen_data(truth=False)
    kept = whole.adata[:, [name != "g00" for name in whole.adata.var_names]].copy()
    dataset = Dataset(kept, whole.roles, "small", "0" * 16)
    *_, results = run(dataset, AssociationConfig(estimators=("mean shift",)))
    genes = results.tables["network_genes"].frame.set_index("gene")
    assert tuple(genes.loc["g00", ["node", "measured", "dose_known"]]) == (True, False, False)
    assert genes.loc["g00", "dose"] == -1
    network = results.tables["network"].frame
    assert "g00" in set(network["source"])
    assert "g00" not in set(network["target"])


def test_cells_that_nobody_perturbed_have_networks_without_scores():
    split, _, _, results = run(plain_data())
    assert set(results.tables) == {"network", "network_genes"}
    assert list(results.tables["network"].frame["evidence"].unique()) == ALL[1:]
    assert results.scores == []
    assert len(split.train) == 180
    genes = results.tables["network_genes"].frame
    assert genes["node"].all()
    assert genes["dose"].isna().all()
    edges = METHOD.edges(lambda name: results.tables[name].frame, 0)
    assert set(edges["evidence"]) == set(ALL[1:])


def test_cells_along_a_pseudotime_have_one_network_more():
    dataset = plain_data(1200, roles=Roles(counts="X", pseudotime="order"))
    rng = np.random.default_rng(3)
    time = rng.random(1200)
    # g00 rises along the order, and what it makes of "other00" comes a tenth of it later.
    counts = dataset.adata.X.toarray()
    counts[:, 0] = rng.poisson(60.0 * (1 + np.sin(9 * time)))
    counts[:, 12] = rng.poisson(60.0 * (1 + np.sin(9 * (time - 0.1))))
    dataset.adata.X = sparse.csr_matrix(counts)
    dataset.adata.obs["order"] = np.where(rng.random(1200) < 0.1, np.nan, time)
    results = run(dataset)[3]
    network = results.tables["network"].frame
    assert list(network["evidence"].unique()) == [*ALL[1:], "trees along pseudotime"]
    own = network[network["evidence"] == "trees along pseudotime"]
    # Strongest first: the first source of other00 is g00.
    assert own.loc[own["target"] == "other00", "source"].iloc[0] == "g00"


def test_no_test_cell_changes_what_is_estimated():
    dataset = screen_data()
    split, _, models, _ = run(dataset)
    changed = dataset.adata.copy()
    cells = METHOD.sample_names(dataset, QUICK)
    held_out = np.concatenate([split.test, split.validation])
    rows = changed.obs_names.get_indexer([cells[row] for row in held_out])
    values = changed.X.toarray()
    values[rows] = np.random.default_rng(1).poisson(50.0, (len(rows), values.shape[1]))
    changed.X = sparse.csr_matrix(values)
    again = run(Dataset(changed, dataset.roles, "small", "0" * 16))[2]
    for name, value in models[0].items():
        np.testing.assert_array_equal(again[0][name], value)


def test_the_first_replicate_is_of_all_training_cells_and_others_are_drawn(screened):
    _, tensors, models, _ = screened
    from scdyn_core.evaluation.network.correlation import correlation

    values = tensors.parts["train"]["values"]
    expected = correlation(values, tensors.info["genes"]).value
    np.testing.assert_allclose(models[0]["correlation"], expected, atol=1e-6)
    assert (models[1]["correlation"] != models[0]["correlation"]).any()
    assert (models[1]["correlation"] != models[2]["correlation"]).any()


def test_the_same_seed_gives_the_same_networks():
    first, again = (run(screen_data(), replicates=2)[2] for _ in range(2))
    for one, other in zip(first, again, strict=True):
        for name, value in one.items():
            np.testing.assert_array_equal(other[name], value)


def test_regulators_can_be_those_perturbed_or_those_named():
    perturbed = QUICK.model_copy(update={"regulators": "perturbed"})
    network = run(screen_data(), perturbed)[3].tables["network"].frame
    assert set(network["source"]) <= set(NODES)
    named = QUICK.model_copy(update={"regulators": "named", "named": ("g03", "elsewhere")})
    network = run(plain_data(), named)[3].tables["network"].frame
    assert set(network["source"]) == {"g03"}
    nobody = QUICK.model_copy(update={"regulators": "named", "named": ("elsewhere",)})
    with pytest.raises(ConfigError, match="none of which"):
        run(plain_data(), nobody)


def test_only_the_strongest_edges_are_kept_but_scores_see_all_pairs():
    few = QUICK.model_copy(update={"edges": 10})
    results = run(screen_data(), few)[3]
    assert (results.tables["network"].frame.groupby("evidence").size() == 10).all()
    scores = results.tables["network_scores"].frame
    every = run(screen_data())[3].tables["network_scores"].frame
    pd.testing.assert_frame_equal(scores, every)


def test_few_genes_are_the_most_variable_ones_and_those_perturbed():
    few = QUICK.model_copy(update={"genes": 10})
    tensors = run(screen_data(), few)[1]
    assert set(NODES) <= set(tensors.info["genes"])
    assert len(tensors.info["genes"]) <= 16


def test_many_cells_are_drawn_from_and_said_so():
    few = QUICK.model_copy(update={"cells": 50})
    _, tensors, _, results = run(plain_data(), few)
    assert len(tensors.parts["train"]["values"]) == 50 == len(tensors.samples["train"])
    assert "50 of 180 training cells are used" in set(results.tables["cautions"].frame["caution"])


def test_a_screen_without_usable_perturbations_is_cells_like_any():
    dataset = screen_data(cells_each=3)
    results = run(dataset)[3]
    assert "mean shift" not in set(results.tables["network"].frame["evidence"])
    assert "no perturbation is used" in results.tables["cautions"].frame["caution"].iloc[0]
    with pytest.raises(ConfigError, match="none that these data allow: mean shift"):
        run(dataset, AssociationConfig(estimators=("mean shift",)))


def test_a_screen_without_control_is_compared_with_all_cells():
    whole = screen_data()
    dataset = whole.with_roles(Roles(perturbation="label", counts="X"))
    scores = run(dataset)[3].tables["network_scores"].frame
    assert value_of(scores, "truth, total", "mean shift", "AUPRC ratio") > 2


@pytest.mark.parametrize("scaled", [False, True])
def test_without_counts_x_is_taken_as_it_is_and_said_so(scaled):
    whole = screen_data()
    adata = whole.adata.copy()
    values = np.log1p(adata.X.toarray())
    adata.X = values - values.mean(axis=0) if scaled else values
    roles = Roles(perturbation="label", control_perturbation="NT")
    results = run(Dataset(adata, roles, "small", "0" * 16))[3]
    said = list(results.tables["cautions"].frame["caution"])
    assert said[0].startswith("no raw counts")
    assert len(said) == 1 + scaled
    genes = results.tables["network_genes"].frame.set_index("gene")
    assert genes.loc["g00", "dose_known"] == (not scaled)
    scores = results.tables["network_scores"].frame
    assert value_of(scores, "truth, total", "mean shift", "AUPRC") > 0.8


def test_genes_that_never_vary_are_not_used():
    dataset = plain_data(60)
    dataset.adata.X = sparse.csr_matrix(np.ones(dataset.adata.shape))
    with pytest.raises(ConfigError, match="vary"):
        run(dataset)


def test_it_can_be_cancelled_between_targets():
    class Impatient(SilentReporter):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 6

    with pytest.raises(Cancelled):
        run(plain_data(), reporter=Impatient())


def test_progress_only_ever_grows():
    class Listening(SilentReporter):
        seen: tuple[tuple[str, float, float], ...] = ()

        def progress(self, stage: str, done: float, total: float, message: str = "") -> None:
            self.seen = (*self.seen, (stage, done, total))

    reporter = Listening()
    run(plain_data(), replicates=2, reporter=reporter)
    own = [done for stage, done, total in reporter.seen if stage == "estimating networks"]
    assert own == sorted(own)
    assert own[-1] == 6


def test_what_a_run_stores_can_be_stored(screened):
    _, tensors, _, results = screened
    json.dumps(dict(tensors.info))
    edges = METHOD.edges(lambda name: results.tables[name].frame, 1)
    assert set(edges["evidence"]) == set(ALL)
    assert set(edges["target"]) <= {*GENES, *(f"other{number:02d}" for number in range(20))}


def said(dataset, config=QUICK):
    return METHOD.check(dataset, config, 0, SilentReporter())


def test_before_a_run_a_screen_and_the_cells_for_each_regulator_are_told():
    tables = said(screen_data())
    text = " ".join(tables["cautions"].frame["caution"])
    assert f"A screen: {len(NODES)} genes were perturbed alone" in text
    assert "cells for each regulator" in text
    assert set(NODES) <= set(tables["perturbations"].frame["perturbation"])


def test_before_a_run_it_is_told_what_no_perturbed_and_few_cells_cannot_tell():
    text = " ".join(said(plain_data(40))["cautions"].frame["caution"])
    assert "No perturbed cells" in text
    assert "Fewer cells than regulators" in text
    assert "perturbations" not in said(plain_data())
