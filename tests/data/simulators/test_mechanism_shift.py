"""A generated screen: sparse shifts of latents, counts at a known depth, and the truth kept."""

from pathlib import Path

import anndata
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scdyn_core.data.load import load
from scdyn_core.data.simulators import simulate
from scdyn_core.errors import ConfigError

SHIPPED = Path(__file__).parents[3] / "sample_data" / "screen.h5ad"


def small(seed=0, **params):
    sizes = {"interventions": 12, "cells_per_intervention": 60, "genes": 40, "latents": 8}
    return simulate("mechanism_shift", seed, **{**sizes, **params})


def true_shift(sample):
    """Return the planted shift of every label, by name."""
    truth = sample.uns["mechanism_shift"]
    singles = dict(zip(truth["perturbation"], truth["shift"], strict=True))
    return lambda label: sum(
        (singles[part] for part in label.split("+") if part != "control"),
        np.zeros(truth["shift"].shape[1]),
    )


def test_the_defaults_are_those_of_the_publication():
    sample = simulate("mechanism_shift")
    assert sample.shape == (25_000, 100)
    assert sample.obsm["latent_true"].shape == (25_000, 15)
    assert sample.obs["perturbation"].value_counts().unique().tolist() == [250]
    shift = sample.uns["mechanism_shift"]["shift"]
    assert shift.shape == (100, 15)
    assert np.abs(shift[shift != 0]).mean() == pytest.approx(5, abs=0.15)
    assert np.abs(shift[shift != 0]).std() == pytest.approx(0.5, abs=0.1)


def test_every_perturbation_has_one_to_three_targets_as_often():
    shift = small(interventions=900, cells_per_intervention=2).uns["mechanism_shift"]["shift"]
    targets = np.bincount((shift != 0).sum(axis=1), minlength=5)
    assert targets[0] == targets[4:].sum() == 0
    assert (targets[1:4] > 250).all()
    assert (shift > 0).sum() == pytest.approx((shift < 0).sum(), rel=0.2)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_cells_lie_about_the_shift_of_their_label(seed):
    sample = small(seed, control_cells=60, combinations=5)
    shift = true_shift(sample)
    rest = sample.obsm["latent_true"] - np.stack([shift(p) for p in sample.obs["perturbation"]])
    assert rest.std() == pytest.approx(1, abs=0.06)
    for label in sample.obs["perturbation"].cat.categories:
        mean = rest[(sample.obs["perturbation"] == label).to_numpy()].mean(axis=0)
        assert np.abs(mean).max() < 5 / np.sqrt(60)


def test_depth_is_that_of_the_cell_not_of_the_gene():
    total = np.asarray(small(depth=3000, depth_sd=0.2, interventions=60).X.sum(axis=1)).ravel()
    assert total.mean() == pytest.approx(3000, rel=0.02)
    assert np.log(total).std() == pytest.approx(0.2, rel=0.1)


def test_controls_and_pairs_are_labelled():
    sample = small(control_cells=30, combinations=7)
    cells = sample.obs["perturbation"].value_counts()
    assert cells["control"] == 30
    pairs = [label for label in cells.index if "+" in label]
    assert len(set(pairs)) == 7
    assert all(first < second for first, second in (pair.split("+") for pair in pairs))
    assert (cells.drop("control") == 60).all()


def test_every_pair_can_be_asked_for():
    sample = small(interventions=6, combinations=15)
    assert sum("+" in label for label in sample.obs["perturbation"].cat.categories) == 15


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_the_seed_decides_everything(seed):
    first, again, other = (small(s, cells_per_intervention=5) for s in (seed, seed, seed + 1))
    assert (first.X != again.X).nnz == 0
    assert (first.X != other.X).nnz > 0
    assert list(first.obs["perturbation"]) == list(again.obs["perturbation"])


def test_a_perturbation_changes_the_counts():
    sample = small(control_cells=200, cells_per_intervention=200)
    share = np.log1p(sample.X.toarray())
    label = sample.obs["perturbation"]
    control = share[(label == "control").to_numpy()]
    for name in sample.uns["mechanism_shift"]["perturbation"]:
        changed = share[(label == name).to_numpy()].mean(axis=0) - control.mean(axis=0)
        assert np.abs(changed).max() > 0.3


def test_inert_perturbations_shift_nothing():
    sample, all_active = small(inert=3), small()
    shift = sample.uns["mechanism_shift"]["shift"]
    assert (shift[-3:] == 0).all()
    np.testing.assert_array_equal(shift[:-3], all_active.uns["mechanism_shift"]["shift"][:-3])


def test_every_cell_has_a_guide_of_each_of_its_perturbations():
    sample = small(control_cells=60, combinations=3, guides=2)
    for label, guide in zip(sample.obs["perturbation"], sample.obs["guide"], strict=True):
        assert [part[:-2] for part in guide.split("+")] == label.split("+")
        assert {part[-2:] for part in guide.split("+")} <= {"g1", "g2"}
    carried = sample.obs.groupby("perturbation", observed=True)["guide"].nunique()
    assert all(n == 2 ** (1 + label.count("+")) for label, n in carried.items())


def test_a_measured_target_loses_its_transcripts_where_it_is_hit():
    sample = small(
        control_cells=400, combinations=3, knock_down=0.75, genes=10, cells_per_intervention=200
    )
    assert list(sample.var_names[-12:]) == list(sample.uns["mechanism_shift"]["perturbation"])
    counts = sample.to_df()
    for label, cells in counts.groupby(sample.obs["perturbation"], observed=True):
        ratio = cells.mean() / counts[sample.obs["perturbation"] == "control"].mean()
        hit = [name in label.split("+") for name in sample.var_names[-12:]]
        np.testing.assert_allclose(ratio[-12:], np.where(hit, 0.25, 1.0), atol=0.1)


def test_what_is_asked_for_besides_leaves_the_counts_as_they_are():
    plain, more = small(), small(guides=3, knock_down=0.5)
    assert (more.X[:, :40] != plain.X).nnz == 0
    np.testing.assert_array_equal(plain.obsm["latent_true"], more.obsm["latent_true"])


def test_the_shipped_file_is_what_its_command_makes():
    assert SHIPPED.stat().st_size < 700_000
    shipped, made = anndata.read_h5ad(SHIPPED), simulate("screen")
    np.testing.assert_array_equal(shipped.X.toarray(), made.X.toarray())
    for column in ("perturbation", "guide"):
        assert list(shipped.obs[column]) == list(made.obs[column])
    np.testing.assert_allclose(shipped.obsm["latent_true"], made.obsm["latent_true"], rtol=1e-6)
    truth = "mechanism_shift"
    np.testing.assert_array_equal(shipped.uns[truth]["shift"], made.uns[truth]["shift"])


def test_the_roles_of_the_shipped_file_are_guessed():
    assert load(SHIPPED).roles.assigned() == {
        "perturbation": "perturbation", "control_perturbation": "control", "guide": "guide",
        "counts": "X",
    }  # fmt: skip


def test_the_truth_survives_loading(tmp_path):
    sample = small(cells_per_intervention=4)
    sample.write_h5ad(tmp_path / "screen.h5ad")
    loaded = load(tmp_path / "screen.h5ad")
    truth = loaded.adata.uns["mechanism_shift"]
    assert list(truth["perturbation"]) == list(sample.uns["mechanism_shift"]["perturbation"])
    np.testing.assert_array_equal(truth["shift"], sample.uns["mechanism_shift"]["shift"])
    np.testing.assert_array_equal(loaded.adata.obsm["latent_true"], sample.obsm["latent_true"])


@pytest.mark.parametrize(
    ("params", "place", "needed"),
    [
        ({"interventions": 4, "combinations": 7}, "combinations", "only 6 pairs"),
        ({"depth": 0}, "depth", "greater than 0"),
        ({"inert": 13}, "inert", "above interventions"),
    ],
)
def test_a_wrong_parameter_is_named(params, place, needed):
    with pytest.raises(ConfigError, match=needed) as caught:
        small(**params)
    assert place in caught.value.place
