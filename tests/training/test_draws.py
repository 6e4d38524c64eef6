"""Weights that follow the latents: found when it is time, logged, and the same after resuming."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from scdyn_core.errors import ConfigError
from scdyn_core.reporter import Cancelled
from scdyn_core.training import draws
from scdyn_core.training.ensemble import Ensemble
from scdyn_core.training.fit import trained
from scdyn_core.training.module import TrainableModule
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.phase import Phase
from scdyn_core.training.population import Population
from scdyn_core.training.resampling.options import SAMPLING, SamplingOptions
from tests.training.test_fit import Recorder

RARE = 20


class Squeeze(TrainableModule):
    """x = B (A x) with two latents; counts its steps."""

    def __init__(self, seed):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.down = nn.Parameter(torch.randn(2, 4, generator=generator))
        self.up = nn.Parameter(torch.randn(4, 2, generator=generator))

    def latent(self, batch):
        return batch["x"] @ self.down.mT

    def forward(self, batch, terms):
        return {"fit": (self.latent(batch) @ self.up.mT - batch["x"]).square().mean()}


class Knows(Squeeze):
    """Minds whether it is being trained or asked."""

    def latent(self, batch):
        assert not self.training
        return super().latent(batch)

    def forward(self, batch, terms):
        assert self.training or len(batch["x"]) in (200, 60), "an evaluation is of a whole part"
        return {"fit": (batch["x"] @ self.down.mT @ self.up.mT - batch["x"]).square().mean()}


def cells(n=200, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 4))
    x[:RARE] += 5.0
    return {"x": x}


POPULATION = Population(
    classes=(np.arange(200) >= RARE).astype(np.int64), names=("rare", "common"),
    embedding=cells()["x"],
)  # fmt: skip


def train(
    sampling,
    *,
    epochs=40,
    recorder=None,
    checkpoints=None,
    population=POPULATION,
    phase=None,
    build=Squeeze,
    **own,
):
    settings = {"batch_size": 20, "validate_every": 10, **(phase or {})}
    phases = [
        Phase("fit", epochs, {"fit": 1.0}, 0.01, **settings),
        Phase("adjust", 4, {"fit": 1.0}, 0.01, batch_size=20, part="adapt"),
    ]
    return trained(
        build,
        phases,
        cells(),
        cells(60, seed=1),
        TrainingOptions(device="cpu", sampling=sampling, **own),
        recorder or Recorder(),
        checkpoints,
        adapt=cells(50, seed=2),
        population=population,
    )


def records(recorder):
    return [row for row in recorder.rows if row["part"] == "sampling"]


@pytest.mark.parametrize("replicates", [1, 3])
@pytest.mark.parametrize("scheme", ["balanced", "marginal", "published"])
def test_stopping_and_resuming_changes_no_bit(tmp_path, scheme, replicates):
    own = {"replicates": replicates, "seed": 3}
    whole = train(SAMPLING[scheme], **own)
    # 7: right before weights are found for the first time.
    for stop in (4, 7, 23, 42):
        with pytest.raises(Cancelled):
            train(SAMPLING[scheme], recorder=Recorder(stop), checkpoints=tmp_path, **own)
    resumed = train(SAMPLING[scheme], checkpoints=tmp_path, **own)
    for a, b in zip(whole.modules, resumed.modules, strict=True):
        assert torch.equal(a.down, b.down)
    np.testing.assert_array_equal(whole.weights, resumed.weights)
    np.testing.assert_array_equal(whole.counts, resumed.counts)
    assert whole.log == resumed.log


@pytest.mark.parametrize("scheme", ["uniform", "marginal"])
def test_a_phase_that_ends_early_is_resumed_as_it_would_have_gone_on(tmp_path, scheme):
    impatient = {"patience": 1, "validate_every": 1, "restore_best": True}
    own = {"epochs": 400, "replicates": 2, "seed": 3, "phase": impatient}
    whole = train(SAMPLING[scheme], **own)
    ended = int(whole.counts[0].sum()) // 200
    assert 2 < ended < 400
    for stop in (1, ended - 1, 402):
        with pytest.raises(Cancelled):
            train(SAMPLING[scheme], recorder=Recorder(stop), checkpoints=tmp_path, **own)
    resumed = train(SAMPLING[scheme], checkpoints=tmp_path, **own)
    for a, b in zip(whole.modules, resumed.modules, strict=True):
        assert torch.equal(a.down, b.down)
    np.testing.assert_array_equal(whole.counts, resumed.counts)
    assert whole.log == resumed.log


def test_a_long_log_leaves_the_header_of_the_checkpoint_short(tmp_path):
    """A safetensors file whose header is longer than 100 MB can neither be written nor read."""
    named = dataclasses.replace(POPULATION, names=("rare" * 50_000, "common"))
    own = {"epochs": 10, "population": named}
    with pytest.raises(Cancelled):
        train(SAMPLING["published"], recorder=Recorder(8), checkpoints=tmp_path, **own)
    stored = (tmp_path / "last.safetensors").read_bytes()
    assert len(stored) > 8 * 200_000
    assert int.from_bytes(stored[:8], "little") < 10_000
    resumed = train(SAMPLING["published"], checkpoints=tmp_path, **own)
    assert resumed.log == train(SAMPLING["published"], **own).log


def test_draws_that_were_uniform_first_are_counted_too():
    found = train(SamplingOptions(scheme="marginal", warm_up=0.5), epochs=20)
    # 24 epochs, 12 of them uniform; 8 more weighted before the phase ends.
    assert found.counts.min() >= 12
    assert found.counts.sum() == 20 * 200


def test_uniform_draws_every_sample_once_an_epoch_and_records_nothing():
    recorder = Recorder()
    found = train(SAMPLING["uniform"], recorder=recorder, replicates=2)
    assert (found.counts == 40).all()
    np.testing.assert_allclose(found.weights, 1 / 200)
    assert records(recorder) == found.log == []


def test_every_scheme_takes_as_many_samples():
    for scheme in ("balanced", "marginal", "published"):
        assert (train(SAMPLING[scheme], replicates=2).counts.sum(1) == 40 * 200).all()


def test_classes_are_balanced():
    found = train(SAMPLING["balanced"])
    assert found.counts[0, :RARE].sum() == 40 * 100
    (record,) = found.log
    assert record["mass/rare"] == pytest.approx(0.5)
    assert record["effective_share"] == pytest.approx(1 / (0.5**2 / 0.1 + 0.5**2 / 0.9))


def test_weights_are_found_as_often_as_asked_for_after_the_warm_up():
    recorder = Recorder()
    own = SamplingOptions(scheme="marginal", warm_up=0.25, refreshes=3)
    train(own, recorder=recorder)
    # 44 epochs: uniform for 11, then every 11.
    assert [row["epoch_total"] for row in records(recorder)] == [1, 12, 23, 34]
    assert [row["most"] > 1.0 for row in records(recorder)] == [False, True, True, True]


def test_weights_are_found_no_more_often_than_asked_for():
    recorder = Recorder()
    train(SamplingOptions(scheme="marginal", warm_up=0.0, refreshes=7), recorder=recorder, epochs=9)
    assert len(records(recorder)) == 7 - 2  # the last ones fall into the phase that adjusts


def test_the_published_way_finds_weights_every_epoch():
    recorder = Recorder()
    train(SAMPLING["published"], recorder=recorder, epochs=10)
    assert [row["epoch_total"] for row in records(recorder)] == list(range(1, 11))


def test_replicates_have_weights_of_their_own():
    found = train(SAMPLING["marginal"], replicates=2)
    assert not np.allclose(found.weights[0], found.weights[1])
    assert not np.array_equal(found.counts[0], found.counts[1])


@pytest.mark.parametrize("replicates", [1, 3])
def test_each_replicate_is_trained_on_its_own_draws(replicates):
    modules = [Squeeze(seed) for seed in range(replicates)]
    x = torch.as_tensor(cells()["x"], dtype=torch.float32)
    positions = torch.randint(0, 200, (replicates, 12), generator=torch.Generator().manual_seed(0))
    ensemble = Ensemble(modules, torch.device("cpu"))
    found = ensemble.losses({"x": x[positions]}, frozenset({"fit"}), own=True)["fit"]
    expected = [
        module({"x": x[row]}, frozenset({"fit"}))["fit"]
        for module, row in zip(modules, positions, strict=True)
    ]
    torch.testing.assert_close(found, torch.stack(expected))


def test_weights_on_a_map_are_found_once():
    recorder = Recorder()
    train(SamplingOptions(scheme="marginal", embedding="X_pca"), recorder=recorder)
    assert [row["epoch_total"] for row in records(recorder)] == [1]


def test_old_weights_are_remembered():
    def last(memory):
        return train(SamplingOptions(scheme="marginal", memory=memory, refreshes=2)).log

    fresh, kept = last(0.0), last(0.9)
    assert fresh[1]["most"] == kept[1]["most"]
    moved = [abs(log[-1]["mass/rare"] - log[1]["mass/rare"]) for log in (fresh, kept)]
    assert moved[1] < moved[0]


def test_balance_without_types_is_refused():
    with pytest.raises(ConfigError):
        train(SAMPLING["balanced"], population=Population())


def test_cells_of_unknown_type_keep_their_share():
    classes = np.where(np.arange(200) < 40, POPULATION.classes, 2)
    unknown = Population(classes=classes, names=("rare", "common", "unknown"))
    found = train(SAMPLING["balanced"], population=unknown)
    assert found.log[0]["mass/unknown"] == pytest.approx(0.8)
    np.testing.assert_allclose(found.weights[0, 40:], 1 / 200)


def test_latents_are_asked_for_in_evaluation_mode_and_training_goes_on_in_its_own():
    found = train(SAMPLING["published"], build=Knows, epochs=3, replicates=2)
    assert len(found.log) == 2 * 3


def test_latents_of_many_cells_are_found_a_few_at_a_time(monkeypatch):
    whole = train(SAMPLING["marginal"], epochs=10)
    monkeypatch.setattr(draws, "CHUNK", 64)
    np.testing.assert_allclose(train(SAMPLING["marginal"], epochs=10).weights, whole.weights)
