"""What a fit must survive: a broken replicate, no signal, few dimensions, few cells."""

import dataclasses
from itertools import product

import anndata
import numpy as np
import pytest
import torch

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.method import Clera
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.published import PUBLISHED
from scdyn_core.methods.clera.resampling import bootstrap_coefficients, neighbourhoods_of
from scdyn_core.methods.clera.scores import accuracy
from scdyn_core.methods.clera.sources.displacement import _groups
from scdyn_core.methods.clera.stability import stability_table
from scdyn_core.methods.clera.term_agreement import term_agreement
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.module import EpochContext
from scdyn_core.training.options import TrainingOptions
from tests.methods.clera.planted import planted_motion
from tests.methods.clera.test_stability import equations

SHORT = {
    "latents": 2, "widths": (8,), "warmup_epochs": 10, "fit_epochs": 20, "refine_epochs": 10
}  # fmt: skip


class Recorder(SilentReporter):
    def __init__(self):
        self.rows, self.lines = [], []

    def metrics(self, row):
        self.rows.append(row)

    def log(self, text):
        self.lines.append(text)


def train(tensors, config, replicates=1, build=None):
    method, recorder = Clera(), Recorder()
    networks = fit(
        build or (lambda seed: method.build(tensors, config, seed)),
        method.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(seed=0, replicates=replicates, device="cpu"),
        recorder,
    )
    return networks, recorder


@pytest.fixture(scope="module")
def tensors():
    return planted_motion(300)[0]


def test_a_replicate_that_breaks_leaves_the_others_alone(tensors):
    config, built = CleraConfig(**SHORT), []

    def build(seed):
        network = Clera().build(tensors, config, seed)
        built.append(network)
        if len(built) == 2:
            with torch.no_grad():
                network.encoder.weights[0][0, 0] = float("nan")
        return network

    networks, recorder = train(tensors, config, 2, build)
    assert all(value.isfinite().all() for value in networks[0].state_dict().values())
    assert networks[0].coefficients.abs().sum() > 0
    assert any(line.startswith("replicate 1:") for line in recorder.lines)


def test_a_small_published_library_is_trained_until_the_first_thresholding(tensors):
    config = PUBLISHED.model_copy(
        update={
            "latents": 2, "components": 40, "widths": (8,), "threshold_every": 30,
            "fit_epochs": 100, "refine_epochs": 0, "validate_every": 1,
        }
    )  # fmt: skip
    networks, recorder = train(tensors, config)
    assert networks[0].mask.numel() < config.terms
    # The published loop counts from 0 and thresholds after epoch 30: 31 epochs are done.
    assert max(row["epoch"] for row in recorder.rows) == 31
    assert len(recorder.rows) == 2 * 31


def test_data_of_fewer_dimensions_than_latents_leave_finite_weights(tensors):
    first = np.zeros(tensors.parts["train"]["x"].shape[1])
    first[0] = 1.0
    flat = dataclasses.replace(
        tensors,
        parts={
            part: {name: values * first for name, values in arrays.items()}
            for part, arrays in tensors.parts.items()
        },
        constants={**tensors.constants, "score_sd": tensors.constants["score_sd"] * first},
    )
    (network,), _ = train(flat, CleraConfig(**SHORT))
    assert all(value.isfinite().all() for value in network.state_dict().values())


def test_without_ridge_a_latent_that_moves_nothing_is_no_error(tensors):
    config = CleraConfig(**SHORT, ridge=0.0, weight_latent_derivative=0.0, linear_start=False)
    network = Clera().build(tensors, config, 0)
    with torch.no_grad():
        for weight in network.decoder.weights:
            weight.zero_()
    data = {k: torch.as_tensor(v).float() for k, v in tensors.parts["train"].items()}
    with torch.no_grad():
        network.after_epoch(dict(network.state_dict()), data, EpochContext("fit", 20, 20))
    assert network.coefficients.isfinite().all()


@pytest.mark.parametrize(
    ("normalised", "of_genes", "of_latents"), list(product([True, False], [0.0, 2.0], [0.0, 0.3]))
)
def test_coefficients_minimise_the_loss_that_is_trained(tensors, normalised, of_genes, of_latents):
    config = CleraConfig(
        **SHORT, normalise_losses=normalised, weight_derivative=of_genes,
        weight_latent_derivative=of_latents, ridge=0.0, smallest_share=0.0,
    )  # fmt: skip
    network = Clera().build(tensors, config, 1).double().eval()
    data = {k: torch.as_tensor(v).double() for k, v in tensors.parts["train"].items()}
    with torch.no_grad():
        network.after_epoch(dict(network.state_dict()), data, EpochContext("fit", 20, 20))
    losses = network(data, frozenset({"derivative", "latent_derivative"}))
    loss = of_genes * losses["derivative"] + of_latents * losses["latent_derivative"]
    if not (of_genes or of_latents):
        loss = losses["latent_derivative"]
    (gradient,) = torch.autograd.grad(loss, [network.coefficients])
    assert gradient.abs().max() < 1e-9
    assert network.mask.all()


@pytest.mark.parametrize("replicates", [1, 2])
def test_a_motion_without_any_term_ends_with_results(tensors, replicates):
    config = CleraConfig(**SHORT, terms=0, smallest_share=1.0)
    networks, _ = train(tensors, config, replicates)
    assert not any(network.mask.any() for network in networks)
    cells = anndata.AnnData(np.zeros((300, 40), dtype=np.float32))
    dataset = Dataset(cells, Roles(), "planted", "0" * 64)
    results = Clera().results(networks, tensors, dataset, config, Recorder())
    scores = {score.metric: score.value for score in results.scores}
    assert scores["derivative share"] == pytest.approx(0.0)
    assert results.tables["alignment"].frame["field_share"].isna().all()


def test_accuracy_counts_cells_of_known_type():
    predicted = np.array([0, 1, 1, 0])
    assert accuracy(predicted, np.array([0, 1, 0, -1])) == pytest.approx(2 / 3)
    assert np.isnan(accuracy(predicted, np.full(4, -1)))


@pytest.mark.parametrize(("cells", "scored"), [(94, 31), (91, 31), (60, 40), (2218, 739)])
def test_every_group_has_more_cells_than_are_averaged(cells, scored):
    config = CleraConfig()
    groups = list(_groups(cells, scored, config, np.random.default_rng(0)))
    assert min(map(len, groups)) > config.neighbours
    assert sorted(np.concatenate(groups).tolist()) == sorted(
        list(range(cells)) * config.graph_rounds
    )
    # Of many cells the groups are as large as the parts that are scored.
    assert max(map(len, groups)) <= max(1.05 * scored, 3 * (config.neighbours + 1))


def test_noise_and_resuming_change_no_bit(tensors, tmp_path):
    config = CleraConfig(**SHORT)

    class Stopped(Recorder):
        done = 0

        def progress(self, stage, done, *_):
            self.done = done

        def cancelled(self):
            return self.done >= 17

    method = Clera()

    def run(reporter, folder):
        return fit(
            lambda seed: method.build(tensors, config, seed), method.phases(config),
            tensors.parts["train"], tensors.parts["validation"],
            TrainingOptions(seed=3, replicates=2, device="cpu"), reporter, folder,
        )  # fmt: skip

    whole = run(Recorder(), None)
    with pytest.raises(Cancelled):
        run(Stopped(), tmp_path)
    for a, b in zip(whole, run(Recorder(), tmp_path), strict=True):
        assert isinstance(a, CleraNetwork)
        for name, value in a.state_dict().items():
            assert torch.equal(value, b.state_dict()[name]), name


def test_terms_excluded_beforehand_are_no_agreement():
    rng, above = np.random.default_rng(0), []
    allowed = np.zeros((3, 10, 3))
    allowed[:, :6] = 1
    for seed in range(20):
        masks = allowed * (rng.random(allowed.shape) < 0.6)
        above.append(term_agreement(masks, allowed=allowed, seed=seed).p_value < 0.05)
    assert np.mean(above) <= 0.2


def test_the_chance_of_a_term_is_among_those_that_may_be_kept():
    allowed = np.ones((2, 4, 2))
    allowed[:, 3, 0] = 0
    coefficients = np.zeros((2, 4, 2))
    coefficients[0, :2, 0], coefficients[1, 0, 0] = 1.0, 1.0
    coefficients[:, 3, 1] = 2.0
    frame = stability_table(equations(coefficients), allowed=allowed).frame
    chance = frame.set_index(["equation", "term"])["chance"]
    assert chance.loc[1].tolist() == pytest.approx([0.5, 0.5, 0.5, 0.0])
    assert chance.loc[2].tolist() == pytest.approx([0.25] * 4)


def smoothed_motion(seed, cells=1200):
    """Return theta and dz = theta · (1, 2) with an error that neighbouring cells share."""
    rng = np.random.default_rng(seed)
    z = np.sort(rng.uniform(-1, 1, cells))
    shared = np.repeat(rng.normal(size=cells // 30), 30)
    return np.column_stack([np.ones(cells), z]), (1 + 2 * z + 0.5 * shared)[:, None], z


def test_an_error_that_neighbours_share_widens_the_interval():
    mask, inside, narrow = np.ones((2, 1)), [], []
    for seed in range(30):
        theta, dz, z = smoothed_motion(seed)
        for found, near in ((inside, neighbourhoods_of(z[:, None], 30, 0)), (narrow, None)):
            drawn = bootstrap_coefficients(
                theta, dz, mask, ridge=0.0, seed=seed, resamples=100, neighbourhoods=near
            )
            low, high = np.quantile(drawn[:, :, 0], [0.025, 0.975], axis=0)
            found += ((low <= [1, 2]) & (high >= [1, 2])).tolist()
    assert np.mean(narrow) < 0.6
    assert np.mean(inside) > 0.75
