"""Every trained method learns from draws of any kind, every replicate from its own."""

import numpy as np
import pytest
import torch

from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.method import Clera
from scdyn_core.methods.gpo_vae.method import GpoVae
from scdyn_core.methods.method import TrainedMethod
from scdyn_core.methods.population import population_of
from scdyn_core.methods.registry import METHODS
from scdyn_core.methods.sampling_tables import sampling_tables
from scdyn_core.methods.scgen.method import Scgen
from scdyn_core.methods.scvi.method import Scvi
from scdyn_core.methods.svae.method import Svae
from scdyn_core.methods.vrnn.config import VrnnConfig
from scdyn_core.methods.vrnn.method import Vrnn
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import trained
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.resampling.options import SAMPLING
from tests.methods.clera.small import small_cycle
from tests.methods.gpo_vae import small as gpo
from tests.methods.regulation import small as regulation
from tests.methods.responses.small import planted
from tests.methods.scgen import small as scgen
from tests.methods.scvi import small as scvi
from tests.methods.svae import small as svae

QUIET = SilentReporter()
CLERA = CleraConfig(
    latents=2, neighbours=20, min_shared_counts=5, warmup_epochs=2, fit_epochs=4, refine_epochs=2
)
CASES = {
    "clera": (Clera(), small_cycle, CLERA),
    "vrnn": (Vrnn(), lambda: planted("responses"), VrnnConfig(epochs=3)),
    "svae": (Svae(), svae.screen, svae.TINY),
    "svae, held out": (Svae(), svae.screen, svae.TINY.model_copy(update={"held_out_share": 0.2})),
    "scvi": (Scvi(), scvi.counted, scvi.TINY),
    "scgen": (Scgen(), scgen.cells, scgen.config(held_out="mono")),
    "gpo_vae": (GpoVae(), regulation.screen, gpo.TINY),
    "gpo_vae, published": (GpoVae(), regulation.screen, gpo.PRESETS["published"]),
}


def test_no_trained_method_is_forgotten():
    methods = {method.key for method in METHODS if isinstance(method, TrainedMethod)}
    assert methods == {method.key for method, _, _ in CASES.values()}


@pytest.mark.parametrize("name", CASES)
def test_a_method_learns_from_draws_of_its_own(name):
    method, dataset, config = CASES[name]
    dataset = dataset()
    split = method.split(dataset, config, 0)
    tensors = method.tensors(dataset, config, split, 0, QUIET)
    options = TrainingOptions(sampling=SAMPLING["marginal"], replicates=2, device="cpu")
    population = population_of(method, dataset, tensors, options.sampling)
    found = trained(
        lambda seed: method.build(tensors, config, seed),
        method.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        options,
        QUIET,
        adapt=tensors.parts.get("adapt"),
        population=population,
    )
    train = {k: torch.as_tensor(v).float() for k, v in tensors.parts["train"].items()}
    for module in found.modules:
        with torch.no_grad():
            latent = module.latent(train)
            assert torch.equal(latent, module.latent(train))
        assert latent.shape[0] == len(tensors.samples["train"])
        assert torch.isfinite(latent).all()
    assert not np.allclose(found.weights[0], found.weights[1])
    # No step is left out, and no sample is drawn less than half as often as it would be.
    assert len(set(found.counts.sum(1))) == 1
    assert found.weights.min() >= 0.5 / len(latent) - 1e-12
    if method.samples == "cells":
        tables = sampling_tables(found, population, dataset, tensors.samples["train"])
        for key, table in tables.items():
            assert list(table.frame.columns) == list(table.columns), key
        assert len(tables["sampling_cells"].frame) == 2 * len(latent)
