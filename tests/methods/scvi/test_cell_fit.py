"""How well every cell is described equals the likelihood that scipy gives its counts."""

import numpy as np
import pytest
import torch
from scipy.stats import nbinom

from scdyn_core.methods.scvi.held_out import REBUILT
from tests.methods.scvi.small import METHOD, QUIET, TINY, counted, tensors_of, train


@pytest.mark.parametrize("likelihood", ["nb", "zinb"])
def test_every_cell_has_the_likelihood_of_its_counts(likelihood, monkeypatch):
    monkeypatch.setattr(
        "scdyn_core.methods.scvi.tables.latent_map", lambda latent, seed: latent[:, :2]
    )
    config = TINY.model_copy(update={"likelihood": likelihood})
    dataset = counted(300, batches=2)
    tensors = tensors_of(dataset, config)
    networks = train(tensors, config, replicates=2)
    results = METHOD.results(networks, tensors, dataset, config, QUIET)
    table = results.tables["cell_fit"]
    assert list(table.frame) == list(table.columns)
    assert "nats per cell" in table.columns["reconstruction_error"]
    latent = results.tables["latent"].frame
    assert table.frame[["replicate", "cell", "part"]].equals(latent[["replicate", "cell", "part"]])
    for replicate, network in enumerate(networks):
        own = table.frame[table.frame["replicate"] == replicate].set_index("cell")
        places = latent[latent["replicate"] == replicate].set_index("cell").loc[own.index]
        rows = dataset.adata[own.index.tolist()]
        counts = rows.X.toarray().astype(float)
        batch = np.eye(2)[rows.obs["plate"].astype(int)]
        z = torch.as_tensor(places[["z1", "z2", "z3"]].to_numpy(), dtype=torch.float32)
        said = network.decoded(z, {"batch": torch.as_tensor(batch, dtype=torch.float32)})
        mean = counts.sum(1, keepdims=True) * said.log_share.double().exp().detach().numpy()
        size = said.log_dispersion.double().exp().detach().numpy()
        chance = nbinom.pmf(counts, size, size / (size + mean))
        if likelihood == "zinb":
            extra = said.dropout.double().sigmoid().detach().numpy()
            chance = extra * (counts == 0) + (1 - extra) * chance
        expected = -np.log(chance).sum(axis=1)
        np.testing.assert_allclose(own["reconstruction_error"], expected, rtol=1e-4)
    score = next(each for each in results.scores if each.metric == REBUILT)
    test = table.frame[table.frame["part"] == "test"]
    assert score.value == pytest.approx(test["reconstruction_error"].mean(), rel=1e-6)
