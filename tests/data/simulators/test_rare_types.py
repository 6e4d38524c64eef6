"""Generated rare types: each rare in the way the truth says, and the treatment as planted."""

from pathlib import Path

import anndata
import numpy as np
import pytest

from scdyn_core.data.load import load
from scdyn_core.data.simulators import simulate
from scdyn_core.errors import ConfigError

SHIPPED = Path(__file__).parents[3] / "sample_data" / "rare.h5ad"


@pytest.fixture(scope="module")
def deep():
    """Many cells, hardly any noise: what was planted can be read off the means."""
    return simulate(
        "rare", 1, n_cells=4000, rare_share=0.1, depth=1e5, depth_sd=0.0, cell_noise=0.01,
        activity_sd=0.0, batch=0.0,
    )  # fmt: skip


def log_means(sample):
    """Mean counts by type and condition, log, relative to the genes nothing acts on."""
    groups = [sample.obs["cell_type"], sample.obs["condition"]]
    means = np.log(sample.to_df().groupby(groups, observed=True).mean())
    truth = sample.uns["rare_types"]
    untouched = (
        (sample.var["program_true"] == 0)
        & (sample.var["own_gene_of_true"] == "")
        & (truth["response"] == 0).all(axis=0)
    )
    assert untouched.sum() > 10
    return means.sub(means.loc[:, untouched.to_numpy()].mean(axis=1), axis=0)


def test_the_truth_says_which_types_are_rare_and_the_cells_agree():
    sample = simulate("rare", 2)
    truth = sample.uns["rare_types"]
    counts = sample.obs["cell_type"].value_counts()
    rare = truth["cell_type"][truth["rare"]]
    assert list(truth["kind"][truth["rare"]]) == ["own genes", "weak", "joint"]
    assert (counts[rare] == 30).all()
    assert counts.drop(rare).min() > 100
    assert counts.sum() == 2000


def test_every_program_of_the_joint_type_is_in_others_but_not_all_in_one():
    truth = simulate("rare", 2, n_cells=200).uns["rare_types"]
    joint = truth["programs"][list(truth["kind"]).index("joint")]
    common = truth["programs"][truth["kind"] == "common"]
    assert ((common == joint).sum(axis=0) >= 2).all()
    assert not (truth["programs"][truth["kind"] != "joint"] == joint).all(axis=1).any()


def test_types_differ_by_their_programs_and_own_genes(deep):
    means = log_means(deep).xs("control", level="condition")
    program, owner = deep.var["program_true"], deep.var["own_gene_of_true"]
    truth = deep.uns["rare_types"]
    for name, programs in zip(truth["cell_type"], truth["programs"], strict=True):
        for number in range(1, 7):
            change = (means.loc[name] - means.loc["common 2"])[(program == number).to_numpy()]
            expected = 1.6 * (programs[number - 1] - truth["programs"][1][number - 1])
            assert change.mean() == pytest.approx(expected, abs=0.25)
    for name, alike, fold in (
        ("rare, own genes", "common 1", 2.5),
        ("rare, weak", "common 2", 0.8),
    ):
        change = means.loc[name] - means.loc[alike]
        own = (owner == name).to_numpy()
        np.testing.assert_allclose(change[own], fold, atol=0.1)
        np.testing.assert_allclose(change[~own], 0.0, atol=0.1)


def test_the_treatment_changes_what_the_truth_says(deep):
    means = log_means(deep)
    change = means.xs("treated", level="condition") - means.xs("control", level="condition")
    truth = deep.uns["rare_types"]
    np.testing.assert_allclose(change.loc[list(truth["cell_type"])], truth["response"], atol=0.12)
    types = np.corrcoef(truth["response"])[np.triu_indices(8, 1)]
    assert 0.5 < types.min() < types.max() < 0.98


def test_half_of_every_type_is_treated():
    sample = simulate("rare", 3, rare_share=0.005)
    treated = (sample.obs["condition"] == "treated").groupby(sample.obs["cell_type"], observed=True)
    assert (abs(treated.sum() - treated.size() / 2) <= 0.5).all()


def test_the_same_seed_gives_the_same_counts_and_another_one_others():
    first, again, other = (simulate("rare", seed, n_cells=200) for seed in (4, 4, 5))
    assert (first.X != again.X).nnz == 0
    assert (first.X != other.X).nnz > 0


def test_the_shipped_file_is_what_its_command_makes():
    assert SHIPPED.stat().st_size < 600_000
    shipped, made = anndata.read_h5ad(SHIPPED), simulate("rare")
    np.testing.assert_array_equal(shipped.X.toarray(), made.X.toarray())
    for column in ("cell_type", "condition", "batch"):
        assert list(shipped.obs[column]) == list(made.obs[column])
    truth = "rare_types"
    np.testing.assert_allclose(shipped.uns[truth]["response"], made.uns[truth]["response"])


def test_roles_and_truth_of_the_shipped_file_are_found():
    dataset = load(SHIPPED)
    assert dataset.roles.assigned() == {
        "cell_type": "cell_type", "condition": "condition", "control_condition": "control",
        "batch": "batch", "counts": "X",
    }  # fmt: skip
    truth = dataset.adata.uns["rare_types"]
    assert list(truth["cell_type"][truth["rare"]]) == [
        "rare, own genes",
        "rare, weak",
        "rare, joint",
    ]
    assert truth["programs"].shape == (8, 6)


@pytest.mark.parametrize("params", [{"rare_share": 0.5}, {"n_genes": 50}, {"nothing": 1}])
def test_a_wrong_parameter_is_named(params):
    with pytest.raises(ConfigError) as caught:
        simulate("rare", **params)
    assert next(iter(params)) in caught.value.place
