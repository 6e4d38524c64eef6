"""How well every cell is described: expression, motion and type, against a plain computation."""

import numpy as np
import pytest
import torch

from scdyn_core.data.split import PARTS
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.method import Clera
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions
from tests.methods.clera.small import small_cycle

METHOD, QUIET = Clera(), SilentReporter()


def trained(dataset, **settings):
    config = CleraConfig(
        derivative="velocity", warmup_epochs=2, fit_epochs=3, refine_epochs=2, **settings
    )
    split = METHOD.split(dataset, config, 0)
    tensors = METHOD.tensors(dataset, config, split, 0, QUIET)
    networks = METHOD.settle(
        fit(
            build=lambda seed: METHOD.build(tensors, config, seed),
            phases=METHOD.phases(config),
            train=tensors.parts["train"],
            validation=tensors.parts["validation"],
            options=TrainingOptions(device="cpu", replicates=2),
            reporter=QUIET,
        ),
        tensors,
        config,
    )
    return networks, tensors, METHOD.results(networks, tensors, dataset, config, QUIET)


def with_unknown_types():
    dataset = small_cycle(cells=240, genes=30)
    types = dataset.adata.obs["cell_type"].astype(object)
    types.iloc[::10] = np.nan
    dataset.adata.obs["cell_type"] = types.astype("category")
    return dataset


@pytest.mark.parametrize("loss", ["softmax", "sigmoid"])
def test_every_cell_has_its_own_errors_and_type(loss):
    networks, tensors, results = trained(
        with_unknown_types(), components=0, class_loss=loss, weight_classification=1.0
    )
    table, latent = results.tables["cell_fit"], results.tables["latent"].frame
    assert list(table.frame) == list(table.columns)
    assert table.frame["cell"].equals(latent["cell"])
    x, dx, one_hot = (
        np.concatenate([tensors.parts[part][name] for part in PARTS])
        for name in ("x", "dx", "classes")
    )
    names = np.array(tensors.info["types"], dtype=object)
    for replicate, network in enumerate(networks):
        own = table.frame[table.frame["replicate"] == replicate].reset_index(drop=True)
        with torch.no_grad():
            z, dz = network.encode_dual(torch.as_tensor(x).float(), torch.as_tensor(dx).float())
            said, moved = network.decode_dual(z, network.velocity(z))
            logits = network.classifier(z)
        np.testing.assert_allclose(
            own["reconstruction_error"], ((x - said.numpy()) ** 2).sum(1) / x.shape[1], rtol=1e-4
        )
        np.testing.assert_allclose(
            own["velocity_error"], ((dx - moved.numpy()) ** 2).sum(1) / x.shape[1], rtol=1e-4
        )
        np.testing.assert_allclose(own["speed"], (dz.numpy() ** 2).sum(1) ** 0.5, rtol=1e-4)
        np.testing.assert_array_equal(own["predicted_type"], names[logits.argmax(1)])
        chance = np.exp(logits.double().numpy())
        chance /= 1 + chance if loss == "sigmoid" else chance.sum(1, keepdims=True)
        np.testing.assert_allclose(own["probability"], chance.max(1), rtol=1e-4)
        known = one_hot.any(1)
        assert 0 < known.sum() < len(known)
        assert own.loc[~known, "probability_own"].isna().all()
        np.testing.assert_allclose(
            own.loc[known, "probability_own"], (chance * one_hot).sum(1)[known], rtol=1e-4
        )


def test_errors_are_of_genes_where_the_network_reads_components():
    dataset = small_cycle(cells=240, genes=30)
    dataset = dataset.with_roles(dataset.roles.replace({"cell_type": None}))
    networks, tensors, results = trained(dataset, components=6)
    table = results.tables["cell_fit"]
    assert list(table.frame) == [
        "replicate", "cell", "part", "reconstruction_error", "speed", "velocity_error",
    ]  # fmt: skip
    assert "squared sd" in table.columns["reconstruction_error"]
    test = table.frame[(table.frame["part"] == "test") & (table.frame["replicate"] == 1)]
    truth = tensors.reference["test"]
    network, loadings = networks[1], tensors.constants["components"]
    with torch.no_grad():
        z = network.encode(torch.as_tensor(tensors.parts["test"]["x"]).float())
        said = network.decode(z).double().numpy() @ loadings + tensors.constants["centre"]
    expected = np.square(truth["x"] - said).mean(axis=1)
    np.testing.assert_allclose(test["reconstruction_error"], expected, rtol=1e-4)
    # The mean over cells is what the share that is not explained is made of.
    score = next(each for each in results.scores if each.metric == "reconstruction R2")
    errors = table.frame[table.frame["part"] == "test"].groupby("replicate")
    varied = np.square(truth["x"] - truth["x"].mean(axis=0)).mean()
    shares = 1 - errors["reconstruction_error"].mean() / varied
    assert score.value == pytest.approx(shares.mean(), rel=1e-6)
