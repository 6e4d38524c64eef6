"""Comparisons made aside are kept by what was compared."""

import anndata
import numpy as np
import pandas as pd
import pytest

from scdyn_core.aside.asker import Aside
from scdyn_core.aside.comparisons import CellChoice, ComparisonStore, Question
from scdyn_core.aside.tasks.compare_cells import work
from scdyn_core.data.atlas.atlas import Atlas
from scdyn_core.data.store import DatasetStore
from scdyn_core.errors import InputError
from scdyn_core.evaluation.expression.cell_pair import cell_pair
from scdyn_core.evaluation.expression.wilcoxon import wilcoxon
from scdyn_core.reporter import SilentReporter
from scdyn_core.runs.atlases import lay_out_dataset
from tests.evaluation.expression.cells import donors


@pytest.fixture
def atlas(workspace):
    cells, donor, treated = donors(0, n_genes=30, n_donors=8, changed=3)
    obs = pd.DataFrame(
        {"donor": donor.to_numpy(), "treatment": np.where(treated, "drug", "none")},
        index=[f"c{number}" for number in range(len(donor))],
    )
    path = workspace.inbox / "cells.h5ad"
    anndata.AnnData(cells.raw, obs=obs, var=pd.DataFrame(index=list(cells.genes))).write_h5ad(path)
    record = DatasetStore(workspace).add(path, "cells")
    return Atlas(lay_out_dataset(workspace, record, SilentReporter()))


def question(atlas, first, second=None, **changes):
    usual = {"atlas": atlas.meta.key, "first": first, "second": second, "method": "wilcoxon"}
    return Question(**(usual | changes))


def asked(workspace, question):
    return {"home": str(workspace.home), "question": question.model_dump(mode="json")}


DRUG = CellChoice(column="treatment", level="drug")


def test_a_level_and_the_same_cells_as_a_set_have_the_same_answer(workspace, atlas):
    store = ComparisonStore(workspace)
    treated = np.flatnonzero((atlas.column("treatment") == "drug").to_numpy())
    answers = []
    for first in (DRUG, store.store_cells(treated)):
        one = question(atlas, first)
        assert store.read(one) is None
        work(asked(workspace, one), workspace.cache, SilentReporter())
        answers.append(store.read(one))
    pd.testing.assert_frame_equal(answers[0].table, answers[1].table)
    pd.testing.assert_frame_equal(
        answers[0].table, wilcoxon(atlas, cell_pair(treated, None, atlas.n_cells))
    )
    assert answers[0].table.attrs["columns"]["z"].startswith("z score")


def test_a_process_aside_answers_and_reports(workspace, atlas, tmp_path):
    class Listener(SilentReporter):
        stages = ()

        def progress(self, stage, done, total, message=""):
            self.stages = (*self.stages, stage)

    one, listener = question(atlas, DRUG, method="pseudobulk", samples="donor"), Listener()
    aside = Aside()
    try:
        answer = aside.ask("compare_cells", asked(workspace, one), tmp_path, listener)
    finally:
        aside.close()
    assert answer["samples"]["first"] == 4
    assert {"summing counts", "fitting genes"} <= set(listener.stages)
    assert ComparisonStore(workspace).read(one).facts.changed >= 3


def test_another_question_is_another_answer(atlas):
    keys = {
        question(atlas, DRUG).key,
        question(atlas, CellChoice(column="treatment", level="none")).key,
        question(atlas, DRUG, CellChoice(column="treatment", level="none")).key,
        question(atlas, DRUG, method="pseudobulk", samples="donor").key,
    }
    assert len(keys) == 4


def test_a_damaged_answer_is_no_answer_and_is_made_anew(workspace, atlas):
    store, one = ComparisonStore(workspace), question(atlas, DRUG)
    for _ in range(2):
        work(asked(workspace, one), workspace.cache, SilentReporter())
        assert store.read(one) is not None
        (workspace.cache / "comparisons" / one.key / "genes.parquet").write_bytes(b"PAR1")
        assert store.read(one) is None


def test_cells_that_do_not_fit_on_the_disk_leave_nothing(workspace, monkeypatch):
    def full(file, *given, **more):
        raise OSError(28, "No space left on device")

    store = ComparisonStore(workspace)
    store.store_cells(np.arange(3))
    monkeypatch.setattr("numpy.lib.format.write_array", full)
    with pytest.raises(OSError, match="No space"):
        store.store_cells(np.arange(4))
    assert len(list((workspace.cache / "comparisons" / "cells").iterdir())) == 1


def test_a_set_that_is_gone_is_said(workspace, atlas):
    with pytest.raises(InputError, match="no longer in the cache"):
        ComparisonStore(workspace).cells(atlas, CellChoice(digest="0" * 64))
