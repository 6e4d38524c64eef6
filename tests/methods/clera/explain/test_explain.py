"""Attributions: exact, complete, of test cells against training cells, and stoppable."""

import math
from copy import deepcopy
from itertools import combinations

import numpy as np
import pytest
import torch

from scdyn_core.errors import ConfigError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.explain.cells import draw_cells
from scdyn_core.methods.clera.explain.config import ExplainConfig
from scdyn_core.methods.clera.explain.explain import explain_networks
from scdyn_core.methods.clera.method import Clera
from scdyn_core.methods.method import Tensors
from scdyn_core.reporter import Cancelled, SilentReporter

CELLS, INPUTS, GENES, LATENTS = 40, 5, 12, 3
CONFIG = CleraConfig(latents=LATENTS, components=INPUTS, widths=(8,), classifier_widths=(4,))
SD = np.linspace(0.5, 2.0, GENES)
TYPES = ["early", "late"]


def make_tensors() -> Tensors:
    rng = np.random.default_rng(0)
    components = np.linalg.qr(rng.normal(size=(GENES, INPUTS)))[0].T
    parts = {}
    for part in ("train", "validation", "test"):
        parts[part] = {
            "x": rng.normal(size=(CELLS, INPUTS)).astype(np.float32),
            "dx": rng.normal(size=(CELLS, INPUTS)).astype(np.float32),
            "classes": np.eye(2, dtype=np.float32)[np.arange(CELLS) % 4 // 3],
        }
    return Tensors(
        parts=parts,
        samples={part: np.arange(CELLS) for part in parts},
        constants={
            "scale": np.array(1.0),
            "variances": np.ones(2),
            "components": components,
            "centre": rng.normal(size=GENES),
            "gene_sd": SD,
            "score_sd": np.ones(INPUTS),
        },
        info={"genes": [f"gene{i}" for i in range(GENES)], "types": TYPES},
    )


@pytest.fixture(scope="module")
def tensors():
    return make_tensors()


@pytest.fixture(scope="module")
def network(tensors):
    return Clera().build(tensors, CONFIG, seed=3).eval()


REQUEST = ExplainConfig(cells=20, background=15, gene_samples=400)


@pytest.fixture(scope="module")
def found(tensors, network):
    return explain_networks([network], tensors, REQUEST, SilentReporter())


def by_hand(function, z, background):
    """Shapley values from their definition, one coalition after the other: (n, d, outputs)."""
    d = z.shape[1]

    def value(cell, known):
        mixed = background.copy()
        mixed[:, list(known)] = cell[list(known)]
        return function(mixed).mean(axis=0)

    values = []
    for cell in z:
        worth = {s: value(cell, s) for k in range(d + 1) for s in combinations(range(d), k)}
        of_cell = np.zeros((d, len(worth[()])))
        for i in range(d):
            for s in (s for s in worth if i not in s):
                weight = math.factorial(len(s)) * math.factorial(d - len(s) - 1) / math.factorial(d)
                of_cell[i] += weight * (worth[tuple(sorted((*s, i)))] - worth[s])
        values.append(of_cell)
    return np.array(values)


def run_double(network, name, values):
    with torch.no_grad():
        return getattr(deepcopy(network).double(), name)(torch.as_tensor(values)).numpy()


def test_decoder_attributions_are_the_shapley_values_of_every_gene(tensors, network, found):
    sample = draw_cells(tensors, REQUEST)
    background = run_double(network, "encode", sample.background)
    z = run_double(network, "encode", np.concatenate(list(sample.groups.values())))

    def genes(latents):
        scores = run_double(network, "decode", latents)
        return (scores @ tensors.constants["components"] + tensors.constants["centre"]) * SD

    expected = by_hand(genes, z, background)
    table = found["shap_decoder"].frame
    for column, wanted in (
        ("mean", expected.mean(axis=0)),
        ("mean_abs", np.abs(expected).mean(axis=0)),
        ("sd", expected.std(axis=0)),
    ):
        got = table.pivot(index="latent", columns="gene", values=column)
        got = got[tensors.info["genes"]].to_numpy()
        np.testing.assert_allclose(got, wanted, atol=1e-6)
    centred = z - z.mean(axis=0)
    slope = (centred[:, :, None] * expected).sum(axis=0) / np.square(centred).sum(axis=0)[:, None]
    got = table.pivot(index="latent", columns="gene", values="slope")[tensors.info["genes"]]
    np.testing.assert_allclose(got.to_numpy(), slope, atol=1e-6)


def test_a_cell_type_is_explained_by_its_own_cells_and_logit(tensors, network, found):
    sample = draw_cells(tensors, REQUEST)
    background = run_double(network, "encode", sample.background)
    table = found["shap_classifier"].frame.set_index(["cell_type", "latent"])
    for number, name in enumerate(TYPES):
        z = run_double(network, "encode", sample.groups[name])
        expected = by_hand(lambda v: run_double(network, "classifier", v), z, background)
        sizes = np.abs(expected[:, :, number])
        np.testing.assert_allclose(table.loc[name, "mean_abs"], sizes.mean(axis=0), atol=1e-6)
        np.testing.assert_allclose(table.loc[name, "sd_abs"], sizes.std(axis=0), atol=1e-6)


def test_attributions_add_up_to_what_they_explain(found):
    checks = found["shap_checks"].frame.set_index("attribution")
    assert set(checks.index) == {"decoder", "classifier", "encoder", "gene_to_type"}
    assert (checks.loc[["decoder", "classifier"], "gap"] < 1e-6).all()
    assert (checks["gap"] < 0.12).all()
    assert (checks["cells"] == 20).all()


def test_the_sampled_part_gets_closer_with_more_samples(tensors, network):
    gaps = [
        explain_networks(
            [network],
            tensors,
            REQUEST.model_copy(
                update={"attributions": ("encoder",), "gene_samples": samples, "cells": 10}
            ),
            SilentReporter(),
        )["shap_checks"].frame["gap"][0]
        for samples in (20, 1000)
    ]
    assert gaps[1] < gaps[0] / 2.5


def test_gene_attributions_of_a_linear_encoder_are_weight_times_difference(tensors):
    linear = Clera().build(tensors, CONFIG.model_copy(update={"widths": ()}), seed=0).eval()
    with torch.no_grad():
        ends = linear.encode(torch.zeros(1, INPUTS)), linear.encode(torch.eye(INPUTS))
    to_genes = (ends[1] - ends[0]).numpy().T @ tensors.constants["components"]
    request = REQUEST.model_copy(
        update={"attributions": ("encoder",), "gene_samples": 1000, "cells": 10}
    )
    table = explain_networks([linear], tensors, request, SilentReporter())["shap_encoder"].frame
    slope = table.pivot(index="latent", columns="gene", values="slope")[tensors.info["genes"]]
    np.testing.assert_allclose(slope.to_numpy(), to_genes, atol=0.02)


def test_cells_come_from_the_test_part_evenly_and_the_background_from_training(tensors):
    sample = draw_cells(tensors, REQUEST)
    test, train = (
        {tuple(row) for row in np.float64(tensors.parts[part]["x"])} for part in ("test", "train")
    )
    assert all(tuple(row) in test for x in sample.groups.values() for row in x)
    assert all(tuple(row) in train for row in sample.background)
    assert [len(x) for x in sample.groups.values()] == [10, 10]
    assert len(sample.background) == 15


def test_validation_cells_play_no_part(tensors, network):
    moved = make_tensors()
    moved.parts["validation"]["x"][:] = 1e6
    request = REQUEST.model_copy(update={"attributions": ("decoder",)})
    one, other = (
        explain_networks([network], given, request, SilentReporter())["shap_decoder"].frame
        for given in (tensors, moved)
    )
    assert one.equals(other)


class StoppingReporter(SilentReporter):
    """Cancelled after some reports of progress."""

    def __init__(self, after):
        self.after = after
        self.heard = []

    def progress(self, stage, done, total, message=""):
        self.heard.append((done, total))

    def cancelled(self):
        return len(self.heard) > self.after


@pytest.mark.parametrize("what", ["decoder", "encoder"])
def test_a_cancel_stops_between_batches(tensors, network, what):
    reporter = StoppingReporter(after=1)
    request = REQUEST.model_copy(update={"attributions": (what,), "cells": 40})
    with pytest.raises(Cancelled):
        explain_networks([network], tensors, request, reporter)
    assert len(reporter.heard) == 2
    assert reporter.heard[-1][0] < reporter.heard[-1][1]


def test_progress_ends_at_its_total(tensors, network):
    reporter = StoppingReporter(after=10**9)
    request = REQUEST.model_copy(update={"replicates": (1, 2), "gene_samples": 20})
    found = explain_networks([network, network], tensors, request, reporter)
    done, total = reporter.heard[-1]
    assert done == total
    assert set(found["shap_decoder"].frame["replicate"]) == {0, 1}


def test_a_replicate_that_is_not_there_is_refused(tensors, network):
    request = REQUEST.model_copy(update={"replicates": (2,)})
    with pytest.raises(ConfigError, match="replicate 2"):
        explain_networks([network], tensors, request, SilentReporter())


def test_without_cell_types_all_cells_are_one_group(network):
    given = make_tensors()
    for part in given.parts.values():
        del part["classes"]
    given.info["types"] = []
    plain = Clera().build(given, CONFIG, seed=3).eval()
    found = explain_networks([plain], given, REQUEST, SilentReporter())
    assert set(found) == {"shap_decoder", "shap_decoder_types", "shap_encoder", "shap_checks"}
    assert set(found["shap_decoder_types"].frame["cell_type"]) == {"all cells"}
    only = REQUEST.model_copy(update={"attributions": ("classifier",)})
    with pytest.raises(ConfigError, match="cell types"):
        explain_networks([plain], given, only, SilentReporter())


def test_every_column_is_explained(found):
    for table in found.values():
        assert set(table.columns) == set(table.frame.columns)
