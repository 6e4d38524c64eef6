"""The same genes in other cells: curves of every level, on one scale."""

import numpy as np
import pandas as pd
import pytest
from anndata import concat

from scdyn_core.data.simulators import simulate
from scdyn_core.errors import ConfigError
from scdyn_core.methods.response_mixture.config import ResponseMixtureConfig
from scdyn_core.methods.responses.compared_groups import group_curves
from scdyn_core.methods.responses.groups import MOST_GROUPS, group_of
from scdyn_core.methods.responses.input import gene_input
from scdyn_core.methods.responses.offset import common_change
from tests.methods.responses.small import counted

CONFIG = ResponseMixtureConfig(
    compare="condition", learn_from="deep", depth="none", detected=0.0, offset="flat genes"
)


def two_depths(share=0.4, name="unequal"):
    """Return the same biology at two depths."""
    deep, shallow = (
        simulate(name, seed, n_cells=600, n_genes=250, baseline=3.0) for seed in (0, 0)
    )
    rng = np.random.default_rng(1)
    shallow.X.data = rng.binomial(shallow.X.data, share).astype(np.int32)
    together = concat({"deep": deep, "shallow": shallow}, label="condition", index_unique="-")
    together.var = deep.var
    return counted(together, condition="condition")


def compared(dataset, config=CONFIG):
    learned = gene_input(dataset, config).curves
    offset = common_change(learned)
    return learned, offset, group_curves(dataset, config, learned, offset)


def test_a_difference_of_depth_between_groups_is_removed():
    learned, offset, groups = compared(two_depths())
    own, shift = groups["shallow"]
    assert np.median(own.mean - learned.mean) < -1.0
    difference = (own.mean - shift) - (learned.mean - offset)
    assert np.median(difference, axis=0) == pytest.approx(0, abs=0.12)


def test_the_group_that_was_learned_from_has_the_learned_curves():
    learned, offset, groups = compared(two_depths())
    own, shift = groups["deep"]
    assert np.array_equal(own.mean, learned.mean)
    assert shift == pytest.approx(offset, abs=1e-9)


def test_a_difference_of_depth_is_removed_where_nearly_all_genes_respond():
    dataset = two_depths(name="levels")
    learned, offset, groups = compared(dataset)
    own, shift = groups["shallow"]
    difference = (own.mean - shift) - (learned.mean - offset)
    assert np.median(difference, axis=0) == pytest.approx(0, abs=0.12)


def test_cells_that_do_not_respond_are_not_made_to():
    dataset = two_depths(name="levels")
    adata = dataset.adata
    still = np.flatnonzero((adata.obs["condition"] == "shallow") & (adata.obs["time"] == 0))
    later = np.flatnonzero(adata.obs["condition"] == "shallow")
    rows = np.arange(adata.n_obs)
    rows[later] = np.resize(still, len(later))
    adata.X = adata.X[rows]
    _, _, groups = compared(dataset)
    own, shift = groups["shallow"]
    assert np.ptp(own.mean, axis=1) == pytest.approx(0, abs=1e-9)
    assert np.ptp(shift) == pytest.approx(0, abs=1e-9)


def test_genes_and_their_order_are_those_that_were_learned_from():
    dataset = two_depths()
    config = CONFIG.model_copy(update={"genes": 100})
    found = gene_input(dataset, config)
    _, _, groups = compared(dataset, config)
    deep = dataset.adata[dataset.adata.obs["condition"] == "deep"]
    at = deep.obs["time"].to_numpy() == 6
    expected = np.log2(deep.X[at][:, found.genes].toarray().mean(axis=0) + 0.5 / at.sum())
    assert groups["deep"][0].mean[:, 3] == pytest.approx(expected)


def test_a_group_has_its_own_times_and_those_with_few_cells_are_left_out():
    dataset = two_depths()
    obs = dataset.adata.obs
    gone = (obs["condition"] == "shallow") & obs["time"].isin([3, 24])
    gone &= ~obs.index.isin(obs.index[gone][:2])
    dataset = counted(dataset.adata[~gone].copy(), condition="condition")
    _, _, groups = compared(dataset)
    assert groups["shallow"][0].times.tolist() == [0, 1, 6, 12]
    assert len(groups["shallow"][1]) == 4


def test_a_group_of_single_cells_has_no_curve():
    dataset = two_depths()
    level = dataset.adata.obs["condition"].astype(str).to_numpy(dtype=object)
    level[[0, 700]] = "lonely"
    dataset.adata.obs["condition"] = pd.Categorical(level)
    assert set(compared(dataset)[2]) == {"deep", "shallow"}


def test_without_an_offset_nothing_is_removed():
    _, _, groups = compared(two_depths(), CONFIG.model_copy(update={"offset": "none"}))
    assert all((shift == 0).all() for _, shift in groups.values())


def test_where_nothing_is_compared_there_are_no_groups():
    config = ResponseMixtureConfig(depth="none")
    assert compared(two_depths(), config)[2] == {}


def test_a_role_with_too_many_levels_is_refused():
    dataset = two_depths()
    number = np.arange(dataset.adata.n_obs) % (MOST_GROUPS + 1)
    dataset.adata.obs["condition"] = number.astype(str)
    with pytest.raises(ConfigError) as caught:
        group_of(dataset, CONFIG)
    assert caught.value.found.startswith(f"{MOST_GROUPS + 1} levels")
    assert str(MOST_GROUPS) in caught.value.needed
