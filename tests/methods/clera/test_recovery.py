"""On data with known equations CLERA finds the field, and beats linear components."""

import numpy as np
import pytest

from scdyn_core.evaluation.dynamics import mean_cosine, share_explained
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.derivative import NULL, REAL, derivative_table, shares_of
from scdyn_core.methods.clera.method import Clera
from scdyn_core.methods.clera.readout import read_part
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions
from tests.methods.clera.planted import planted_motion


@pytest.fixture(scope="module")
def fitted():
    tensors, z, dz = planted_motion()
    config = CleraConfig(latents=2, weight_classification=0.0, fit_epochs=400)
    method = Clera()
    (network,) = fit(
        lambda seed: method.build(tensors, config, seed),
        method.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(device="cpu"),
        SilentReporter(),
    )
    return tensors, config, network, z, dz


def test_beats_components_of_the_same_number(fitted):
    tensors, config, network, _, _ = fitted
    truth = tensors.reference["test"]["dx"]
    share = share_explained(truth, read_part(network, tensors, "test").dxhat)
    table = derivative_table(config, tensors)
    baselines, null = shares_of(table, REAL), shares_of(table, NULL)
    assert share > baselines["PCA-2 + STLSQ"] + 0.1
    assert share > 0.8
    assert max(null.values()) < 0.1


def test_finds_the_true_field(fitted):
    tensors, _, network, z, dz = fitted
    readout = read_part(network, tensors, "test")
    cells = tensors.samples["test"]
    # Latents are found up to a smooth change of coordinates; near the origin that is affine.
    design = np.column_stack([readout.z, np.ones(len(cells))])
    affine, *_ = np.linalg.lstsq(design, z[cells], rcond=None)
    assert mean_cosine(dz[cells], readout.dzhat @ affine[:-1]) > 0.9


def test_removes_most_of_the_terms(fitted):
    network = fitted[2]
    assert int(network.mask.sum()) <= network.mask.numel() - 4
