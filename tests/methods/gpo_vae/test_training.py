"""Training: it resumes exactly, replicates are themselves, no test cell is learned from."""

import numpy as np
import pytest
import torch

from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.network import CLOSED
from scdyn_core.reporter import Cancelled
from tests.methods.gpo_vae.small import METHOD, PRESETS, SHORT, TINY, tensors_of, train
from tests.methods.regulation.small import screen, with_batches, with_other_counts
from tests.methods.vrnn.test_method import StopAfter


def same(one, other):
    pairs = zip(one.state_dict().items(), other.state_dict().values(), strict=True)
    return all(torch.equal(value, against) for (_, value), against in pairs)


@pytest.fixture(scope="module")
def generated():
    """Eight perturbations, four pairs, and control cells."""
    return screen(combinations=4)


@pytest.mark.parametrize("replicates", [1, 2])
@pytest.mark.parametrize("preset", PRESETS)
def test_stopping_and_resuming_changes_no_bit(generated, tmp_path, replicates, preset):
    config = PRESETS[preset].model_copy(update={"epochs": 4, "patience": 0})
    tensors = tensors_of(generated, config)
    whole = train(tensors, config, replicates=replicates)
    for stop in (1, 3):
        with pytest.raises(Cancelled):
            train(tensors, config, replicates=replicates, checkpoints=tmp_path,
                  reporter=StopAfter(stop))  # fmt: skip
    resumed = train(tensors, config, replicates=replicates, checkpoints=tmp_path)
    assert all(same(one, other) for one, other in zip(whole, resumed, strict=True))


@pytest.mark.parametrize("preset", PRESETS)
def test_replicates_are_what_each_seed_makes_alone(generated, monkeypatch, preset):
    """Draws differ between replicates trained together; without draws they are as if alone."""
    normal = torch.randn

    def still(*shape, generator=None, **kwargs):
        start = normal(*shape, generator=generator, **kwargs)
        return start if generator is not None else torch.zeros_like(start)

    monkeypatch.setattr(torch, "randn_like", torch.zeros_like)
    monkeypatch.setattr(torch, "randn", still)
    monkeypatch.setattr(torch, "rand", lambda shape, **kwargs: torch.full(shape, 0.3, **kwargs))
    config = PRESETS[preset]
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


@pytest.mark.parametrize("preset", PRESETS)
def test_no_test_cell_changes_what_is_trained_on(generated, preset):
    config = PRESETS[preset].model_copy(update={"genes": 15, "held_out": ("N04",)})
    tensors = tensors_of(generated, config)
    other = tensors_of(with_other_counts(generated, tensors.samples["test"]), config)
    assert other.info["genes"] == tensors.info["genes"]
    assert not np.array_equal(other.parts["test"]["counts"], tensors.parts["test"]["counts"])
    for part in ("train", "validation", "adapt"):
        for name, value in tensors.parts[part].items():
            np.testing.assert_array_equal(other.parts[part][name], value, err_msg=name)
    for name, value in tensors.constants.items():
        np.testing.assert_array_equal(other.constants[name], value)
    (one,), (two,) = train(tensors, config), train(other, config)
    assert same(one, two)


@pytest.mark.parametrize("preset", PRESETS)
def test_held_out_cells_change_their_own_dose_and_nothing_else(generated, preset):
    labels = generated.adata.obs["perturbation"].cat.categories
    paired = "+".join(label for label in labels if "+" in label)
    name = next(label for label in labels if label not in paired)
    config = PRESETS[preset].model_copy(update={"held_out": (name,)})
    tensors = tensors_of(generated, config)
    other = tensors_of(with_other_counts(generated, tensors.samples["adapt"]), config)
    row = tensors.info["nodes"].index(name)
    for name, value in tensors.constants.items():
        differs = np.asarray(value != other.constants[name])
        if name in ("dose", "dose_known"):
            differs[row] = False
        assert not differs.any(), name
    one, two = (train(each, config)[0].state_dict() for each in (tensors, other))
    differing = {name for name in one if not torch.equal(one[name], two[name])}
    assert differing <= {"effects.dose"}
    if preset == "scdyn":
        assert differing


def test_in_the_end_edges_next_to_none_are_closed(generated):
    (network,) = train(tensors_of(generated))
    edges = network.effects.network().detach().abs()
    there = edges[edges > 0]
    assert len(there)
    assert float(there.min()) >= CLOSED * TINY.size
    assert not edges[network.effects.allowed == 0].any()


def test_training_starts_from_least_squares_and_lowers_the_loss(generated):
    config = GpoVaeConfig(**{**SHORT, "epochs": 30, "kl_epochs": 0, "hidden": 32})
    tensors = tensors_of(generated, config)
    from scdyn_core.methods.regulation.least_squares import fitted

    start = METHOD.build(tensors, config, 0)
    np.testing.assert_allclose(
        start.effects.network().detach().numpy(), fitted(tensors, config), atol=1e-6
    )
    losses = []
    batch = {name: torch.as_tensor(value, dtype=torch.float32)
             for name, value in tensors.parts["validation"].items()}  # fmt: skip
    for network in (start, train(tensors, config)[0]):
        with torch.no_grad():
            torch.manual_seed(0)
            losses.append(float(sum(network(batch, frozenset({"edges"})).values())))
    assert losses[1] < losses[0] - 1.0


@pytest.mark.parametrize("preset", PRESETS)
def test_all_parameters_of_their_own_step_size_are_there(preset):
    config = PRESETS[preset]
    network = METHOD.build(tensors_of(screen(), config), config, 0)
    names = {name for name, _ in network.named_parameters()}
    (phase,) = METHOD.phases(config)
    assert set(phase.rates) <= names


def test_batches_and_quality_are_read_with_every_kind_of_effect():
    dataset = with_batches(screen())
    for preset in PRESETS.values():
        config = preset.model_copy(update={"quality": True, "epochs": 1})
        tensors = tensors_of(dataset, config)
        assert tensors.parts["train"]["batch"].shape[1] == 3
        (network,) = train(tensors, config)
        assert all(bool(torch.isfinite(value).all()) for value in network.state_dict().values())
