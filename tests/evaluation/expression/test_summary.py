"""How genes are expressed in groups of cells, and what groups are made of."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.evaluation.expression.groups import groups_of, some_of
from scdyn_core.evaluation.expression.set_composition import set_composition
from scdyn_core.evaluation.expression.summary import (
    QUANTILES,
    expression_summary,
    sampled_cells,
)
from tests.evaluation.expression.cells import Cells, donors


def test_groups_are_the_levels_of_a_column_in_their_order():
    column = pd.Series(pd.Categorical(["b", None, "a", "b"], categories=["b", "c", "a"]))
    found = groups_of(column)
    assert {name: cells.tolist() for name, cells in found.items()} == {"b": [0, 3], "a": [2]}
    truth = groups_of(pd.Series([True, False, True]))
    assert {name: cells.tolist() for name, cells in truth.items()} == {"False": [1], "True": [0, 2]}


def test_means_shares_and_quantiles_are_those_of_all_cells():
    cells, donor, _ = donors(0)
    groups = groups_of(donor)
    found = expression_summary(cells, ["gene3", "gene1"], groups)
    assert found["gene"].tolist() == ["gene3"] * 6 + ["gene1"] * 6
    for row in found.itertuples():
        own = cells.values(row.gene)[groups[row.group]]
        assert row.cells == len(own)
        assert row.mean == pytest.approx(own.mean())
        assert row.fraction == pytest.approx((own > 0).mean())
        quantiles = [getattr(row, name) for name in QUANTILES]
        np.testing.assert_allclose(quantiles, np.quantile(own, list(QUANTILES.values())))
    scaled = found.groupby("gene")["scaled"]
    np.testing.assert_allclose(scaled.mean(), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(ddof=0), 1)


def test_a_gene_that_is_the_same_everywhere_has_z_scores_of_0():
    cells = Cells(np.ones((6, 1), dtype=np.float32))
    found = expression_summary(cells, ["gene0"], {"a": np.arange(3), "b": np.arange(3, 6)})
    assert found["scaled"].tolist() == [0, 0]


def test_few_cells_of_every_group_are_the_same_every_time():
    groups = {"a": np.arange(100), "b": np.arange(100, 104)}
    first, second = some_of(groups, 10), some_of(groups, 10)
    assert {name: len(cells) for name, cells in first.items()} == {"a": 10, "b": 4}
    assert all((first[name] == second[name]).all() for name in groups)
    assert (np.diff(first["a"]) > 0).all()


def test_sampled_cells_stand_by_group_with_their_own_values():
    cells, donor, _ = donors(1)
    found = sampled_cells(cells, ["gene2", "gene0"], groups_of(donor), 7)
    assert list(dict.fromkeys(found.groups)) == ["0", "1", "2", "3", "4", "5"]
    assert (donor[found.cells] == found.groups).all()
    np.testing.assert_array_equal(found.values[:, 0], cells.values("gene2")[found.cells])
    assert list(found.frame()) == ["group", "cell", "gene2", "gene0"]


def test_composition_counts_cells_and_both_shares():
    groups = {"early": np.array([0, 1, 2]), "late": np.array([2, 3, 4, 5])}
    sample = pd.Series(["x", "x", "y", "y", "y", None])
    found = set_composition(groups, sample).set_index(["group", "part"])
    assert found["cells"].to_dict() == {
        ("early", "x"): 2, ("early", "y"): 1, ("late", "x"): 0, ("late", "y"): 3,
    }  # fmt: skip
    assert found.loc[("early", "x"), "of_group"] == pytest.approx(2 / 3)
    assert found.loc[("early", "x"), "of_part"] == 1
    assert found.loc[("early", "y"), "of_part"] == pytest.approx(1 / 3)
