"""How well every cell is described equals the likelihood that scipy gives its counts."""

import numpy as np
import torch
from scipy.stats import nbinom

from scdyn_core.methods.svae.config import SvaeConfig
from tests.methods.svae.small import METHOD, QUIET, SHORT, screen, tensors_of, train, with_groups


def test_every_cell_has_the_likelihood_of_its_counts_in_the_order_of_the_table_of_cells():
    dataset = with_groups(screen(), "batch")
    config = SvaeConfig(**SHORT, held_out=("P004",))
    tensors = tensors_of(dataset, config)
    networks = METHOD.settle(train(tensors, config, replicates=2), tensors, config)
    tables = METHOD.results(networks, tensors, dataset, config, QUIET).tables
    table, cells, latent = (tables[name] for name in ("cell_fit", "cells", "latent"))
    assert list(table.frame) == list(table.columns)
    assert set(table.frame["part"]) == {"train", "validation", "test", "adapt"}
    counts = np.asarray(dataset.adata[cells.frame["cell"].tolist()].X.todense(), dtype=float)
    # Levels of the batch in the order in which the network is told them.
    rows = np.concatenate(list(tensors.samples.values())).argsort()
    batch = np.concatenate([part["batch"] for part in tensors.parts.values()])[rows]
    for replicate, network in enumerate(networks):
        own = table.frame[table.frame["replicate"] == replicate]
        assert own["cell"].tolist() == cells.frame["cell"].tolist()
        assert own["part"].tolist() == cells.frame["part"].tolist()
        z = latent.frame[latent.frame["replicate"] == replicate][["z1", "z2", "z3", "z4"]]
        with torch.no_grad():
            rates = network.log_rates(
                torch.as_tensor(z.to_numpy(), dtype=torch.float32),
                torch.as_tensor(batch, dtype=torch.float32),
            )
        mean = counts.sum(1, keepdims=True) * rates.double().exp().numpy()
        size = network.log_dispersion.double().exp().detach().numpy()
        expected = -nbinom.logpmf(counts, size, size / (size + mean)).sum(axis=1)
        np.testing.assert_allclose(own["reconstruction_error"], expected, rtol=1e-4)
