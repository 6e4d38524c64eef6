"""Preparing: pure, cached by hash, safe against kills, stoppable."""

import threading

import numpy as np
import pytest
from filelock import FileLock

from scdyn_core.data.roles import Roles
from scdyn_core.errors import ConfigError
from scdyn_core.preprocess import prepare as prepare_module
from scdyn_core.preprocess.prepare import prepare, prepared_key
from scdyn_core.preprocess.recipe import RECIPES, Recipe
from scdyn_core.preprocess.steps import Log1p, Normalise, Pca, QcMetrics, VariableGenes
from scdyn_core.reporter import Cancelled, SilentReporter

QUICK = Recipe(
    name="quick", steps=(QcMetrics(), Normalise(), Log1p(), VariableGenes(n_top=30), Pca())
)


class Listener(SilentReporter):
    """Remembers the stages it was told, and asks to stop after so many."""

    def __init__(self, stop_after=10**6):
        self.messages, self.stop_after = [], stop_after

    def progress(self, stage, done, total, message=""):
        assert 0 <= done <= total
        self.messages.append(message)

    def cancelled(self):
        return len(self.messages) >= self.stop_after


def test_the_dataset_stays_untouched(small_dataset):
    adata = small_dataset.adata
    before = adata.copy()
    prepared = prepare(small_dataset, RECIPES["windows"], None)
    assert (adata.X != before.X).nnz == 0
    for layer in before.layers:
        assert (adata.layers[layer] != before.layers[layer]).nnz == 0
    assert list(adata.obs) == list(before.obs)
    assert list(adata.var) == list(before.var)
    assert set(adata.layers) == set(before.layers)
    assert set(adata.uns) == set(before.uns)
    assert small_dataset.roles.pseudotime is None
    assert prepared.dataset.roles.pseudotime == "velocity_pseudotime"
    assert prepared.dataset.roles.spliced is None


def test_every_step_is_recorded_and_reported(small_dataset):
    listener = Listener()
    prepared = prepare(small_dataset, QUICK, None, listener)
    assert [record.kind for record in prepared.records] == [step.kind for step in QUICK.steps]
    assert all(record.cells_after == 200 for record in prepared.records)
    assert listener.messages[: len(QUICK.steps)] == [step.title for step in QUICK.steps]


def test_the_empty_recipe_changes_nothing(small_dataset):
    prepared = prepare(small_dataset, RECIPES["none"], None)
    assert prepared.records == ()
    assert (prepared.dataset.adata.X != small_dataset.adata.X).nnz == 0


def test_the_second_time_comes_from_the_cache_and_is_equal(small_dataset, tmp_path, monkeypatch):
    first = prepare(small_dataset, QUICK, tmp_path)
    monkeypatch.setattr(prepare_module, "apply_recipe", _must_not_run)
    second = prepare(small_dataset, QUICK, tmp_path)
    assert second.records == first.records
    assert second.recipe == QUICK
    assert second.dataset.roles == first.dataset.roles
    assert second.dataset.fingerprint == first.dataset.fingerprint
    np.testing.assert_array_equal(
        first.dataset.adata.obsm["X_pca"], second.dataset.adata.obsm["X_pca"]
    )


def _must_not_run(*_):
    raise AssertionError("applied again")


def test_the_full_velocity_recipe_survives_the_disk(small_dataset, tmp_path):
    fresh = prepare(small_dataset, RECIPES["velocity"], None).dataset.adata
    stored = prepare(small_dataset, RECIPES["velocity"], tmp_path).dataset.adata
    for layer in ("Ms", "Mu", "velocity"):
        np.testing.assert_array_equal(fresh.layers[layer], stored.layers[layer])
    for key in ("X_pca", "X_umap", "velocity_umap"):
        np.testing.assert_array_equal(fresh.obsm[key], stored.obsm[key])
    assert (fresh.uns["velocity_graph"] != stored.uns["velocity_graph"]).nnz == 0


def test_the_key_follows_data_roles_recipe_and_seed(small_dataset):
    other_roles = small_dataset.with_roles(Roles(spliced="spliced", unspliced="unspliced"))
    other_seed = QUICK.model_copy(update={"seed": 1})
    keys = {
        prepared_key(small_dataset, QUICK),
        prepared_key(other_roles, QUICK),
        prepared_key(small_dataset, other_seed),
        prepared_key(small_dataset, RECIPES["none"]),
    }
    assert len(keys) == 4


def test_what_a_kill_leaves_behind_is_replaced(small_dataset, tmp_path):
    folder = tmp_path / "prepared" / prepared_key(small_dataset, QUICK)
    partial = folder.with_suffix(".partial")
    partial.mkdir(parents=True)
    (partial / "data.h5ad").write_bytes(b"half")
    prepare(small_dataset, QUICK, tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == ["data.h5ad", "records.json"]
    assert not partial.exists()


@pytest.mark.parametrize("damaged", ["data.h5ad", "records.json"])
def test_a_damaged_result_is_made_again(small_dataset, tmp_path, damaged):
    prepare(small_dataset, QUICK, tmp_path)
    path = tmp_path / "prepared" / prepared_key(small_dataset, QUICK) / damaged
    path.write_bytes(path.read_bytes()[:100])
    assert prepare(small_dataset, QUICK, tmp_path).dataset.adata.obsm["X_pca"].shape[0] == 200
    assert path.stat().st_size > 100


def test_cancel_stops_between_steps_and_stores_nothing(small_dataset, tmp_path):
    listener = Listener(stop_after=2)
    with pytest.raises(Cancelled):
        prepare(small_dataset, QUICK, tmp_path, listener)
    assert len(listener.messages) == 2
    assert not (tmp_path / "prepared" / prepared_key(small_dataset, QUICK)).exists()
    assert prepare(small_dataset, QUICK, tmp_path).records


def test_waiting_for_another_process_can_be_cancelled(small_dataset, tmp_path):
    folder = tmp_path / "prepared" / prepared_key(small_dataset, QUICK)
    folder.parent.mkdir(parents=True)
    with FileLock(folder.with_suffix(".lock")), pytest.raises(Cancelled):
        prepare(small_dataset, QUICK, tmp_path, Listener(stop_after=1))


def test_two_at_once_do_the_work_once(small_dataset, tmp_path, monkeypatch):
    applied = []
    original = prepare_module.apply_recipe
    monkeypatch.setattr(
        prepare_module, "apply_recipe", lambda *args: applied.append(1) or original(*args)
    )
    threads = [
        threading.Thread(target=prepare, args=(small_dataset, QUICK, tmp_path)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert applied == [1]


def test_a_missing_role_is_named_before_any_work(small_dataset, tmp_path):
    dataset = small_dataset.with_roles(Roles(counts="X"))
    with pytest.raises(ConfigError, match="roles spliced") as caught:
        prepare(dataset, RECIPES["velocity"], tmp_path)
    assert "roles of the dataset" in caught.value.fix
    assert not (tmp_path / "prepared").exists()


def test_the_default_recipe_on_real_counts(shared_data):
    import anndata

    from scdyn_core.data.dataset import Dataset

    adata = anndata.read_h5ad(shared_data / "velocity" / "pancreas_3696x2000.h5ad")[::12].copy()
    adata.X = adata.layers["spliced"].copy()
    roles = Roles(cell_type="clusters", spliced="spliced", unspliced="unspliced")
    prepared = prepare(Dataset(adata, roles, "pancreas", "p"), RECIPES["velocity"], None)
    result = prepared.dataset.adata
    assert result.n_obs == 308
    assert result.var["velocity_genes"].sum() > 50
    assert np.isfinite(result.obsm["velocity_umap"]).all()
    early = result.obs["clusters"] == "Ductal"
    assert early.any()
    assert result.obsm["X_umap"].shape == (308, 2)
