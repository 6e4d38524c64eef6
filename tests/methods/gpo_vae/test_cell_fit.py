"""How well every cell is described equals the likelihood that scipy gives its counts."""

import numpy as np
import pytest
import torch
from scipy.stats import nbinom

from tests.methods.gpo_vae.small import METHOD, PRESETS, tensors_of, train
from tests.methods.regulation.small import QUIET, screen


@pytest.mark.parametrize("preset", PRESETS)
def test_every_cell_has_the_likelihood_of_its_counts_under_the_effects_of_its_label(
    preset, monkeypatch
):
    monkeypatch.setattr(
        "scdyn_core.methods.perturbations.cell_map.latent_map", lambda latent, seed: latent[:, :2]
    )
    dataset = screen(combinations=4)
    config = PRESETS[preset].model_copy(update={"held_out": ("N04",), "epochs": 1})
    tensors = tensors_of(dataset, config)
    networks = train(tensors, config, replicates=2)
    tables = METHOD.results(networks, tensors, dataset, config, QUIET).tables
    table, cells, latent = (tables[name] for name in ("cell_fit", "cells", "latent"))
    for each in (table, latent):
        assert list(each.frame) == list(each.columns)
    positions = np.concatenate(list(tensors.samples.values()))
    names = dataset.adata.obs_names[positions]
    by_cell = cells.frame.set_index("cell").loc[names]
    arrays = {
        name: np.concatenate([part[name] for part in tensors.parts.values()])
        for name in tensors.parts["train"]
    }
    read = {name: torch.as_tensor(v, dtype=torch.float32) for name, v in arrays.items()}
    counts = arrays["counts"].astype(float)
    every = torch.arange(len(counts))
    for replicate, network in enumerate(networks):
        own = table.frame[table.frame["replicate"] == replicate].set_index("cell").loc[names]
        assert own["part"].tolist() == by_cell["part"].tolist()
        places = latent.frame[latent.frame["replicate"] == replicate].set_index("cell").loc[names]
        z = torch.as_tensor(places[["z1", "z2", "z3"]].to_numpy(), dtype=torch.float32)
        with torch.no_grad():
            rates = network.log_rates(z, read, network.expected(), every, torch.zeros_like(every))
        mean = counts.sum(1, keepdims=True) * rates.double().exp().numpy()
        size = network.log_dispersion.double().exp().detach().numpy()
        expected = -nbinom.logpmf(counts, size, size / (size + mean)).sum(axis=1)
        np.testing.assert_allclose(own["reconstruction_error"], expected, rtol=1e-4)
