"""The check before training: every source that the data allow, on validation cells alone."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from scdyn_core.errors import ConfigError, TrainingError
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.method import Clera
from scdyn_core.reporter import Cancelled, SilentReporter
from tests.methods.clera.small import small_cycle, with_other_test_cells

CONFIG = CleraConfig(latents=2, neighbours=20, min_shared_counts=5)


@pytest.fixture(scope="module")
def cycle():
    dataset = small_cycle(genes=40)
    adata = dataset.adata.copy()
    adata.layers["arrows"] = np.random.default_rng(0).normal(size=adata.shape)
    roles = dataset.roles.replace({"pseudotime": "phase", "velocity": "arrows"})
    return dataclasses.replace(dataset, adata=adata, roles=roles)


def check(dataset, reporter=None, **changes):
    config = CONFIG.model_copy(update=changes)
    return Clera().check(dataset, config, 0, reporter or SilentReporter())


@pytest.fixture(scope="module")
def checked(cycle):
    return check(cycle)


def test_every_source_the_roles_allow_is_compared(checked):
    frame = checked["derivative_sources"].frame
    assert set(frame["derivative"]) == {"graph", "layer", "lineage", "windows", "velocity"}
    assert set(frame["data"]) == {"real", "null"}
    per_source = frame.groupby("derivative")
    assert (per_source["source"].nunique() == 1).all()
    assert dict(per_source["samples"].first())["graph"] == 71


def test_every_column_has_a_meaning_and_says_why_not_test(checked):
    for table in checked.values():
        assert list(table.frame.columns) == list(table.columns)
    assert "test cells are left" in checked["derivative_sources"].columns["part"]
    assert set(checked["derivative_sources"].frame["part"]) == {"validation"}


def test_test_cells_change_nothing_of_it(cycle, checked):
    method = Clera()
    split = method.split(cycle, CONFIG, 0)
    other = with_other_test_cells(cycle, split)
    # The split is drawn anew, so cells keep their types.
    other.adata.obs["cell_type"] = cycle.adata.obs["cell_type"]
    again = check(other)["derivative_sources"].frame
    pd.testing.assert_frame_equal(again, checked["derivative_sources"].frame)


def test_arrows_at_random_are_warned_of_and_the_graph_is_not(checked):
    remarks = checked["warnings"].frame
    warned = set(remarks.loc[remarks["kind"] == "warning", "source"])
    assert "velocity layer" in warned
    assert "velocity graph" not in warned
    assert any("optimistic" in text for text in remarks["text"])


def test_a_source_asked_for_is_the_only_one(cycle):
    frame = check(cycle, derivative="windows")["derivative_sources"].frame
    assert set(frame["derivative"]) == {"windows"}


def test_a_source_that_cannot_be_built_does_not_hide_the_others(cycle):
    tables = check(cycle, neighbours=180)
    remarks = tables["warnings"].frame
    missing = set(remarks.loc[remarks["kind"] == "cannot be built", "source"])
    assert missing == {"graph", "lineage", "velocity"}
    assert set(tables["derivative_sources"].frame["derivative"]) == {"layer", "windows"}


def test_nothing_that_can_be_built_is_an_error(cycle):
    with pytest.raises(TrainingError, match="neighbours"):
        check(cycle, derivative="graph", neighbours=180)
    bare = cycle.with_roles(cycle.roles.replace(dict.fromkeys(cycle.roles.assigned())))
    with pytest.raises(ConfigError, match="pseudotime"):
        check(bare)


def test_it_shows_progress_and_can_be_stopped(cycle):
    class Stopper(SilentReporter):
        heard: tuple[str, ...] = ()

        def progress(self, stage, done, total, message=""):
            self.heard = (*self.heard, message)

        def cancelled(self):
            return "derivative: layer" in self.heard

    stopper = Stopper()
    with pytest.raises(Cancelled):
        check(cycle, stopper)
    assert stopper.heard[0] == "derivative: graph"
    assert "derivative: windows" not in stopper.heard
