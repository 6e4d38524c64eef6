"""CLERA on the common contract, from a dataset to tables and scores."""

import numpy as np
import pytest

from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.method import Clera
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions
from tests.methods.clera.small import small_cycle

CONFIG = CleraConfig(
    latents=2, neighbours=20, min_shared_counts=5, warmup_epochs=10, fit_epochs=40, refine_epochs=10
)


def run(config, replicates=1):
    method, dataset = Clera(), small_cycle()
    split = method.split(dataset, config, seed=0)
    tensors = method.tensors(dataset, config, split, 0, SilentReporter())
    modules = fit(
        lambda seed: method.build(tensors, config, seed),
        method.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(replicates=replicates, device="cpu"),
        SilentReporter(),
    )
    settled = method.settle(modules, tensors, config)
    return method.results(settled, tensors, dataset, config, SilentReporter())


@pytest.fixture(scope="module")
def trained():
    return run(CONFIG, replicates=3)


def test_every_column_of_every_table_has_a_meaning(trained):
    for name, table in trained.tables.items():
        assert list(table.frame.columns) == list(table.columns), name
        assert len(table.frame), name


def test_tables_hold_every_cell_of_every_replicate(trained):
    cells, latent = trained.tables["cells"].frame, trained.tables["latent"].frame
    assert len(cells) == 360
    assert set(cells["part"]) == {"train", "validation", "test"}
    assert len(latent) == 3 * 360
    assert list(latent["cell"][:360]) == list(cells["cell"])
    assert np.isfinite(latent.filter(regex="^d?z").to_numpy()).all()


def test_removed_terms_have_no_coefficient(trained):
    equations = trained.tables["equations"].frame
    assert (equations["coefficient"][~equations["active"]] == 0).all()
    share = equations.groupby(["equation", "term"])["active"].mean()
    shown = equations.groupby(["equation", "term"])["inclusion"].first()
    np.testing.assert_allclose(share, shown)


def test_replicates_are_measured_on_validation_beside_test_and_one_is_chosen(trained):
    replicates = trained.tables["replicates"].frame
    assert list(replicates["replicate"]) == [0, 1, 2]
    assert replicates["chosen"].sum() == 1
    scores = {score.metric: score.value for score in trained.scores}
    assert replicates["test_derivative_share"].mean() == pytest.approx(scores["derivative share"])
    assert replicates["test_reconstruction_r2"].mean() == pytest.approx(scores["reconstruction R2"])
    assert replicates["test_accuracy"].mean() == pytest.approx(scores["cell-type accuracy"])
    assert (replicates["validation_derivative_share"] != replicates["test_derivative_share"]).all()
    active = trained.tables["equations"].frame.groupby("replicate")["active"].sum()
    assert list(replicates["active_terms"]) == list(active)


def test_latents_of_replicates_are_in_one_frame(trained):
    alignment = trained.tables["alignment"].frame
    reference = alignment["reference"].iloc[0]
    own = alignment[alignment["replicate"] == reference]
    np.testing.assert_allclose(own[["correlation", "affine_r2", "field_share"]], 1.0)
    latent = trained.tables["latent"].frame.query("part == 'validation'")
    z = {k: rows[["z1", "z2"]].to_numpy() for k, rows in latent.groupby("replicate")}
    for replicate in z:
        correlation = np.corrcoef(z[reference].T, z[replicate].T)[:2, 2:]
        assert (np.diag(correlation) > 0).all()
        assert np.abs(correlation).trace() >= np.abs(correlation[:, ::-1]).trace() - 1e-9


def test_the_confusion_matrix_counts_every_cell_once(trained):
    counts = trained.tables["classifier"].frame.groupby("replicate")["cells"].sum()
    assert list(counts) == [360] * 3


def test_every_score_is_on_test_cells_beside_baselines(trained):
    names = {score.metric for score in trained.scores}
    assert names == {
        "derivative share", "latent derivative share", "reconstruction R2", "cell-type accuracy"
    }  # fmt: skip
    for score in trained.scores:
        assert score.split == "test"
        assert len(score.baselines) >= 2
        assert score.replicate_sd is not None


def test_without_weight_no_classifier_is_scored():
    config = CONFIG.model_copy(
        update={
            "weight_classification": 0.0,
            "warmup_epochs": 0,
            "fit_epochs": 5,
            "refine_epochs": 0,
        }
    )
    results = run(config)
    assert "classifier" not in results.tables
    assert "cell-type accuracy" not in {score.metric for score in results.scores}
    stability = results.tables["stability"].frame
    assert (stability["interval"] == "cells").all()
    kept = stability[stability["inclusion"] == 1]
    assert (kept["low"] < kept["high"]).all()
    assert "term_agreement" not in results.tables
    # Fewer epochs than between two solves still end with equations.
    assert results.tables["equations"].frame["coefficient"].abs().max() > 0


def test_published_preset_keeps_the_published_defects():
    published = Clera.presets["published"]
    assert published.solver == "gradient"
    assert published.fresh_refinement
    names = [phase.name for phase in Clera().phases(published)]
    assert names == ["fit", "refine"]
    fit_phase, refine = Clera().phases(published)
    assert "sparsity" in fit_phase.weights
    assert "sparsity" not in refine.weights


def test_needs_velocity_or_an_order():
    assert Clera.roles.missing({"cell_type": "a"}) is not None
    assert Clera.roles.missing({"pseudotime": "t"}) is None
