"""Training: it resumes exactly, replicates are themselves, no test cell is learned from."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.methods.perturbations.reading import cells_of, reading_of
from scdyn_core.methods.svae.config import SvaeConfig
from scdyn_core.methods.svae.moments import label_moments
from scdyn_core.methods.svae.phases import ADAPT
from scdyn_core.methods.svae.trained import TrainableSvae
from scdyn_core.reporter import Cancelled
from tests.methods.svae.small import METHOD, SHORT, TINY, screen, tensors_of, train, with_groups
from tests.methods.vrnn.test_method import StopAfter

#: A target that is in no pair, and a pair whose targets are learned from other cells.
HELD_OUT = SvaeConfig(**SHORT, held_out=("P004", "P001+P002"))


def same(one, other):
    pairs = zip(one.state_dict().items(), other.state_dict().values(), strict=True)
    return all(torch.equal(value, against) for (_, value), against in pairs)


@pytest.fixture(scope="module")
def generated():
    """Eight perturbations, four pairs, and control cells."""
    return screen(seed=2, combinations=4)


@pytest.mark.parametrize("replicates", [1, 2])
@pytest.mark.parametrize("mask", ["solved", "gradient"])
def test_stopping_and_resuming_changes_no_bit(generated, tmp_path, replicates, mask):
    config = HELD_OUT.model_copy(update={"mask": mask, "dropout": 0.1, "normalisation": "batch"})
    tensors = tensors_of(generated, config)
    total = sum(phase.epochs for phase in METHOD.phases(config))
    assert METHOD.phases(config)[-1].name == ADAPT
    whole = train(tensors, config, replicates=replicates)
    for stop in range(1, total):
        with pytest.raises(Cancelled):
            train(tensors, config, replicates=replicates, checkpoints=tmp_path,
                  reporter=StopAfter(stop))  # fmt: skip
    resumed = train(tensors, config, replicates=replicates, checkpoints=tmp_path)
    assert all(same(one, other) for one, other in zip(whole, resumed, strict=True))


def test_replicates_are_what_each_seed_makes_alone(generated, monkeypatch):
    """Draws differ between replicates trained together; without draws they are as if alone."""
    monkeypatch.setattr(torch, "randn_like", torch.zeros_like)
    config = HELD_OUT
    tensors, seeds = tensors_of(generated, config), []

    def build(seed):
        seeds.append(seed)
        return METHOD.build(tensors, config, seed)

    together = train(tensors, config, build=build, replicates=3)
    assert len(set(seeds)) == 3
    for seed, one in zip(seeds, together, strict=True):
        (alone,) = train(tensors, config, build=lambda _, seed=seed: METHOD.build(
            tensors, config, seed))  # fmt: skip
        for name, value in alone.state_dict().items():
            torch.testing.assert_close(one.state_dict()[name], value, atol=2e-2, rtol=1e-2)


def with_other_counts(dataset, cells):
    """Return the dataset with quite other counts, and other depths, of some cells."""
    adata = dataset.adata.copy()
    dense = np.asarray(adata.X.toarray())
    rng = np.random.default_rng(5)
    dense[cells] = rng.poisson(rng.gamma(0.5, 40, dense[cells].shape))
    adata.X = csr_matrix(dense)
    return Dataset(adata, dataset.roles, "other", "1" * 16)


def test_no_test_cell_changes_what_is_trained_on(generated):
    config = HELD_OUT.model_copy(update={"genes": 20})
    tensors = tensors_of(generated, config)
    other = tensors_of(with_other_counts(generated, tensors.samples["test"]), config)
    assert len(tensors.info["genes"]) == 20
    assert other.info["genes"] == tensors.info["genes"]
    assert not np.array_equal(other.parts["test"]["counts"], tensors.parts["test"]["counts"])
    for part in ("train", "validation", "adapt"):
        for name, value in tensors.parts[part].items():
            np.testing.assert_array_equal(other.parts[part][name], value)
    for name, value in tensors.constants.items():
        np.testing.assert_array_equal(other.constants[name], value)
    (one,), (two,) = train(tensors, config), train(other, config)
    assert same(one, two)


def test_held_out_cells_change_only_their_own_targets(generated):
    tensors = tensors_of(generated, HELD_OUT)
    other = tensors_of(with_other_counts(generated, tensors.samples["adapt"]), HELD_OUT)
    for name, value in tensors.constants.items():
        np.testing.assert_array_equal(other.constants[name], value)
    assert not np.array_equal(other.parts["adapt"]["counts"], tensors.parts["adapt"]["counts"])
    held = np.isin(labels_of(generated, tensors, "train"), HELD_OUT.held_out)
    assert not held.any()
    one = train(tensors, HELD_OUT)[0].state_dict()
    two = train(other, HELD_OUT)[0].state_dict()
    assert {name for name in one if not torch.equal(one[name], two[name])} <= {
        "shift",
        "mask_logit",
    }
    assert torch.equal(one["shift"][tensors.constants["cells"] > 0],
                       two["shift"][tensors.constants["cells"] > 0])  # fmt: skip
    assert not torch.equal(one["shift"], two["shift"])


def labels_of(dataset, tensors, part):
    return np.asarray(dataset.adata.obs["perturbation"].astype(str))[tensors.samples[part]]


@pytest.mark.parametrize("mask", ["solved", "gradient", "sampled"])
@pytest.mark.parametrize("prior", ["sparse", "perturbation", "none"])
def test_adapting_finds_what_is_new_and_leaves_all_else(generated, mask, prior):
    config = HELD_OUT.model_copy(update={"mask": mask, "prior": prior})
    tensors = tensors_of(generated, config)
    phases = METHOD.phases(config)
    (before,) = train(tensors, config, phases=phases[:-1])
    (after,) = train(tensors, config, phases=phases)
    row = int(np.flatnonzero(tensors.constants["cells"] == 0)[0])
    assert (tensors.constants["cells"] == 0).sum() == 1
    assert float(before.shift[row].detach().abs().max()) == 0.0
    for name, value in before.state_dict().items():
        now = after.state_dict()[name]
        if name in ("shift", "mask_logit"):
            assert name == "mask_logit" or not torch.equal(now[row], value[row])
            keep = torch.arange(len(value)) != row
            value, now = value[keep], now[keep]
        assert torch.equal(now, value), name


def test_targets_are_solved_for_after_every_epoch_and_decided_in_the_end(generated):
    tensors = tensors_of(generated)
    (network,) = train(tensors)
    assert isinstance(network, TrainableSvae)
    assert set(network.mask_logit.detach().abs().unique().tolist()) == {30.0}
    assert float(network.origin.abs().max()) == 0.0
    with torch.no_grad():
        means = label_moments(network, cells_of(tensors, "train")).means
    control = int(network.control)
    assert float(means[control].abs().max()) < 1e-4


@pytest.mark.parametrize("mask", ["solved", "gradient", "sampled"])
def test_a_price_that_nobody_pays_closes_every_target_however_it_is_learned(mask):
    changes = {"mask": mask, "sparsity": 50.0, "mask_rate": 1.0, "epochs": 12, "rotation": True}
    config = SvaeConfig(**{**SHORT, **changes})
    (network,) = train(tensors_of(screen(), config), config)
    assert bool((network.mask_logit < 0).all())


def test_training_reads_no_label_of_a_cell_but_its_own(generated):
    """The encoder sees counts alone: labels of validation cells change nothing that is learned."""
    tensors = tensors_of(generated)
    arrays = dict(tensors.parts["validation"])
    arrays["label"] = arrays["label"][::-1].copy()
    shuffled = replace(tensors, parts={**tensors.parts, "validation": arrays})
    assert same(train(tensors)[0], train(shuffled)[0])


def test_the_weight_of_the_divergence_and_of_the_costs_grow():
    config = TINY.model_copy(update={"warm_up": 4, "kl_epochs": 8, "epochs": 10, "weight_kl": 2.0})
    dataset = screen()
    tensors = tensors_of(dataset, config)
    seen = []

    class Watched(TrainableSvae):
        def after_epoch(self, state, data, context):
            super().after_epoch(state, data, context)
            seen.append((float(state["beta"]), float(state["strictness"])))

    train(tensors, config, build=lambda seed: Watched(config, reading_of(tensors), seed))
    beta, strictness = np.array(seen).T
    np.testing.assert_allclose(beta, 2.0 * np.minimum(np.arange(1, 15) / 8, 1))
    np.testing.assert_allclose(strictness[:4], 0.0)
    np.testing.assert_allclose(strictness[4:], np.minimum(np.arange(1, 11) / 4, 1))


def test_a_share_held_out_is_never_nobody():
    config = SvaeConfig(**SHORT, held_out_share=0.001)
    tensors = tensors_of(screen(), config)
    assert len(np.unique(tensors.parts["adapt"]["label"])) == 1
    train(tensors, config)


def test_batches_of_cells_are_levels_known_from_all_cells():
    dataset = with_groups(screen(), "batch")
    tensors = tensors_of(dataset)
    assert float(tensors.constants["batches"]) == 3
    codes = dataset.adata.obs["group"].cat.codes.to_numpy()
    for part, cells in tensors.parts.items():
        np.testing.assert_array_equal(cells["batch"].argmax(1), codes[tensors.samples[part]])
        np.testing.assert_array_equal(cells["batch"].sum(1), 1.0)


def test_a_column_that_names_every_cell_is_no_batch():
    dataset = screen(cells_per_intervention=60)
    adata = dataset.adata.copy()
    adata.obs["barcode"] = adata.obs_names
    roles = dataset.roles.model_copy(update={"batch": "barcode"})
    with pytest.raises(ConfigError, match="batch"):
        tensors_of(Dataset(adata, roles, "screen", "0" * 16))


@pytest.mark.parametrize("prior", ["sparse", "perturbation", "none"])
def test_shifts_are_those_of_the_finished_network(prior):
    changes = {"prior": prior, "refine": 3, "learning_rate": 0.02, "held_out": ("P004",)}
    config = SvaeConfig(**{**SHORT, **changes})
    tensors = tensors_of(screen(), config)
    (network,) = train(tensors, config)
    with torch.no_grad():
        means = label_moments(network, cells_of(tensors, "train")).means.float()
    targets = network.members[:, 0]
    for label in torch.nonzero(targets < len(network.shift)).flatten():
        shift = network.shift[targets[label]].detach()
        if network.cells[targets[label]] > 0:
            torch.testing.assert_close(shift, means[label], atol=1e-4, rtol=1e-3)
