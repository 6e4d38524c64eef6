"""The time error of a run: by labels or by an order, and only where there is one."""

import numpy as np
import pytest

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.methods.clera.readout import Readout
from scdyn_core.methods.clera.time_scores import EQUATIONS, LINEAR, NULL, time_scores
from scdyn_core.methods.method import Tensors
from tests.evaluation.field.systems import table_of

HOPF = Hopf(n_cells=900, n_genes=10, attraction=0.4)


@pytest.fixture(scope="module")
def spreading() -> Dataset:
    """Cells that start together and run round the cycle, taken at six times."""
    adata = HOPF.sample(0)
    rng = np.random.default_rng(0)
    hours = rng.integers(0, 6, HOPF.n_cells) * 2.0
    start = rng.normal([1.5, 0.0], 0.15, (HOPF.n_cells, 2))
    adata.obsm["z"] = HOPF.system().paths(start, hours + 1e-9, 200)[-1]
    adata.obs["hours"], adata.obs["order"] = hours, hours + rng.uniform(0, 0.5, HOPF.n_cells)
    return Dataset(adata, Roles(), "cycle", "0" * 64)


def score(dataset: Dataset, roles: Roles, sign: float = 1.0, replicates: int = 1):
    z = dataset.adata.obsm["z"]
    cells = {
        "train": np.arange(0, 900, 2),
        "validation": np.arange(1),
        "test": np.arange(1, 900, 2),
    }
    readouts = [
        {
            part: Readout(z[rows], HOPF.system().velocity(z[rows]), z[rows], z[rows], z[rows], None)
            for part, rows in cells.items()
        }
    ] * replicates
    terms = {(t.equation, t.name): sign * t.coefficient for t in HOPF.system().terms}
    table = table_of(terms, 2)
    tensors = Tensors(parts={}, samples=cells)
    return time_scores(
        readouts, table, tensors, Dataset(dataset.adata, roles, dataset.name, "0" * 64)
    )


@pytest.mark.parametrize("roles", [Roles(time="hours"), Roles(pseudotime="order")])
def test_the_truth_beats_no_change_and_the_null(spreading: Dataset, roles: Roles) -> None:
    table, found = score(spreading, roles)
    assert (found.metric, found.better, found.split) == ("time error", "lower", "test")
    assert found.value < 0.15
    assert found.baselines["no change"] == 1.0
    assert found.value < found.baselines[NULL] / 3
    assert found.beaten_by() == []
    assert set(table.frame["model"]) == {EQUATIONS, LINEAR, NULL}
    assert set(table.frame.columns) == set(table.columns)


def test_equations_that_run_backwards_do_not_beat_no_change(spreading: Dataset) -> None:
    _, found = score(spreading, Roles(time="hours"), sign=-1.0)
    assert found.value > 0.8


def test_times_whose_cells_do_not_differ_give_a_table_and_no_score(spreading: Dataset) -> None:
    rng = np.random.default_rng(0)
    spreading.adata.obs["any"] = rng.permutation(spreading.adata.obs["hours"])
    table, found = score(spreading, Roles(time="any"))
    assert found is None
    assert not table.frame["counts"].any()


def test_without_a_time_there_is_no_score(spreading: Dataset) -> None:
    assert score(spreading, Roles()) is None


def test_a_time_that_is_no_number_is_no_time(spreading: Dataset) -> None:
    spreading.adata.obs["stage"] = "E15"
    assert score(spreading, Roles(time="stage")) is None
