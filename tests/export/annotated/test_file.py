"""The .h5ad of a run opens anywhere and holds to what viewers ask for."""

import subprocess
import sys

import anndata
import numpy as np
import pandas as pd
import pytest

from scdyn_core.data.cell_sets.cell_set import Imported
from scdyn_core.data.cell_sets.store import CellSetStore
from scdyn_core.data.store import DatasetStore
from scdyn_core.export.annotated.file import export_annotated
from scdyn_core.methods.method import Table
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.runs.run import Run
from scdyn_core.runs.tables import write_table


@pytest.fixture
def run(trained):
    """A run that looked at 50 of the 60 cells, in two replicates."""
    run = Run.open(trained)
    cells = [f"cell{i}" for i in reversed(range(50))]
    latent = pd.DataFrame(
        {
            "replicate": np.repeat([0, 1], 50),
            "cell": cells * 2,
            "part": "train",
            **{name: np.arange(100.0) for name in ("z1", "z2", "dz1", "dz2", "dzhat1", "dzhat2")},
        }
    )
    write_table(run.path / "tables" / "latent.parquet", Table(latent, {"z1": "first"}))
    loss = Table(pd.DataFrame({"kind/of": ["a", None], "value": [1.0, np.nan]}), {})
    write_table(run.path / "tables" / "odd.parquet", loss)
    return run


def test_the_file_holds_what_the_run_found_for_the_cells_it_looked_at(run, tmp_path):
    adata = anndata.read_h5ad(export_annotated(run, tmp_path / "x.h5ad", SilentReporter()))
    assert adata.n_obs == 50
    assert adata.obs_names.is_unique
    assert adata.X is not None
    assert adata.obsm["X_line"][0].tolist() == [49, 49]
    assert {"X_line_replicate2", "velocity_line", "velocity_line_equations"} <= set(adata.obsm)
    for name in (name for name in adata.obsm if name.startswith("X_")):
        assert np.isfinite(adata.obsm[name]).all()
    assert set(adata.obs["line_part"]) <= {"train", "validation", "test"}
    assert {"line_weight"} <= set(adata.var)
    about = adata.uns["line"]
    assert about["run"] == run.id
    assert "torch" in about["versions"]
    assert "Pearson 1901" in about["cite"]
    assert about["tables"]["odd"]["kind_of"].tolist() == ["a", ""]
    assert len(about["scores"]) == 2
    assert str(run.spec.dataset.path.parent) not in about["config"]


def test_plain_scanpy_works_on_it(run, tmp_path):
    file = export_annotated(run, tmp_path / "x.h5ad", SilentReporter())
    code = (
        "import sys, warnings; warnings.simplefilter('ignore')\n"
        "import scanpy as sc\n"
        "adata = sc.read_h5ad(sys.argv[1])\n"
        "sc.pp.neighbors(adata, use_rep='X_line', n_neighbors=5)\n"
        "sc.tl.leiden(adata, flavor='igraph', n_iterations=2)\n"
        "assert 'scdyn_core' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_sets_saved_with_the_data_are_truths(run, tmp_path, home):
    record = DatasetStore(home).add(run.spec.dataset.path)
    names = anndata.read_h5ad(DatasetStore(home).path(record.id)).obs_names
    how = Imported(column="x", level="y", source="column")
    for name in ("first/ten", "first_ten"):
        CellSetStore(home).save(record.id, name, np.arange(10), how)
    adata = anndata.read_h5ad(export_annotated(run, tmp_path / "x.h5ad", SilentReporter()))
    inside = adata.obs["set_first_ten"]
    assert inside.dtype == bool
    assert set(adata.obs_names[inside]) == set(names[:10]) & set(adata.obs_names)
    assert (adata.obs["set_first_ten_2"] == inside).all()


def test_a_cancelled_export_leaves_nothing(run, tmp_path):
    class Impatient(SilentReporter):
        def cancelled(self):
            return True

    with pytest.raises(Cancelled):
        export_annotated(run, tmp_path / "x.h5ad", Impatient())
    assert not list(tmp_path.glob("*x.h5ad*"))
