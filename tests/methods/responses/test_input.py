"""From a dataset to curves: which times, cells and genes are used."""

import numpy as np
import pytest

from scdyn_core.data.simulators.response_shapes import mean_curves
from scdyn_core.errors import ConfigError
from scdyn_core.methods.responses.config import ResponseConfig
from scdyn_core.methods.responses.input import gene_input
from tests.methods.responses.small import counted, planted


@pytest.fixture
def dataset():
    return planted(n_cells=240, n_genes=60)


def changed(dataset, **obs):
    adata = dataset.adata.copy()
    for name, column in obs.items():
        adata.obs[name] = column
    return counted(adata, **{name: name for name in obs if name != "time"})


def test_curves_are_the_planted_means_within_their_errors():
    dataset = planted(n_cells=1200, n_genes=200, depth_sd=0.0)
    found = gene_input(dataset, ResponseConfig(detected=0.0, depth="none"))
    true = np.log2(mean_curves(dataset.adata.var.iloc[found.genes], found.curves.times))
    error = (found.curves.mean - true) / found.curves.se
    assert np.abs(error[true > 0]).mean() == pytest.approx(np.sqrt(2 / np.pi), rel=0.1)


def test_times_with_too_few_cells_for_two_halves_are_left_out(dataset):
    times = dataset.adata.obs["time"].to_numpy().copy()
    times[np.flatnonzero(times == 3)[5:]] = np.nan
    found = gene_input(changed(dataset, time=times), ResponseConfig())
    assert found.curves.times.tolist() == [0, 1, 6, 12, 24]
    assert np.isfinite(found.curves.se).all()


def test_names_and_positions_are_those_of_the_dataset(dataset):
    found = gene_input(dataset, ResponseConfig(genes=30))
    assert len(found.names) == 30
    assert (np.diff(found.genes) > 0).all()
    assert list(dataset.adata.var_names[found.genes]) == found.names


def test_genes_that_respond_are_chosen_before_flat_ones():
    dataset = planted(n_cells=600, n_genes=200, baseline=5.0, fold_least=3.0)
    flat = dataset.adata.var["response_class_true"] == "flat"
    found = gene_input(dataset, ResponseConfig(genes=int((~flat).sum()), offset="none"))
    assert flat.iloc[found.genes].mean() < 0.05


def test_genes_that_are_hardly_seen_are_left_out(dataset):
    adata = dataset.adata.copy()
    dense = adata.X.toarray()
    dense[:, 7] = 0
    dense[:, 8] = 0
    dense[0, 8] = 5
    adata.X = type(adata.X)(dense)
    found = gene_input(counted(adata), ResponseConfig(detected=0.05))
    assert not {7, 8} & set(found.genes)
    assert 8 in gene_input(counted(adata), ResponseConfig(detected=0.0)).genes


def test_only_the_cells_of_the_level_are_learned_from(dataset):
    condition = np.where(np.arange(dataset.adata.n_obs) % 2, "drug", "none")
    compared = changed(dataset, condition=condition)
    config = ResponseConfig(compare="condition", learn_from="drug", depth="none")
    found = gene_input(compared, config)
    alone = gene_input(counted(dataset.adata[condition == "drug"].copy()),
                       ResponseConfig(depth="none"))  # fmt: skip
    assert found.names == alone.names
    assert found.curves.mean == pytest.approx(alone.curves.mean)
    assert np.isnan(found.times[condition == "none"]).all()


def refused(dataset, **config):
    with pytest.raises(ConfigError) as caught:
        gene_input(dataset, ResponseConfig(**config))
    error = caught.value
    assert all((error.place, error.found, error.needed, error.fix))
    return error


def test_two_times_are_refused(dataset):
    times = np.where(dataset.adata.obs["time"] > 0, 1.0, 0.0)
    error = refused(changed(dataset, time=times))
    assert "time" in error.place
    assert error.found == "2 distinct times"
    assert "3" in error.needed


def test_no_time_at_all_is_refused(dataset):
    error = refused(changed(dataset, time=np.full(dataset.adata.n_obs, np.nan)))
    assert error.found == "0 distinct times"


def test_three_times_of_which_one_has_too_few_cells_are_refused(dataset):
    times = np.repeat([0.0, 1.0, 2.0], [120, 116, 4])
    assert "times with enough cells" in refused(changed(dataset, time=times)).found


def test_a_level_that_does_not_exist_is_refused_with_those_that_do(dataset):
    condition = np.where(np.arange(dataset.adata.n_obs) % 2, "drug", "none")
    compared = changed(dataset, condition=condition)
    error = refused(compared, compare="condition", learn_from="Drug")
    assert error.place == "learn_from"
    assert "'Drug'" in error.found
    assert "drug, none" in error.needed


def test_a_level_without_a_compared_role_is_refused(dataset):
    assert refused(dataset, learn_from="drug").place == "learn_from"


def test_a_role_that_nobody_plays_cannot_be_compared(dataset):
    error = refused(dataset, compare="cell_type", learn_from="T")
    assert error.place == "compare"
    assert "cell_type" in error.found


def test_too_few_genes_are_refused(dataset):
    error = refused(counted(dataset.adata[:, :15].copy()))
    assert error.place == "genes"
    assert error.found.startswith("15 genes")
    assert "20" in error.needed
