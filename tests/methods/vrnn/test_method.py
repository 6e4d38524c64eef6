"""The VRNN from cells to tables: it finds planted classes, resumes exactly, and never peeks."""

import numpy as np
import pytest
import torch

from scdyn_core.evaluation.clustering.agreement import adjusted_rand
from scdyn_core.evaluation.clustering.baselines import BASELINES
from scdyn_core.evaluation.clustering.consensus import consensus
from scdyn_core.evaluation.clustering.number import level_share
from scdyn_core.methods.responses.arrays import all_curves
from scdyn_core.methods.vrnn.config import VrnnConfig
from scdyn_core.methods.vrnn.method import Vrnn
from scdyn_core.methods.vrnn.published import PUBLISHED
from scdyn_core.methods.vrnn.trained import TrainedVrnn
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions
from tests.methods.responses.small import classes, planted, positions

METHOD = Vrnn()


def tensors_of(dataset, config, seed=0):
    split = METHOD.split(dataset, config, seed)
    return METHOD.tensors(dataset, config, split, seed, SilentReporter())


def train(tensors, config, *, replicates=1, seed=0, reporter=None, checkpoints=None):
    return fit(
        lambda each: METHOD.build(tensors, config, each),
        METHOD.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(seed=seed, replicates=replicates, device="cpu"),
        reporter or SilentReporter(),
        checkpoints,
    )


def read(networks, tensors):
    shared = np.asarray(tensors.constants["offset"])
    return [TrainedVrnn(network, shared, 0) for network in networks]


@pytest.fixture(scope="module")
def generated():
    return planted("responses")


def test_finds_planted_classes_better_than_scaled_means_and_levels(generated):
    config = VrnnConfig(clusters=6, epochs=80)
    tensors = tensors_of(generated, config)
    models = read(train(tensors, config, replicates=3), tensors)
    found = all_curves(tensors)
    truth = classes(generated, positions(tensors))
    labels = consensus([each.memberships(found, "consensus", 6, 0) for each in models]).labels
    score = adjusted_rand(labels, truth)
    scores = {
        name: adjusted_rand(BASELINES[name](found.mean, found.times, 6, 0), truth)
        for name in ("k-means, z-scored means", "level only")
    }
    assert score > scores["k-means, z-scored means"] + 0.02
    assert score > scores["level only"] + 0.7


def test_as_published_it_sorts_genes_by_level(generated):
    config = PUBLISHED.model_copy(update={"epochs": 150, "learning_rate": 1e-3})
    tensors = tensors_of(generated, config)
    (model,) = read(train(tensors, config), tensors)
    found = all_curves(tensors)
    labels = model.memberships(found, "k-means", 6, 0).argmax(axis=1)
    assert level_share(found.mean.mean(axis=1), labels) > 0.8
    assert adjusted_rand(labels, classes(generated, positions(tensors))) < 0.2


class StopAfter(SilentReporter):
    """Cancels once training has reached an epoch."""

    def __init__(self, epoch: int) -> None:
        self.epoch, self.done = epoch, 0

    def progress(self, stage, done, total, detail=""):
        if stage.startswith("training"):
            self.done = done

    def cancelled(self) -> bool:
        return self.done >= self.epoch


@pytest.mark.parametrize("replicates", [1, 2])
def test_stopping_and_resuming_changes_no_bit(generated, tmp_path, replicates):
    config = VrnnConfig(epochs=6, validate_every=2)
    tensors = tensors_of(generated, config)
    whole = train(tensors, config, replicates=replicates)
    with pytest.raises(Cancelled):
        train(tensors, config, replicates=replicates, reporter=StopAfter(3), checkpoints=tmp_path)
    resumed = train(tensors, config, replicates=replicates, checkpoints=tmp_path)
    for one, other in zip(whole, resumed, strict=True):
        for name, value in one.state_dict().items():
            assert torch.equal(value, other.state_dict()[name]), name


def test_no_test_gene_changes_what_is_learned(generated):
    config = VrnnConfig(epochs=3)
    tensors = tensors_of(generated, config)
    changed = generated.adata.copy()
    counts = changed.X.toarray()
    test = tensors.samples["test"]
    rng = np.random.default_rng(0)
    # The same total in every cell: depth is the cells' own, and no gene's.
    counts[:, test] = rng.permuted(counts[:, test], axis=1)
    changed.X = type(changed.X)(counts)
    other = tensors_of(type(generated)(changed, generated.roles, "other", "1" * 16), config)
    assert not np.array_equal(other.parts["test"]["x"], tensors.parts["test"]["x"])
    for part in ("train", "validation"):
        for name, value in tensors.parts[part].items():
            np.testing.assert_array_equal(other.parts[part][name], value)


def test_hiding_a_time_is_scaled_without_it(generated):
    config = VrnnConfig()
    tensors = tensors_of(generated, config)
    train_part = tensors.parts["train"]
    x, at = train_part["x"], 3
    alone = np.delete(x, at, axis=1).mean(axis=1)
    np.testing.assert_allclose(train_part["centre_without"][:, at], alone, atol=1e-9)
