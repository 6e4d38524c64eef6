"""How well every cell is described equals its mean squared error, held-out treated cells too."""

import numpy as np
import pytest
import torch

from scdyn_core.data.split import PARTS
from tests.methods.scgen.small import METHOD, QUIET, arrays, cells, config, run


def test_every_cell_has_its_own_mean_squared_error():
    dataset, settings = cells(each=20), config(held_out="B")
    results = run(dataset, settings, replicates=2)
    table = results.tables["cell_fit"]
    assert list(table.frame) == list(table.columns)
    frame = table.frame.merge(results.tables["cells"].frame[["cell", "cell_type", "condition"]])
    assert len(frame) == len(table.frame) == 2 * 200
    # Test cells of conditions that were learned from are those of the table reconstruction.
    seen = (frame["part"] == "test") & ~(
        (frame["cell_type"] == "B") & (frame["condition"] == "stim")
    )
    own = frame[seen].groupby(["replicate", "cell_type"])["reconstruction_error"].mean()
    told = results.tables["reconstruction"].frame.query("source == 'model'")
    told = told.set_index(["replicate", "cell_type"])["error"]
    np.testing.assert_allclose(own, told.loc[own.index], rtol=1e-5)


def test_an_untrained_network_is_read_at_its_mean_latents():
    dataset, settings = cells(each=20), config(held_out="B", standardise=True)
    tensors = arrays(dataset, settings)
    network = METHOD.build(tensors, settings, 0).eval()
    table = METHOD.results([network], tensors, dataset, settings, QUIET)
    found = table.tables["cell_fit"].frame
    x = torch.as_tensor(np.concatenate([tensors.parts[part]["x"] for part in PARTS]))
    with torch.no_grad():
        said = network.decode(network.posterior(x)[0])
    expected = ((x - said) ** 2).sum(1) / x.shape[1]
    assert found["reconstruction_error"].to_numpy() == pytest.approx(expected.numpy(), rel=1e-5)
    names = dataset.adata.obs_names[np.concatenate([tensors.samples[part] for part in PARTS])]
    assert found["cell"].tolist() == names.tolist()
