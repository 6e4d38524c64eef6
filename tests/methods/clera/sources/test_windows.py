"""Windows of ordered cells: the published means, labels, filter and differences."""

import dataclasses

import anndata
import numpy as np
import pandas as pd
import pytest

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.split import PARTS, Split
from scdyn_core.errors import TrainingError
from scdyn_core.methods.clera.arrays import clera_tensors
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.published import PUBLISHED
from scdyn_core.methods.clera.sources.windows import windows_source
from scdyn_core.reporter import SilentReporter
from tests.methods.clera.small import small_cycle

CONFIG = CleraConfig(derivative="windows", min_shared_counts=5)
SPLIT = Split.draw(360, seed=0)


@pytest.fixture(scope="module")
def cycle():
    dataset = small_cycle()
    return dataset.with_roles(dataset.roles.replace({"pseudotime": "phase"}))


def source_of(dataset, split=SPLIT, **changes):
    config = CONFIG.model_copy(update=changes)
    return windows_source(dataset, config, split, 0, SilentReporter())


def striped(types):
    """Cells in a line whose types are given in order, the same line in every part."""
    cells = 3 * len(types)
    obs = pd.DataFrame(
        {"kind": np.tile(types, 3), "t": np.tile(np.arange(len(types)), 3)},
        index=[f"c{i}" for i in range(cells)],
    )
    expression = np.random.default_rng(0).normal(size=(cells, 8))
    adata = anndata.AnnData(expression, obs=obs)
    roles = Roles(cell_type="kind", pseudotime="t")
    split = Split(*np.split(np.arange(cells), 3))
    return Dataset(adata, roles, "stripes", "0" * 64), split


def test_windows_are_means_and_central_differences(cycle):
    reference = source_of(cycle, window=4, stride=2).parts["train"]
    cells = SPLIT.train[np.argsort(cycle.adata.obs["phase"].to_numpy()[SPLIT.train])]
    dense = cycle.adata.X.toarray()
    means = [dense[cells[i : i + 4]].mean(axis=0) for i in (0, 2, 4)]
    np.testing.assert_allclose(reference.expression[:3], means, atol=1e-12)
    per_cell = (means[2] - means[0]) / 4
    np.testing.assert_allclose(reference.derivative[1], per_cell * len(cells), atol=1e-9)


def test_the_published_preset_differentiates_over_eight(cycle):
    published = PUBLISHED.model_copy(update={"min_shared_counts": 5})
    moving = windows_source(cycle, published, SPLIT, 0, SilentReporter()).parts["train"]
    x = moving.expression
    assert len(x) == (len(SPLIT.train) - 4) // 2 + 1
    np.testing.assert_allclose(moving.derivative[1:-1], (x[2:] - x[:-2]) / 8, atol=1e-12)
    np.testing.assert_allclose(moving.derivative[0], (x[1] - x[0]) / 4, atol=1e-12)


def test_windows_of_a_smooth_curve_move_at_one_speed_in_every_part(cycle):
    phase = np.linspace(0, 1, 360)
    adata = cycle.adata.copy()
    curve = np.column_stack([np.sin(2 * phase), np.cos(2 * phase), phase])
    adata.X = curve @ np.random.default_rng(0).normal(size=(3, adata.n_vars))
    adata.obs["phase"] = phase
    parts = source_of(dataclasses.replace(cycle, adata=adata)).parts
    rms = {part: np.sqrt(np.square(parts[part].derivative).mean()) for part in PARTS}
    assert rms["test"] == pytest.approx(rms["train"], rel=0.1)
    assert rms["validation"] == pytest.approx(rms["train"], rel=0.1)


def test_a_window_has_the_type_of_most_of_its_cells():
    dataset, split = striped(["a", "a", "b", "a", "a", "b", "b", "b", "a", "b", "b", "b"])
    types = source_of(dataset, split, window=4, stride=4).parts["train"].types
    assert list(types) == [0, 1, 1]
    tensors = clera_tensors(
        dataset, CONFIG.model_copy(update={"window": 4, "stride": 4}), split, 0, SilentReporter()
    )
    assert tensors.info["types"] == ("a", "b")
    assert list(tensors.parts["train"]["classes"].argmax(axis=1)) == [0, 1, 1]


def test_unknown_cells_do_not_name_a_window():
    dataset, split = striped(["a", None, None, None] + [None] * 4 + ["b"] * 4)
    types = source_of(dataset, split, window=4, stride=4).parts["train"].types
    assert list(types) == [0, -1, 1]


def test_windows_that_mix_other_types_than_the_transitions_are_left_out():
    order = ["a"] * 8 + ["b"] * 8 + ["c"] * 8
    dataset, split = striped(order)
    asked = {"window": 2, "stride": 1, "bridge_gaps": True}
    everything = source_of(dataset, split, **asked).parts["train"]
    assert len(everything.expression) == 23
    kept = source_of(dataset, split, lineage=("a>b",), **asked).parts["train"]
    assert len(kept.expression) == 22
    missing = set(everything.positions) - set(kept.positions)
    assert [dataset.adata.obs["kind"].iloc[cell] for cell in missing] == ["c"]


def test_differences_do_not_reach_over_windows_that_were_left_out():
    dataset, split = striped(["a"] * 8 + ["b"] * 8 + ["c"] * 8)
    adata = dataset.adata
    level = np.tile(np.repeat([1.0, 1.0, 9.0], 8), 3)
    adata.X = np.repeat(level[:, None], adata.n_vars, axis=1)
    asked = {"window": 2, "stride": 1, "lineage": ("a>b",)}
    inside = source_of(dataset, split, **asked)
    bridged = source_of(dataset, split, bridge_gaps=True, **asked)
    for part in PARTS:
        assert not inside.parts[part].derivative.any()
        assert bridged.parts[part].derivative.max() > 0
        assert len(inside.null[part].expression) == len(inside.parts[part].expression)


def test_too_few_windows_in_a_row_are_named():
    """Three windows of one type in a row, once; the others alternate."""
    dataset, split = striped(["a", "a", "b", "b", "a", "a", "a", "a", "b", "a", "b"])
    asked = {"window": 2, "stride": 1, "lineage": ("b>c",)}
    dataset.adata.obs.loc[dataset.adata.obs_names[10], "kind"] = "c"
    kept = source_of(dataset, split, **asked).parts["train"]
    assert list(kept.positions) == [5, 6, 7]
    with pytest.raises(TrainingError, match="types the lineage lets mix"):
        source_of(dataset, split, **asked | {"window": 3})


def test_genes_with_few_shared_counts_are_left_out(cycle):
    every, few = source_of(cycle, min_shared_counts=0), source_of(cycle, min_shared_counts=10**4)
    assert 0 < len(few.genes) < len(every.genes)
    with pytest.raises(TrainingError, match="shared spliced and unspliced"):
        source_of(cycle, min_shared_counts=10**9)
