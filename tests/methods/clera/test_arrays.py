"""Arrays of CLERA: nothing crosses the split, and every source says what it needs."""

import dataclasses

import anndata
import numpy as np
import pytest

from scdyn_core.data.roles import Roles
from scdyn_core.data.split import PARTS, Split
from scdyn_core.errors import ConfigError, TrainingError
from scdyn_core.evaluation.dynamics import mean_cosine, share_explained
from scdyn_core.methods.clera.arrays import choose_source, clera_tensors
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.derivative import NULL, REAL, derivative_table, shares_of
from scdyn_core.methods.clera.sources.graph import graph_source
from scdyn_core.reporter import SilentReporter
from tests.methods.clera.small import small_cycle, with_other_test_cells

CONFIG = CleraConfig(neighbours=20, min_shared_counts=5, latents=2)
SPLIT = Split.draw(360, seed=0)


def arrays(dataset, split=SPLIT, **changes):
    config = CONFIG.model_copy(update=changes)
    return clera_tensors(dataset, config, split, 0, SilentReporter())


def with_roles(dataset, **roles):
    return dataset.with_roles(dataset.roles.replace(roles))


@pytest.fixture(scope="module")
def cycle():
    return small_cycle()


@pytest.fixture(scope="module")
def sources(cycle):
    """The same cells prepared for each source."""
    adata = cycle.adata.copy()
    rng = np.random.default_rng(0)
    adata.layers["arrows"] = rng.normal(size=adata.shape).astype(np.float32)
    cycle = dataclasses.replace(cycle, adata=adata)
    ordered = with_roles(cycle, pseudotime="phase")
    return {
        "graph": cycle,
        "velocity": cycle,
        "layer": with_roles(cycle, velocity="arrows"),
        "lineage": ordered,
        "lineage of X": with_roles(ordered, spliced=None, unspliced=None),
        "windows": ordered,
    }


SOURCES = [
    ("graph", {}),
    ("velocity", {}),
    ("velocity", {"velocity_mode": "deterministic"}),
    ("velocity", {"velocity_mode": "dynamical"}),
    ("layer", {}),
    ("lineage", {}),
    ("lineage of X", {}),
    ("windows", {}),
    ("windows", {"lineage": ("phase 1>phase 2", "phase 2>phase 3")}),
]


@pytest.mark.parametrize(("source", "changes"), SOURCES)
def test_test_cells_change_nothing_the_model_trains_on(sources, source, changes):
    dataset, changes = sources[source], {"derivative": source.split()[0], **changes}
    before = arrays(dataset, **changes)
    after = arrays(with_other_test_cells(dataset, SPLIT), **changes)
    for part in ("train", "validation"):
        for name, array in before.parts[part].items():
            assert np.array_equal(array, after.parts[part][name]), (part, name)
        for name, array in before.reference[part].items():
            assert np.array_equal(array, after.reference[part][name]), (part, name)
    for name, array in before.constants.items():
        assert np.array_equal(array, after.constants[name]), name
    assert not np.array_equal(before.parts["test"]["x"], after.parts["test"]["x"])


@pytest.mark.parametrize("source", ["graph", "velocity", "layer", "lineage", "windows"])
def test_samples_of_a_part_stand_for_cells_of_that_part(sources, source):
    tensors = arrays(sources[source], derivative=source)
    for part in PARTS:
        assert set(tensors.samples[part]) <= set(SPLIT.part_of(part))
        assert len(tensors.parts[part]["x"]) == len(tensors.samples[part])


def test_graph_displacement_follows_the_true_motion_and_its_null_does_not(cycle):
    tensors = arrays(cycle)
    test = tensors.reference["test"]
    truth = cycle.adata.obsm["latent_velocity_true"][tensors.samples["test"]]
    for name, low, high in (("dscores", 0.8, 1.0), ("null_dscores", -0.4, 0.4)):
        planar = test[name][:, :2]
        turned = planar @ np.linalg.lstsq(test["dscores"][:, :2], truth, rcond=None)[0]
        assert low <= mean_cosine(truth, turned) <= high
    table = derivative_table(CONFIG, tensors)
    real, null = shares_of(table, REAL), shares_of(table, NULL)
    assert max(null.values()) < 0.2 < real["PCA-2 + STLSQ"]


def test_a_cell_moves_alike_whichever_part_it_is_in():
    """The same cells once as training and once as test part: same counts, same displacement."""
    base = small_cycle(cells=200)
    doubled = anndata.concat([base.adata, base.adata], index_unique="-")
    first, second = np.arange(200), np.arange(200, 400)
    split = Split(train=first, validation=second, test=second)
    dataset = dataclasses.replace(base, adata=doubled)
    source = graph_source(dataset, CONFIG, split, 0, SilentReporter())
    np.testing.assert_allclose(
        source.parts["train"].derivative, source.parts["test"].derivative, atol=1e-6
    )


def test_components_carry_expression_and_derivative(cycle):
    tensors = arrays(cycle, components=20)
    components, centre = tensors.constants["components"], tensors.constants["centre"]
    test = tensors.reference["test"]
    assert tensors.parts["test"]["x"].shape[1] == 20
    np.testing.assert_allclose(tensors.parts["test"]["x"], (test["x"] - centre) @ components.T)
    assert share_explained(test["dx"], test["dscores"] @ components) > 0.8


def test_genes_are_read_directly_without_components(cycle):
    tensors = arrays(cycle, components=0, scale_genes=False)
    assert np.array_equal(tensors.parts["train"]["x"], tensors.reference["train"]["x"])
    assert np.array_equal(tensors.constants["gene_sd"], np.ones(len(tensors.info["genes"])))


def test_classes_are_one_hot_rows_of_the_cells_own_type(cycle):
    tensors = arrays(cycle)
    types = cycle.adata.obs["cell_type"].astype(str).to_numpy()
    for part in PARTS:
        named = np.array(tensors.info["types"])[tensors.parts[part]["classes"].argmax(axis=1)]
        assert list(named) == list(types[tensors.samples[part]])


def test_cells_of_unknown_type_belong_to_no_class(cycle):
    adata = cycle.adata.copy()
    adata.obs["cell_type"] = adata.obs["cell_type"].where(np.arange(360) % 3 > 0)
    tensors = arrays(dataclasses.replace(cycle, adata=adata))
    assert "nan" not in tensors.info["types"]
    unknown = tensors.samples["train"] % 3 == 0
    assert not tensors.parts["train"]["classes"][unknown].any()
    assert tensors.parts["train"]["classes"][~unknown].any(axis=1).all()


def test_a_velocity_layer_is_read_with_its_moments_and_says_what_it_cannot(cycle):
    adata = cycle.adata.copy()
    adata.layers["arrows"] = np.ones(adata.shape)
    adata.layers["Ms"] = np.arange(adata.n_obs * adata.n_vars, dtype=float).reshape(adata.shape)
    adata.var["velocity_genes"] = np.arange(adata.n_vars) % 2 == 0
    dataset = with_roles(dataclasses.replace(cycle, adata=adata), velocity="arrows")
    tensors = arrays(dataset, derivative="layer", scale_genes=False)
    expected = adata.layers["Ms"][np.ix_(SPLIT.train, adata.var["velocity_genes"])]
    assert np.array_equal(tensors.reference["train"]["x"], expected)
    assert "optimistic" in tensors.info["cautions"][0]
    cells = SPLIT.train
    permuted = tensors.reference["train"]["null_dx"]
    assert len(permuted) == len(cells)
    assert np.array_equal(np.sort(permuted, axis=0),
                          np.sort(tensors.reference["train"]["dx"], axis=0))  # fmt: skip


def test_counts_where_logs_are_needed_are_named(cycle):
    adata = cycle.adata.copy()
    adata.X = adata.layers["spliced"].astype(np.float64) * 1000
    dataset = with_roles(dataclasses.replace(cycle, adata=adata), pseudotime="phase")
    with pytest.raises(ConfigError, match="log values"):
        arrays(dataset, derivative="windows", genes=20)


def test_auto_takes_the_first_source_the_roles_allow():
    graph = {"spliced": "s", "unspliced": "u"}
    assert choose_source(CleraConfig(), Roles(**graph, velocity="v")) == "graph"
    assert choose_source(CleraConfig(), Roles(velocity="v", pseudotime="t")) == "layer"
    assert choose_source(CleraConfig(), Roles(pseudotime="t")) == "lineage"
    assert choose_source(CleraConfig(derivative="velocity"), Roles(**graph)) == "velocity"


def test_a_missing_role_is_named():
    with pytest.raises(ConfigError, match="pseudotime"):
        choose_source(CleraConfig(derivative="windows"), Roles(spliced="s"))


def test_too_few_cells_are_named(cycle):
    with pytest.raises(TrainingError, match="neighbours"):
        arrays(cycle, neighbours=200)


def test_counts_without_velocity_are_named(cycle):
    with pytest.raises(TrainingError, match="shared spliced and unspliced"):
        arrays(cycle, min_shared_counts=10**9)
