"""Slopes along a pseudotime: right on lines and forks, nothing when the order is destroyed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scdyn_core.data.split import PARTS
from scdyn_core.errors import ConfigError, TrainingError
from scdyn_core.evaluation.dynamics import mean_cosine
from scdyn_core.methods.clera.arrays import clera_tensors
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.derivative import NULL, REAL, derivative_table, shares_of
from scdyn_core.methods.clera.sources.lineage import lineage_source, local_slopes
from scdyn_core.reporter import SilentReporter
from tests.methods.clera.small import small_cycle
from tests.methods.clera.sources.branching import FORK, drawn, fork

CONFIG = CleraConfig(derivative="lineage", lineage=FORK, neighbours=15, latents=2)


def source_of(dataset, **changes):
    config = CONFIG.model_copy(update=changes)
    return lineage_source(dataset, config, drawn(dataset), 0, SilentReporter())


@given(
    slope=st.floats(-50, 50),
    cells=st.integers(12, 400),
    bandwidth=st.floats(0.01, 0.5),
)
def test_the_slope_of_a_line_is_exact_everywhere_to_its_ends(slope, cells, bandwidth):
    ranks = (np.arange(cells) + 0.5) / cells
    values = np.column_stack([1 + slope * ranks, np.full(cells, 7.0)])
    slopes = local_slopes(values, bandwidth)
    np.testing.assert_allclose(slopes[:, 0], slope, atol=1e-6 * (1 + abs(slope)))
    np.testing.assert_allclose(slopes[:, 1], 0, atol=1e-6)


def test_the_slope_of_a_curve_follows_it():
    ranks = (np.arange(1000) + 0.5) / 1000
    slopes = local_slopes(np.sin(2 * np.pi * ranks)[:, None], 0.04)[:, 0]
    inner = slice(100, 900)
    expected = 2 * np.pi * np.cos(2 * np.pi * ranks)
    np.testing.assert_allclose(slopes[inner], expected[inner], atol=0.35)


def test_cells_move_up_their_own_arm_and_not_between_the_arms():
    dataset, truth = fork()
    types = dataset.adata.obs["kind"].to_numpy()
    knowing, blind = source_of(dataset), source_of(dataset, lineage=())
    for part in PARTS:
        cells = knowing.parts[part].positions
        arms = types[cells] != "stem"
        assert mean_cosine(truth[cells][arms], knowing.parts[part].derivative[arms]) > 0.95
        assert mean_cosine(truth[cells][~arms], knowing.parts[part].derivative[~arms]) > 0.9
        cells = blind.parts[part].positions
        arms = types[cells] != "stem"
        assert mean_cosine(truth[cells][arms], blind.parts[part].derivative[arms]) < 0.8


def test_simple_models_predict_the_slope_and_nothing_of_its_null():
    dataset, _ = fork(900)
    config = CONFIG.model_copy(update={"lineage_bandwidth": 0.15})
    tensors = clera_tensors(dataset, config, drawn(dataset), 0, SilentReporter())
    table = derivative_table(config, tensors, ("validation",))
    assert shares_of(table, REAL)["10 nearest cells"] > 0.6
    assert max(shares_of(table, NULL).values()) < 0.1


def test_cells_on_no_lineage_are_left_out():
    dataset, _ = fork()
    types = dataset.adata.obs["kind"].to_numpy()
    source = source_of(dataset, lineage=("stem>left",))
    for part in PARTS:
        assert set(types[source.parts[part].positions]) == {"stem", "left"}
        assert len(source.null[part].derivative) == len(source.parts[part].derivative)


def test_cells_without_a_pseudotime_are_left_out_where_it_is_taken_as_it_is():
    dataset = small_cycle()
    dataset = dataset.with_roles(dataset.roles.replace({"pseudotime": "phase"}))
    dataset.adata.obs.loc[dataset.adata.obs_names[:100], "phase"] = np.nan
    config = CleraConfig(neighbours=15, min_shared_counts=5)
    split = drawn_of_cycle(dataset)
    source = lineage_source(dataset, config, split, 0, SilentReporter())
    assert "taken as it is" in source.cautions[0]
    assert all(moving.positions.min() >= 100 for moving in source.parts.values())


def drawn_of_cycle(dataset):
    from scdyn_core.data.split import Split

    return Split.draw(dataset.adata.n_obs, seed=0)


def test_the_order_is_found_again_inside_the_parts_and_says_so():
    dataset, _ = fork()
    before = source_of(dataset)
    assert "found again inside each part" in before.cautions[0]
    # Only where time begins counts: another clock with the same start changes nothing.
    dataset.adata.obs["t"] = np.exp(3 * dataset.adata.obs["t"].to_numpy())
    after = source_of(dataset)
    for part in PARTS:
        assert np.array_equal(before.parts[part].derivative, after.parts[part].derivative)


def test_an_order_that_diffusion_contradicts_is_taken_as_it_is():
    dataset, _ = fork()
    rng = np.random.default_rng(0)
    dataset.adata.obs["t"] = rng.permutation(dataset.adata.obs["t"].to_numpy())
    assert "taken as it is" in source_of(dataset).cautions[0]


def test_unknown_types_and_circles_are_named():
    dataset, _ = fork(200)
    with pytest.raises(ConfigError, match=r"stalk.*left, right, stem"):
        source_of(dataset, lineage=("stalk>left",))
    with pytest.raises(ConfigError, match="circle"):
        source_of(dataset, lineage=("stem>left", "left>stem"))


def test_too_few_cells_on_a_lineage_are_named():
    dataset, _ = fork(200)
    kinds = dataset.adata.obs["kind"].astype(str).to_numpy()
    kinds[:4] = ["rare", "rarer", "rare", "rarer"]
    dataset.adata.obs["kind"] = kinds
    with pytest.raises(TrainingError, match="cells with a pseudotime on a lineage"):
        source_of(dataset, lineage=("rare>rarer",))
