"""Enrichment finds what was planted, and random sets only as often as chance says."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.evaluation.enrichment import COLUMNS, FEWEST_GENES, enrichment, matched_sets

GENES = [f"Gene{i}" for i in range(300)]


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(0)
    effects = rng.normal(size=(2, 300))
    effects[0, :20] += 2.0
    effects[1, 20:40] -= 2.0
    programs = pd.DataFrame(effects, index=["z1", "z2"], columns=GENES)
    sets = {f"random {i}": _named(rng.choice(np.arange(40, 300), 20)) for i in range(40)}
    sets |= {"rises": _named(range(20)), "falls": _named(range(20, 40))}
    # Genes 40 to 59 move together along every axis, as a correlated set does.
    axes = rng.normal(size=(500, 300))
    axes[:, 40:60] += 3 * rng.normal(size=(500, 1))
    effects[0, 40:60] += 1.0
    sets["moves together"] = _named(range(40, 60))
    programs.iloc[:] = effects
    return enrichment(programs, sets, axes).set_index(["program", "gene_set"])


def _named(numbers):
    return frozenset(f"GENE{i}" for i in numbers)


def test_the_planted_sets_are_found_with_their_sign(found):
    assert found.loc[("z1", "rises"), "score"] > 5
    assert found.loc[("z2", "falls"), "score"] < -5
    for key in (("z1", "rises"), ("z2", "falls")):
        assert found.loc[key, "p_adjusted"] < 1e-4
        assert found.loc[key, "random_sets"] < 0.005
        assert found.loc[key, "random_axes"] < 0.01


def test_random_sets_are_not(found):
    random = found[found.index.get_level_values("gene_set").str.startswith("random")]
    assert (random["p_adjusted"] > 0.05).mean() > 0.97
    assert 0.3 < random["random_sets"].mean() < 0.7


def test_a_set_whose_genes_always_move_together_is_seen_through(found):
    row = found.loc[("z1", "moves together")]
    assert row["p_adjusted"] < 0.05
    assert row["random_sets"] < 0.05
    assert row["random_axes"] > 0.2


def test_the_leading_genes_are_those_that_make_the_score(found):
    leading = found.loc[("z2", "falls"), "leading"].split(", ")
    assert set(leading) <= {f"Gene{i}" for i in range(20, 40)}


def test_names_match_whatever_their_case_and_small_sets_are_left_out():
    genes = ["Ins1", "INS2", "gcg", "Ppy", "Sst", "Ghrl"]
    sets = {"islet": frozenset({"INS1", "INS2", "GCG", "PPY", "SST"}), "few": frozenset({"GHRL"})}
    assert list(matched_sets(genes, sets)) == ["islet"]
    assert len(matched_sets(genes, sets)["islet"]) == FEWEST_GENES


def test_nothing_matched_is_an_empty_table():
    programs = pd.DataFrame(np.ones((1, 3)), index=["z1"], columns=["a", "b", "c"])
    empty = enrichment(programs, {"set": frozenset({"X"})}, np.ones((2, 3)))
    assert list(empty.columns) == list(COLUMNS)
    assert empty.empty


def test_a_program_without_effects_scores_nothing():
    rng = np.random.default_rng(1)
    programs = pd.DataFrame(np.zeros((1, 30)), index=["z1"], columns=GENES[:30])
    table = enrichment(programs, {"set": _named(range(10))}, rng.normal(size=(20, 30)))
    assert table["score"].tolist() == [0.0]
    assert table["p_adjusted"].tolist() == [1.0]
    assert table["random_sets"].tolist() == [1.0]
