"""Quality of cells: limits from control cells, and profiles of cells with the other outcome."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from scdyn_core.methods.perturbations.counterfactuals import DRAWS, counterfactuals
from scdyn_core.methods.perturbations.quality import cell_quality

RNG = np.random.default_rng(0)
PLAIN = [f"G{number}" for number in range(40)]


def some_counts(n=200, genes=40, seed=0):
    rng = np.random.default_rng(seed)
    return rng.poisson(rng.gamma(20.0, 0.2, (n, 1)) * np.ones(genes)).astype(float)


def test_cells_with_few_counts_or_genes_fail():
    counts = some_counts()
    counts[:3] = 0
    counts[:3, 0] = 1
    counts[5, 1:] = 0
    counts[5, 0] = 160
    found = cell_quality(csr_matrix(counts), PLAIN, np.ones(200, dtype=bool))
    assert set(found.metrics) == {"counts", "genes"}
    assert found.outlier["counts"][:3].all()
    assert not found.outlier["counts"][5]
    assert found.outlier["genes"][5]
    assert found.fails[[0, 1, 2, 5]].all()
    assert found.fails.mean() < 0.1


def test_high_shares_fail_where_the_data_have_such_genes():
    names = ["MT-1", "mt-2", "MT-3", "RPS1", "RPL2", "Rpl3", "HBA1", "HBB", "HBP1", *PLAIN[9:]]
    counts = some_counts()
    counts[0, :3] += 200
    counts[1, 3:6] += 200
    found = cell_quality(csr_matrix(counts), names, np.ones(200, dtype=bool))
    assert found.outlier["mitochondrial share"][0]
    assert found.outlier["ribosomal share"][1]
    assert not found.outlier["ribosomal share"][0]
    # Two genes are not enough: HBP1 is none of haemoglobin.
    assert "haemoglobin share" not in found.metrics


def test_limits_are_those_of_the_reference_and_wider_ones_fail_fewer():
    counts = some_counts()
    counts[100:] *= 0.2
    control = np.arange(200) < 100
    fails = [cell_quality(csr_matrix(counts), PLAIN, control, t).fails for t in (3, 4, 5)]
    assert fails[0][~control].mean() > 0.8
    assert np.all(fails[0] >= fails[1])
    assert np.all(fails[1] >= fails[2])


def test_doublets_fail_when_asked_for():
    rng = np.random.default_rng(0)
    programs = rng.gamma(0.5, 6.0, (4, 60))
    counts = rng.poisson(programs[rng.integers(4, size=300)]).astype(float)
    counts[:20] += counts[100:120] + counts[200:220]
    names = [f"G{number}" for number in range(60)]
    all_cells = np.ones(300, dtype=bool)
    found = cell_quality(csr_matrix(counts), names, all_cells, doublets=True)
    assert found.outlier["doublet"].shape == (300,)
    assert np.all(found.fails >= found.outlier["doublet"])
    assert "doublet" not in cell_quality(csr_matrix(counts), names, all_cells).outlier


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 1.0))
def test_a_profile_is_of_the_same_label_and_part_and_the_other_outcome(seed, share):
    rng = np.random.default_rng(seed)
    n = 60
    label, part = rng.integers(3, size=n), rng.choice(["train", "test"], n)
    fails = rng.random(n) < share
    # Every group of cells has a value of its own, so a profile tells whose it is.
    own = label * 4 + (part == "train") * 2 + fails
    found = counterfactuals(csr_matrix(own[:, None] + 1.0), fails, label, part, seed)
    other = label * 4 + (part == "train") * 2 + ~fails
    there = np.isin(other, own)
    assert np.array_equal(found.known, there)
    assert np.array_equal(found.of()[:, 0], np.where(there, other + 1.0, 0.0))


def test_a_profile_is_a_median_of_cells():
    rng = np.random.default_rng(0)
    values = rng.normal(3.0, 1.0, (400, 5))
    fails = np.arange(400) % 2 == 0
    same = np.zeros(400, dtype=int)
    found = counterfactuals(values, fails, same, same.astype(str), 0)
    spread = found.of()[~fails].std(axis=0)
    assert np.allclose(found.of()[~fails].mean(axis=0), np.median(values[fails], axis=0), atol=0.2)
    # The error of a median of so many draws.
    assert np.all(spread < 2 * 1.25 / np.sqrt(DRAWS))
    assert len(found.profiles) < 100


def test_profiles_of_some_cells_are_theirs():
    values = RNG.normal(size=(30, 4))
    fails = np.arange(30) < 10
    found = counterfactuals(values, fails, np.arange(30) % 2, np.full(30, "train"), 0)
    some = np.array([4, 29, 0])
    assert np.array_equal(found.of(some), found.of()[some])
