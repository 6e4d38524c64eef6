"""Pseudobulks, and DESeq2 on them, give what PyDESeq2 gives on the same matrix."""

import tracemalloc
import warnings

import numpy as np
import pandas as pd
import pytest

from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.expression.cell_pair import cell_pair
from scdyn_core.evaluation.expression.deseq import COLUMNS, deseq
from scdyn_core.evaluation.expression.pseudobulk import pseudobulks
from scdyn_core.evaluation.expression.wilcoxon import wilcoxon
from scdyn_core.reporter import Cancelled, SilentReporter
from tests.evaluation.expression.cells import donors

SAME = {"wald": "stat", "p": "pvalue", "p_adjusted": "padj", "log2_fold_change": "log2FoldChange",
        "log2_fold_change_se": "lfcSE", "base_mean": "baseMean"}  # fmt: skip


def pydeseqs(counts, about, design):
    """What the library says when it is called as its manual says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydeseq2.dds import DeseqDataSet
        from pydeseq2.ds import DeseqStats

        data = DeseqDataSet(counts=counts, metadata=about, design=design, quiet=True, n_cpus=1)
        data.deseq2()
        test = DeseqStats(data, ["side", "first", "second"], quiet=True, n_cpus=1)
        test.summary()
    return test.results_df


def assert_same(found, theirs):
    found = found.set_index("gene").loc[theirs.index]
    for own, name in SAME.items():
        np.testing.assert_allclose(found[own], theirs[name], rtol=1e-9, err_msg=own)


def test_sets_of_different_donors_are_compared_without_pairs():
    cells, donor, treated = donors(0, n_genes=250, n_donors=12, changed=8)
    bulks = pseudobulks(cells, cell_pair(np.flatnonzero(treated), None, len(treated)), donor)
    assert not bulks.paired
    for row in bulks.table.itertuples():
        own = cells.raw[(donor == row.sample).to_numpy()].sum(axis=0)
        assert bulks.counts.loc[row.Index].tolist() == own.tolist()
    found = deseq(bulks)
    assert_same(found, pydeseqs(bulks.counts, bulks.table[["side"]], "~side"))
    changed = {f"gene{number}" for number in range(8)}
    assert len(changed & set(found["gene"][:8])) >= 6
    assert list(found) == list(COLUMNS)


def test_sets_within_donors_are_compared_in_pairs():
    cells, donor, _ = donors(1, n_genes=60)
    first = np.arange(len(donor)) % 2 == 0
    bulks = pseudobulks(cells, cell_pair(np.flatnonzero(first), None, len(donor)), donor)
    assert bulks.paired
    assert len(bulks.table) == 12
    about = bulks.table[["sample", "side"]].assign(sample="s" + bulks.table["sample"])
    assert_same(deseq(bulks), pydeseqs(bulks.counts, about, "~sample + side"))


def test_donors_with_one_side_are_left_out_of_pairs():
    cells, donor, _ = donors(2, n_genes=30)
    first = (np.arange(len(donor)) % 2 == 0) | (donor == "5").to_numpy()
    bulks = pseudobulks(cells, cell_pair(np.flatnonzero(first), None, len(donor)), donor)
    assert (bulks.paired, bulks.unpaired) == (True, 1)
    assert "5" not in set(bulks.table["sample"])


def test_few_pairs_among_many_donors_are_not_worth_it():
    cells, donor, treated = donors(2, n_genes=30, n_donors=12)
    first = treated | (donor.isin(["10", "11"]).to_numpy() & (np.arange(len(donor)) % 2 == 0))
    bulks = pseudobulks(cells, cell_pair(np.flatnonzero(first), None, len(donor)), donor)
    assert (bulks.paired, bulks.unpaired, len(bulks.table)) == (False, 0, 14)


def test_sums_over_few_cells_are_left_out():
    cells, donor, treated = donors(3, n_genes=30, n_donors=8)
    some = treated & ~((donor == "0").to_numpy() & (np.arange(len(donor)) % 10 > 1))
    pair = cell_pair(np.flatnonzero(some), np.flatnonzero(~treated), len(donor))
    bulks = pseudobulks(cells, pair, donor)
    assert bulks.small == 1
    assert "0" not in set(bulks.table["sample"])
    assert (bulks.table["cells"] >= 10).all()


def test_a_sum_without_counts_leaves_its_counterpart_out_of_the_pairs():
    cells, donor, _ = donors(1, n_genes=60)
    first = np.arange(len(donor)) % 2 == 0
    cells.raw[first & (donor == "0").to_numpy()] = 0
    bulks = pseudobulks(cells, cell_pair(np.flatnonzero(first), None, len(donor)), donor)
    assert bulks.paired
    assert set(bulks.table["sample"]) == {"1", "2", "3", "4", "5"}
    assert (len(bulks.table), bulks.unpaired) == (10, 1)


def test_samples_of_few_cells_cost_no_memory():
    cells, donor, treated = donors(2, n_genes=300)
    one_each = pd.Series([f"s{number}" for number in range(3000)])
    cells.raw = np.vstack([cells.raw, np.ones((3000, 300), dtype=np.float32)])
    cells.matrix = cells.raw
    samples = pd.concat([donor, one_each], ignore_index=True).rename("donor")
    pair = cell_pair(np.flatnonzero(treated), None, len(samples))
    tracemalloc.start()
    bulks = pseudobulks(cells, pair, samples)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert bulks.counts.shape == (6, 300)
    assert most < 4_000_000


def test_cells_without_a_sample_take_no_part():
    cells, donor, treated = donors(3, n_genes=30)
    donor[:5] = None
    bulks = pseudobulks(cells, cell_pair(np.flatnonzero(treated), None, len(donor)), donor)
    assert bulks.table["cells"].sum() == len(donor) - 5


@pytest.mark.parametrize("on_a_side", [0, 1])
def test_one_sample_on_a_side_repeats_nothing(on_a_side):
    cells, donor, treated = donors(4, n_genes=5)
    first = treated & donor.isin(["0", "1", "2"][:on_a_side]).to_numpy() if on_a_side else ~treated
    donor = donor if on_a_side else pd.Series(np.where(treated, "0", "1"), name="donor")
    with pytest.raises(ConfigError, match="at least 2 on each side"):
        pseudobulks(cells, cell_pair(np.flatnonzero(first), None, len(donor)), donor)


def test_donors_that_differ_are_no_difference_between_sets():
    """Cells of a donor move together: the test of cells takes that for an effect, this one not."""
    by_cells, by_samples = 0, 0
    for seed in range(4):
        cells, donor, treated = donors(seed, n_genes=60, n_donors=8)
        pair = cell_pair(np.flatnonzero(treated), None, len(donor))
        by_cells += int((wilcoxon(cells, pair)["p_adjusted"] < 0.05).sum())
        by_samples += int((deseq(pseudobulks(cells, pair, donor))["p_adjusted"] < 0.05).sum())
    assert by_cells > 100
    assert by_samples <= 12


def test_genes_without_counts_are_not_tested():
    cells, donor, treated = donors(6, n_genes=30)
    cells.raw[:, 3] = 0
    found = deseq(pseudobulks(cells, cell_pair(np.flatnonzero(treated), None, len(donor)), donor))
    row = found.set_index("gene").loc["gene3"]
    assert np.isnan(row["p"])
    assert row["fraction_first"] == 0
    assert found["gene"].iloc[-1] == "gene3"


class Impatient(SilentReporter):
    def __init__(self):
        self.asked = 0

    def cancelled(self):
        self.asked += 1
        return self.asked > 1


def test_the_fit_can_be_stopped():
    cells, donor, treated = donors(7, n_genes=30)
    bulks = pseudobulks(cells, cell_pair(np.flatnonzero(treated), None, len(donor)), donor)
    with pytest.raises(Cancelled):
        deseq(bulks, Impatient())
