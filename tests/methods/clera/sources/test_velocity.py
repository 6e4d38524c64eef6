"""Raw RNA velocity: true direction from counts, rates of the training part, a null without."""

import dataclasses

import anndata
import numpy as np
import pytest

from scdyn_core.data.split import PARTS, Split
from scdyn_core.evaluation.dynamics import mean_cosine
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.sources.velocity import velocity_source
from scdyn_core.reporter import Cancelled, SilentReporter
from tests.methods.clera.small import small_cycle

CONFIG = CleraConfig(derivative="velocity", neighbours=20, min_shared_counts=5)
SPLIT = Split.draw(360, seed=0)
MODES = ("stochastic", "deterministic", "dynamical")


class Listener(SilentReporter):
    """Hears progress, and cancels once a stage has come so far."""

    def __init__(self, stop_at=None):
        self.heard, self.stop_at = [], stop_at

    def progress(self, stage, done, total, message=""):
        self.heard.append((stage, done, total))

    def cancelled(self):
        return any(stage == self.stop_at and done >= 5 for stage, done, _ in self.heard)


@pytest.fixture(scope="module")
def cycle():
    return small_cycle(genes=40)


def source_of(cycle, mode, reporter=None):
    config = CONFIG.model_copy(update={"velocity_mode": mode})
    return velocity_source(cycle, config, SPLIT, 0, reporter or SilentReporter())


@pytest.mark.parametrize("mode", MODES)
def test_velocity_tells_where_cells_go_and_its_null_does_not(cycle, mode):
    source = source_of(cycle, mode)
    assert source.name == f"RNA velocity ({mode})"
    truth = cycle.adata.obsm["latent_velocity_true"]
    train, test = source.parts["train"], source.parts["test"]
    to_latent = np.linalg.lstsq(train.derivative, truth[train.positions], rcond=None)[0]
    cosines = [
        mean_cosine(truth[test.positions], moving["test"].derivative @ to_latent)
        for moving in (source.parts, source.null)
    ]
    assert cosines[0] > 0.8
    assert abs(cosines[1]) < 0.4


def test_the_null_changes_unspliced_counts_alone(cycle):
    source = source_of(cycle, "deterministic")
    for part in PARTS:
        real, null = source.parts[part], source.null[part]
        assert np.array_equal(real.expression, null.expression)
        # Mu permuted over cells: what degradation takes stays, and so do the totals of a gene.
        np.testing.assert_allclose(real.derivative.sum(axis=0), null.derivative.sum(axis=0))
        assert not np.allclose(real.derivative, null.derivative)


def test_a_cell_moves_alike_whichever_part_it_is_in():
    """The same cells once as training and once as test part: same counts, same velocity."""
    base = small_cycle(cells=200, genes=40)
    dataset = dataclasses.replace(
        base, adata=anndata.concat([base.adata, base.adata], index_unique="-")
    )
    first, second = np.arange(200), np.arange(200, 400)
    split = Split(train=first, validation=second, test=second)
    for mode in MODES:
        config = CONFIG.model_copy(update={"velocity_mode": mode})
        parts = velocity_source(dataset, config, split, 0, SilentReporter()).parts
        np.testing.assert_allclose(
            parts["train"].derivative, parts["test"].derivative, rtol=1e-5, atol=1e-6
        )


def test_fitting_the_dynamics_shows_progress_and_can_be_stopped(cycle):
    listener = Listener()
    source_of(cycle, "dynamical", listener)
    fitted = [done for stage, done, _ in listener.heard if stage == "splicing kinetics"]
    assert fitted == sorted(fitted)
    assert len(fitted) > 3
    with pytest.raises(Cancelled):
        source_of(cycle, "dynamical", Listener(stop_at="splicing kinetics"))
