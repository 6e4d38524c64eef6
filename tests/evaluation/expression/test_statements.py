"""What a comparison may be used for is said in plain sentences."""

import pytest

from scdyn_core.data.roles import Roles
from scdyn_core.evaluation.expression.comparison import Facts, Samples
from scdyn_core.evaluation.expression.statements import (
    CLAIM,
    NO_FOLDS,
    TWICE,
    can_claim,
    cautions,
    experimental,
    purpose,
)


def facts(samples=None, **changes):
    usual = {"scale": "log", "first": 200, "second": 300, "shared": 0, "genes": 10, "tested": 10,
             "changed": 1, "samples": samples,
             "method": "wilcoxon" if samples is None else "pseudobulk"}  # fmt: skip
    return Facts.model_validate(usual | changes)


def repeats(first=6, second=6, **changes):
    usual = {"column": "donor", "paired": False, "small": 0, "unpaired": 0, "fewest_cells": 10}
    return Samples(first=first, second=second, **(usual | changes))


def test_a_test_of_cells_is_exploratory():
    said = purpose(facts(), samples_known=False)
    assert said.startswith("Exploratory")
    assert "10.1038/s41467-021-25960-2" in said
    assert CLAIM not in said
    assert not can_claim(facts())


def test_pseudobulk_is_recommended_where_there_are_samples():
    assert CLAIM in purpose(facts(), samples_known=True)


def test_samples_can_support_a_claim_unless_they_are_few():
    assert "support a claim" in purpose(facts(repeats()), samples_known=True)
    few = facts(repeats(2, 2))
    assert not can_claim(few)
    assert "only 2 and 2" in purpose(few, samples_known=True)


@pytest.mark.parametrize(("paired", "spare"), [(False, 8), (True, 4)])
def test_samples_of_pairs_cost_a_parameter_each(paired, spare):
    assert repeats(5, 5, paired=paired).spare == spare


def test_everything_left_out_is_said():
    said = " ".join(cautions(facts(repeats(small=1, unpaired=2), shared=5), from_expression=False))
    assert "5 cells were in both sets" in said
    assert "1 sum over fewer than 10 cells" in said
    assert "2 samples with cells in one of the sets only" in said


def test_small_sets_and_values_of_another_kind_are_said():
    said = cautions(facts(first=20, scale="other"), from_expression=False)
    assert NO_FOLDS in said
    assert any("20 cells" in sentence for sentence in said)
    assert cautions(facts(), from_expression=False) == []


def test_using_genes_twice_is_said_of_sets_that_may_come_from_them():
    assert cautions(facts(), from_expression=True) == [TWICE]
    roles = Roles(condition="treatment", cell_type="type")
    assert experimental("treatment", roles)
    assert not experimental("type", roles)
    assert not experimental("leiden", roles)
