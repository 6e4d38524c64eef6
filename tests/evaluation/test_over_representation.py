"""Gene sets in clusters, against scipy's own hypergeometric and Fisher tests."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom

from scdyn_core.evaluation.over_representation import COLUMNS, over_representation

CLUSTERS = pd.DataFrame({
    "gene": [f"Gene{number}" for number in range(60)],
    "cluster": np.repeat([1, 2, 3], [10, 20, 30]),
})  # fmt: skip


def genes(*numbers: int) -> frozenset[str]:
    return frozenset(f"GENE{number}" for number in numbers)


def test_a_planted_set_is_found_in_its_cluster_with_its_genes() -> None:
    sets = {"planted": genes(0, 1, 2, 3, 4, 5, 40), "spread": genes(8, 15, 25, 35, 45, 55)}
    found = over_representation(CLUSTERS, sets)
    assert list(found.columns) == list(COLUMNS)
    first = found.iloc[0]
    assert (first["cluster"], first["gene_set"], first["overlap"]) == (1, "planted", 6)
    assert first["genes"] == "Gene0, Gene1, Gene2, Gene3, Gene4, Gene5"
    assert first["expected"] == 7 * 10 / 60
    assert first["p_adjusted"] < 0.001
    assert (found.loc[found["gene_set"] == "spread", "p_adjusted"] > 0.1).all()


@given(st.sets(st.integers(0, 59), min_size=5))
def test_p_is_that_of_the_hypergeometric_and_of_fisher(members: set[int]) -> None:
    found = over_representation(CLUSTERS, {"s": genes(*members)}).set_index("cluster")
    for cluster, own in CLUSTERS.groupby("cluster"):
        inside = len(members & set(own.index))
        outside = len(members) - inside
        left = len(own) - inside
        rest = np.array([[inside, left], [outside, 60 - inside - outside - left]])
        p = found.loc[cluster, "p"]
        np.testing.assert_allclose(p, hypergeom.sf(inside - 1, 60, len(members), len(own)))
        np.testing.assert_allclose(p, fisher_exact(rest, "greater").pvalue, rtol=1e-7)


def test_p_is_adjusted_over_all_pairs_of_set_and_cluster() -> None:
    sets = {f"s{start}": genes(*range(start, start + 6)) for start in range(0, 50, 7)}
    found = over_representation(CLUSTERS, sets)
    ordered = np.sort(found["p"])
    ranks = np.arange(1, len(found) + 1)
    by_hand = np.minimum.accumulate((ordered * len(found) / ranks)[::-1])[::-1]
    np.testing.assert_allclose(np.sort(found["p_adjusted"]), np.minimum(by_hand, 1))
    assert len(found) == len(sets) * 3


def test_sets_with_few_genes_of_the_run_are_left_out() -> None:
    found = over_representation(CLUSTERS, {"small": genes(1, 2), "foreign": frozenset({"X"})})
    assert found.empty
    assert list(found.columns) == list(COLUMNS)
