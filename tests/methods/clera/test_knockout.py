"""Taking a latent away: the table against cells decoded one by one."""

import numpy as np
import pytest
import torch

from scdyn_core.methods.clera import knockout
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.knockout import knockout_table
from scdyn_core.methods.clera.method import Clera
from scdyn_core.methods.clera.tables import cells_table
from scdyn_core.reporter import SilentReporter
from tests.methods.clera.small import small_cycle

CONFIG = CleraConfig(latents=2, neighbours=20, min_shared_counts=5)


@pytest.fixture(scope="module")
def made():
    method, dataset = Clera(), small_cycle()
    split = method.split(dataset, CONFIG, seed=0)
    tensors = method.tensors(dataset, CONFIG, split, 0, SilentReporter())
    networks = [method.build(tensors, CONFIG, seed) for seed in (0, 1)]
    cells = cells_table(dataset, tensors).frame
    half = np.where(np.arange(len(cells)) % 2 == 0, "even", "odd")
    return networks, tensors, cells.assign(cell_type=half)


def by_hand(network, tensors, latent):
    with torch.no_grad():
        train, test = (
            network.encode(torch.as_tensor(tensors.parts[part]["x"]).float())
            for part in ("train", "test")
        )
        without = test.clone()
        without[:, latent] = train[:, latent].mean()
        change = (network.decode(test) - network.decode(without)).double().numpy()
        away = ((test - train.mean(0)) / train.std(0))[:, latent].double().numpy()
    if CONFIG.components:
        change = change @ tensors.constants["components"]
    return change * tensors.constants["gene_sd"], away


@pytest.mark.parametrize("batch", [7, 4096])
def test_the_table_says_what_decoding_again_says(made, monkeypatch, batch):
    monkeypatch.setattr(knockout, "BATCH", batch)
    networks, tensors, cells = made
    frame = knockout_table(networks, tensors, cells).frame
    test = cells["part"] == "test"
    for replicate, network in enumerate(networks):
        for latent in range(2):
            change, away = by_hand(network, tensors, latent)
            rows = frame.query(f"replicate == {replicate} and latent == {latent + 1}")
            for name in (None, "even", "odd"):
                member = np.ones(len(change), bool) if name is None else (
                    cells.loc[test, "cell_type"] == name
                ).to_numpy()  # fmt: skip
                own = rows[rows["cell_type"].isna() if name is None else rows["cell_type"] == name]
                at = [tensors.info["genes"].index(gene) for gene in own["gene"]]
                part, along = change[member][:, at], away[member]
                np.testing.assert_allclose(own["mean_abs"], np.abs(part).mean(0), rtol=1e-5)
                np.testing.assert_allclose(own["mean"], part.mean(0), rtol=1e-4, atol=1e-7)
                slope = [np.linalg.lstsq(along[:, None], gene, rcond=None)[0][0] for gene in part.T]
                np.testing.assert_allclose(own["slope"], slope, rtol=1e-4, atol=1e-7)
                np.testing.assert_allclose(own["positive"], (part * along[:, None] > 0).mean(0))


def test_of_a_cell_type_only_the_most_affected_genes_are_kept(made, monkeypatch):
    monkeypatch.setattr(knockout, "GENES_PER_TYPE", 3)
    networks, tensors, cells = made
    frame = knockout_table(networks[:1], tensors, cells).frame
    counts = frame.groupby(["latent", "cell_type"], dropna=False).size()
    assert set(counts.xs("even", level="cell_type")) == {3}
    assert set(counts[counts.index.get_level_values("cell_type").isna()]) == {
        len(tensors.info["genes"])
    }


def test_without_cell_types_there_are_all_cells(made):
    networks, tensors, cells = made
    frame = knockout_table(networks[:1], tensors, cells.drop(columns="cell_type")).frame
    assert frame["cell_type"].isna().all()
