"""A full result read back in the form of a preview."""

from pathlib import Path

from scdyn_core.data.overview import cell_quality
from scdyn_core.data.store import DatasetStore
from scdyn_core.preprocess.finished import read_finished
from scdyn_core.preprocess.prepare import prepare
from scdyn_core.preprocess.prepared import write_prepared
from scdyn_core.preprocess.recipe import Recipe
from scdyn_core.preprocess.steps import FilterCells, QcMetrics
from scdyn_core.workspace import Workspace
from tests.data.files import h5ad, small


def test_a_result_shows_what_was_kept(workspace: Workspace, tmp_path: Path) -> None:
    store = DatasetStore(workspace)
    dataset = store.open(store.add(h5ad(tmp_path / "x.h5ad", small(60, 20))).id)
    total = cell_quality(dataset)["counts"]
    recipe = Recipe(steps=(QcMetrics(), FilterCells(min_counts=float(total.median()))))
    write_prepared(prepare(dataset, recipe, None), tmp_path / "prepared")
    seen = read_finished(tmp_path / "prepared", cell_quality(dataset))
    kept = seen.before.set_index("cell")["kept"]
    assert kept.sum() == len(seen.after) < 60
    assert (total[kept] >= total.median()).all()
    assert seen.after["cell_type"].tolist() == dataset.adata.obs.loc[kept, "cell_type"].tolist()
    assert [record.kind for record in seen.records] == ["qc_metrics", "filter_cells"]
