"""The one loop: it learns, it stops, it continues exactly, and replicates do not mix."""

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from scdyn_core.errors import ConfigError, RunError, TrainingError
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.phase import Phase
from scdyn_core.training.sampler import uniform_batches
from tests.training.curve import Line, data


class Recorder(SilentReporter):
    """Keeps the metrics; asks to stop after some epochs."""

    def __init__(self, stop_after=None):
        self.rows, self.lines, self.epochs, self.stop_after = [], [], 0, stop_after

    def metrics(self, row):
        self.rows.append(row)

    def log(self, line):
        self.lines.append(line)

    def progress(self, stage, done, total, message=""):
        self.epochs = done

    def cancelled(self):
        return self.stop_after is not None and self.epochs >= self.stop_after


def phase(**changes):
    settings = {"epochs": 12, "weights": {"fit": 1.0}, "learning_rate": 0.1, "validate_every": 3}
    return Phase("fit", **(settings | changes))


def train(phases, *, build=Line, reporter=None, checkpoints=None, **options):
    return fit(
        build,
        phases,
        data(),
        data(32, seed=1),
        TrainingOptions(device="cpu", **options),
        reporter or Recorder(),
        checkpoints,
    )


def same(left, right):
    return all(
        torch.equal(a, b)
        for a, b in zip(left.state_dict().values(), right.state_dict().values(), strict=True)
    )


def test_learns_the_truth():
    (line,) = train([phase(epochs=200, learning_rate=0.05, schedule="cosine")])
    np.testing.assert_allclose(line.slope.detach().ravel(), [1.0, -2.0, 0.5], atol=0.05)


@pytest.mark.parametrize("replicates", [1, 3])
@pytest.mark.parametrize("batch_size", [None, 20])
def test_stopping_and_resuming_changes_no_bit(tmp_path, replicates, batch_size):
    phases = [
        phase(batch_size=batch_size, clip_norm=0.5, schedule="cosine"),
        phase(weights={"fit": 1.0, "pull": 0.01}, restore_best=True),
    ]
    whole = train(phases, replicates=replicates, seed=5)
    for stop in (5, 12, 17):
        with pytest.raises(Cancelled):
            train(
                phases,
                replicates=replicates,
                seed=5,
                checkpoints=tmp_path,
                reporter=Recorder(stop_after=stop),
            )
    resumed = train(phases, replicates=replicates, seed=5, checkpoints=tmp_path)
    assert all(same(a, b) for a, b in zip(whole, resumed, strict=True))


def test_resuming_a_finished_fit_trains_nothing_more(tmp_path):
    first = train([phase()], checkpoints=tmp_path)
    recorder = Recorder()
    again = train([phase()], checkpoints=tmp_path, reporter=recorder)
    assert recorder.rows == []
    assert same(first[0], again[0])


def test_replicates_train_as_if_alone():
    phases = [phase(clip_norm=0.3)]
    together = train(phases, replicates=4, seed=7)
    seeds = []
    train(phases, build=lambda seed: seeds.append(seed) or Line(seed), replicates=4, seed=7)
    for seed, replicate in zip(seeds, together, strict=True):
        (alone,) = train(phases, build=lambda _, seed=seed: Line(seed), seed=7)
        torch.testing.assert_close(alone.slope, replicate.slope)


def test_another_seed_gives_another_start():
    assert not same(train([phase(epochs=1)], seed=1)[0], train([phase(epochs=1)], seed=2)[0])


def test_records_every_term_on_both_parts():
    recorder = Recorder()
    train([phase(weights={"fit": 1.0, "pull": 0.0})], reporter=recorder)
    assert {row["part"] for row in recorder.rows} == {"train", "validation"}
    assert all({"fit", "pull", "loss"} <= set(row) for row in recorder.rows)
    assert [row["epoch_total"] for row in recorder.rows[::2]] == [3, 6, 9, 12]


def test_a_frozen_parameter_does_not_move():
    (line,) = train([phase(frozen=("slope",))])
    (start,) = train([phase(epochs=1, frozen=("slope",))])
    assert torch.equal(line.slope, start.slope)
    assert not torch.equal(line.shift, start.shift)


def test_patience_ends_a_phase_and_keeps_the_best():
    recorder = Recorder()
    train([phase(epochs=3000, learning_rate=0.3, patience=3)], reporter=recorder)
    losses = [row["loss"] for row in recorder.rows if row["part"] == "validation"]
    assert len(losses) < 1000
    assert int(np.argmin(losses)) == len(losses) - 4


def test_a_broken_term_is_named_and_the_best_weights_kept():
    recorder = Recorder()

    def build(seed):
        return Line(seed, breaks_below=0.05)

    (line,) = train([phase(epochs=300, validate_every=1)], build=build, reporter=recorder)
    assert any("fit is not finite" in text for text in recorder.lines)
    assert torch.isfinite(line.slope).all()


def test_a_broken_replicate_starts_the_next_phase_from_its_best_weights():
    def build(seed):
        return Line(seed, breaks_below=0.3)

    first = phase(epochs=300, validate_every=1)
    still = phase(epochs=3, learning_rate=1e-12, validate_every=1)
    calm = phase(epochs=3, learning_rate=1e-4, validate_every=1)
    kept = train([first, still], build=build, replicates=2)
    moved = train([first, calm], build=build, replicates=2)
    for before, after in zip(kept, moved, strict=True):
        torch.testing.assert_close(after.slope, before.slope, atol=1e-3, rtol=0)
        assert torch.isfinite(after.slope).all()


def test_replicates_that_stop_early_go_on_as_if_alone():
    phases = [phase(epochs=400, learning_rate=0.2, patience=2), phase(epochs=20)]
    seeds = []
    together = train(
        phases, build=lambda seed: seeds.append(seed) or Line(seed), replicates=3, seed=3
    )
    for seed, replicate in zip(seeds, together, strict=True):
        (alone,) = train(phases, build=lambda _, seed=seed: Line(seed), seed=3)
        torch.testing.assert_close(alone.slope, replicate.slope, atol=1e-4, rtol=1e-4)


def test_a_checkpoint_of_other_settings_is_refused(tmp_path):
    train([phase()], checkpoints=tmp_path)
    with pytest.raises(RunError, match="shape"):
        train([phase()], checkpoints=tmp_path, replicates=3)


def test_batches_are_of_equal_size():
    sizes = [len(b) for b in uniform_batches(101, 20, torch.Generator())]
    assert sum(sizes) == 101
    assert max(sizes) - min(sizes) <= 1
    assert list(uniform_batches(101, 200, torch.Generator())) == [None]


def test_a_model_broken_from_the_start_is_an_error():
    with pytest.raises(TrainingError, match="fit"):
        train([phase(epochs=2, validate_every=1)], build=lambda seed: Line(seed, breaks_below=1e9))


def test_a_checkpoint_of_an_earlier_version_is_refused(tmp_path):
    train([phase()], checkpoints=tmp_path)
    path = tmp_path / "last.safetensors"
    with safe_open(path, framework="pt") as stored:
        metadata = stored.metadata()
    kept = {name: value for name, value in load_file(path).items() if "draw" not in name}
    save_file(kept, path, metadata=metadata)
    with pytest.raises(RunError, match="earlier version"):
        train([phase()], checkpoints=tmp_path)


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path):
    (tmp_path / "last.safetensors").write_bytes(b"not a checkpoint")
    with pytest.raises(RunError, match="not a checkpoint"):
        train([phase()], checkpoints=tmp_path)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_asking_for_a_gpu_that_is_not_there_is_an_error():
    with pytest.raises(ConfigError, match="no CUDA GPU"):
        fit(Line, [phase()], data(), data(), TrainingOptions(device="cuda"), SilentReporter())


class Counted(Line):
    """Keeps the mean of what it was trained on after every epoch."""

    def after_epoch(self, state, data, context):
        state["floor"].copy_(data["x"].mean())


def adapted(phases, adapt):
    options = TrainingOptions(device="cpu", seed=0)
    return fit(Counted, phases, data(), data(32, seed=1), options, SilentReporter(), None, adapt)[0]


def test_a_phase_may_train_on_what_was_held_out():
    other = data(48, seed=3)
    other["y"] = -other["y"]
    first, second = phase(epochs=60), phase(epochs=200, part="adapt", fresh_optimiser=True)
    learned, turned = adapted([first], other), adapted([first, second], other)
    assert learned.slope[0] > 0.5
    assert turned.slope[0] < -0.5
    np.testing.assert_allclose(learned.floor, data()["x"].mean(), atol=1e-6)
    np.testing.assert_allclose(turned.floor, other["x"].mean(), atol=1e-6)


def test_what_is_held_out_is_not_learned_from_before():
    first = phase(epochs=10, batch_size=20)
    assert same(adapted([first], data(48, seed=3)), adapted([first], data(16, seed=8)))


def test_a_phase_in_which_nothing_moves_is_left_to_the_module():
    other = data(48, seed=3)
    still = phase(epochs=2, part="adapt", frozen=("slope", "shift"))
    before, after = adapted([phase()], other), adapted([phase(), still], other)
    assert torch.equal(before.slope, after.slope)
    np.testing.assert_allclose(after.floor, other["x"].mean(), atol=1e-6)


def test_a_parameter_with_a_step_size_of_its_own_moves_by_it():
    start, moved, slow = (
        train([phase(epochs=epochs, rates=rates, learning_rate=0.05, schedule="cosine")])[0]
        for epochs, rates in ((1, {"slope": 1e-9, "shift": 1e-9}), (30, {}), (30, {"shift": 1e-6}))
    )
    assert float((moved.shift - start.shift).detach().abs()) > 1e-2
    assert float((slow.shift - start.shift).detach().abs()) < 1e-4
    assert float((slow.slope - start.slope).detach().abs().max()) > 0.1
