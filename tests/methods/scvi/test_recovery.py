"""On generated counts the model knows more than components do, and forgets batches when told."""

import numpy as np
from scipy.sparse import csr_matrix

from scdyn_core.methods.scvi.config import ScviConfig
from scdyn_core.methods.scvi.denoising import expression
from scdyn_core.methods.scvi.held_out import EVIDENCE, UNSEEN, held_out_scores
from scdyn_core.methods.scvi.predictors import Components
from scdyn_core.methods.scvi.read_cells import latents
from scdyn_core.methods.scvi.reading import cells_of
from scdyn_core.methods.scvi.representation import mixing
from scdyn_core.methods.scvi.results import labels_by_part
from tests.methods.scvi.small import counted, tensors_of, train

CONFIG = ScviConfig(latents=2, hidden=48, epochs=60, kl_epochs=10, batch_size=48, evidence_draws=5)


def rate_error(found, truth):
    return float(np.sqrt(np.mean((np.log(found) - np.log(truth)) ** 2)))


def test_beats_components_of_the_same_dimension_on_rates_and_on_counts_left_out():
    dataset = counted(700, genes=60)
    tensors = tensors_of(dataset, CONFIG)
    (network,) = train(tensors, CONFIG)
    scores = {
        score.metric: score
        for score in held_out_scores(
            [network], tensors, labels_by_part(dataset, "kind", tensors), 0
        )
    }
    assert not scores[UNSEEN].beaten_by()
    assert scores[EVIDENCE].value > scores[EVIDENCE].baselines["gene means"] + 5.0
    columns = dataset.adata.var_names.get_indexer(tensors.info["genes"])
    truth = dataset.adata.layers["share"][tensors.samples["test"]][:, columns]
    depth = float(np.exp(tensors.constants["depth"]))
    ours = expression(network, cells_of(tensors, "test"), every_batch=False) / depth
    train_counts, test_counts = (
        csr_matrix(np.asarray(tensors.parts[part]["counts"], dtype=float))
        for part in ("train", "test")
    )
    components = Components.fit(train_counts, 2, depth, 0)
    assert rate_error(ours, truth) < 0.8 * rate_error(components.shares(test_counts, None), truth)


def test_forgets_batches_that_it_is_told():
    dataset = counted(500, genes=40, batches=2, batch_effect=1.2)
    mixed, errors = {}, {}
    for told in ("decoder", "none"):
        config = CONFIG.model_copy(update={"batch": told, "epochs": 40})
        tensors = tensors_of(dataset, config)
        (network,) = train(tensors, config)
        cells = cells_of(tensors, "test")
        rows = tensors.samples["test"]
        codes, kinds = (
            dataset.adata.obs[name].cat.codes.to_numpy()[rows].astype(np.int64)
            for name in ("plate", "kind")
        )
        mixed[told] = mixing(latents(network, cells), codes, kinds, 0)
        columns = dataset.adata.var_names.get_indexer(tensors.info["genes"])
        shares = expression(network, cells, every_batch=True)
        shares /= shares.sum(1, keepdims=True)
        centred = np.log(shares) - np.log(dataset.adata.layers["share"][rows][:, columns])
        errors[told] = float((centred - centred.mean(0)).std())
    assert mixed["decoder"] > 0.75
    assert mixed["none"] < 0.5
    assert errors["decoder"] < errors["none"]
