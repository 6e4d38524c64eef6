"""What is done aside for the page Latent space: cells laid out, sets of genes scored."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from scdyn_core.aside.tasks import lay_out, score_gene_set
from scdyn_core.data.atlas.atlas import Atlas
from scdyn_core.data.record import DatasetRecord
from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.data.store import DatasetStore
from scdyn_core.errors import InputError
from scdyn_core.preprocess.recipe import RECIPES, Recipe
from scdyn_core.preprocess.steps.filter_cells import FilterCells
from scdyn_core.preprocess.steps.qc_metrics import QcMetrics
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.runs.atlases import dataset_atlas, run_atlas
from scdyn_core.runs.execute import execute
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.workspace import Workspace


@pytest.fixture
def home(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("SCDYN_HOME", str(workspace.home))
    return workspace


@pytest.fixture
def hopf(home: Workspace, tmp_path: Path) -> DatasetRecord:
    path = tmp_path / "hopf.h5ad"
    Hopf(n_cells=120, n_genes=120).sample(seed=0).write_h5ad(path)
    return DatasetStore(home).add(path, "hopf")


def prepared(home: Workspace, record: DatasetRecord, recipe: Recipe) -> Run:
    store = DatasetStore(home)
    reference = DatasetRef(
        path=store.path(record.id),
        name=record.name,
        fingerprint=record.fingerprint,
        roles=record.roles,
    )
    run = Run.create(home.runs, RunSpec(kind="prepare", dataset=reference, recipe=recipe))
    assert execute(run, SilentReporter()).status == "done"
    return run


def ask(home: Workspace, record: DatasetRecord, run: Run | None = None) -> Atlas:
    request = {
        "home": str(home.home),
        "dataset": record.id,
        "run": None if run is None else str(run.path),
    }
    return Atlas(Path(lay_out.work(request, home.home, SilentReporter())["atlas"]))


def test_an_atlas_that_was_deleted_is_made_again(home: Workspace, hopf: DatasetRecord) -> None:
    atlas = Atlas(dataset_atlas(home, hopf))
    gene = atlas.genes[3]
    before = atlas.values(gene)
    shutil.rmtree(atlas.folder)
    np.testing.assert_array_equal(ask(home, hopf).values(gene), before)


def test_a_recipe_run_in_full_is_laid_out_by_its_worker(
    home: Workspace, hopf: DatasetRecord
) -> None:
    run = prepared(home, hopf, RECIPES["expression"])
    folder = run_atlas(home, run)
    assert folder is not None
    assert "X_umap" in Atlas(folder).meta.embeddings


def test_cells_that_a_recipe_kept_know_their_rows(home: Workspace, hopf: DatasetRecord) -> None:
    store = DatasetStore(home)
    counts = np.asarray(store.open(hopf.id).adata.layers["spliced"].sum(axis=1)).ravel()
    least = int(np.median(counts))
    run = prepared(home, hopf, Recipe(steps=(QcMetrics(), FilterCells(min_counts=least))))
    folder = run_atlas(home, run)
    assert folder is not None
    shutil.rmtree(folder)
    atlas = ask(home, hopf, run)
    names = list(store.open(hopf.id).adata.obs_names)
    assert 0 < atlas.n_cells < len(names)
    assert [names[row] for row in atlas.rows()] == atlas.names(slice(None))


def test_gene_sets_are_scored_and_the_means_of_genes_kept(
    home: Workspace, hopf: DatasetRecord, tmp_path: Path
) -> None:
    atlas = Atlas(dataset_atlas(home, hopf))
    genes = list(atlas.genes[:4])
    request = {"atlas": str(atlas.folder), "genes": [*genes, "NOT_THERE"], "seed": 0}
    assert score_gene_set.work(request, tmp_path, SilentReporter()) == {"genes": 4, "of": 5}
    first = np.load(tmp_path / score_gene_set.SCORES)
    assert first.shape == (atlas.n_cells,)
    own = np.mean([atlas.values(gene) for gene in genes], axis=0)
    assert np.corrcoef(first, own)[0, 1] > 0.5
    score_gene_set.work(request, tmp_path, SilentReporter())
    np.testing.assert_array_equal(np.load(tmp_path / score_gene_set.SCORES), first)


def test_a_set_without_any_gene_of_the_data_is_refused(
    home: Workspace, hopf: DatasetRecord, tmp_path: Path
) -> None:
    request = {"atlas": str(dataset_atlas(home, hopf)), "genes": ["NOT_THERE"], "seed": 0}
    with pytest.raises(InputError, match="no gene of these data"):
        score_gene_set.work(request, tmp_path, SilentReporter())


def test_scoring_stops_when_nobody_wants_it(
    home: Workspace, hopf: DatasetRecord, tmp_path: Path
) -> None:
    class Unwanted(SilentReporter):
        def cancelled(self) -> bool:
            return True

    atlas = Atlas(dataset_atlas(home, hopf))
    request = {"atlas": str(atlas.folder), "genes": list(atlas.genes[:4]), "seed": 0}
    with pytest.raises(Cancelled):
        score_gene_set.work(request, tmp_path, Unwanted())
