"""Responses and averages equal what dense arrays and scipy's tests give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.stats import false_discovery_control, ttest_ind

from scdyn_core.evaluation.screen import responses as module
from scdyn_core.evaluation.screen.averages import average_effects, pseudobulk
from scdyn_core.evaluation.screen.false_discovery import adjust
from scdyn_core.evaluation.screen.moments import moments
from scdyn_core.evaluation.screen.responses import responses
from scdyn_core.evaluation.screen.screen import Screen
from tests.evaluation.screen.planted import GENES, QUIET, TARGETS, counts, screen


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(1, 6), min_size=1, max_size=4))
def test_moments_equal_those_of_dense_groups(seed, sizes) -> None:
    rng = np.random.default_rng(seed)
    dense = np.log1p(rng.poisson(0.7, (sum(sizes) + 3, 5)).astype(float))
    groups = np.split(rng.permutation(len(dense))[: sum(sizes)], np.cumsum(sizes)[:-1])
    for logarithmic, values in ((True, dense), (False, np.expm1(dense))):
        found = moments(sparse.csr_matrix(dense), groups, logarithmic=logarithmic)
        for number, rows in enumerate(groups):
            np.testing.assert_allclose(found.mean[number], values[rows].mean(axis=0), atol=1e-12)
            if len(rows) > 1:
                spread = values[rows].var(axis=0, ddof=1)
                np.testing.assert_allclose(found.variance[number], spread, atol=1e-10)
            else:
                assert np.isnan(found.variance[number]).all()


def test_p_values_are_those_of_welchs_test() -> None:
    found = screen()
    table = responses(found).set_index("perturbation")
    dense = found.values.toarray()
    for name in found.names:
        rows = table.loc[name]
        p = ttest_ind(dense[found.rows[name]], dense[found.rows["NT"]], equal_var=False).pvalue
        np.testing.assert_allclose(rows["p"], p, rtol=1e-6)
        np.testing.assert_allclose(rows["p_adjusted"], false_discovery_control(p), rtol=1e-6)
        np.testing.assert_allclose(rows["control"], dense[found.rows["NT"]].mean(axis=0))


def test_fold_changes_lie_about_the_planted_ones_within_their_errors() -> None:
    z = []
    for seed in range(6):
        _, _, change = counts(seed)
        table = responses(screen(seed))
        planted = np.concatenate([change[name] for name in screen(seed).names]) / np.log(2)
        z.append((table["log2_fold_change"] - planted) / table["se"])
    assert np.concatenate(z).std() == pytest.approx(1.0, abs=0.12)


def test_planted_responses_are_found_and_few_others() -> None:
    table = responses(screen())
    changed = table[table["p_adjusted"] < 0.05].groupby("perturbation")["gene"].agg(set)
    for number, name in enumerate(("g00", "g01", "g02")):
        planted = {GENES[number], GENES[10 + 2 * number], GENES[11 + 2 * number]}
        assert planted <= changed[name]
        assert len(changed[name]) <= 5
    assert all(len(changed.get(name, ())) <= 1 for name in QUIET)


def test_genes_that_nobody_expresses_have_not_changed() -> None:
    found = screen()
    silent = sparse.hstack([found.values, sparse.csr_matrix((found.values.shape[0], 1))]).tocsr()
    table = responses(Screen(silent, found.labels, "NT", (*GENES, "silent")))
    rows = table[table["gene"] == "silent"]
    assert (rows["log2_fold_change"] == 0).all()
    assert (rows["p"] == 1).all()


def test_a_single_cell_has_a_change_and_no_test() -> None:
    found = screen()
    labels = found.labels.copy()
    labels[found.rows["away"][1:]] = ""
    table = responses(Screen(found.values, labels, "NT", GENES)).set_index("perturbation")
    assert table.loc["away", ["se", "p", "p_adjusted"]].isna().all(axis=None)
    assert np.isfinite(table.loc["away", "log2_fold_change"]).all()
    assert table.drop("away").notna().all(axis=None)


def test_blocks_of_perturbations_change_nothing(monkeypatch) -> None:
    whole = responses(screen())
    monkeypatch.setattr(module, "_BLOCK", 2)
    assert responses(screen()).equals(whole)


def test_pseudobulk_and_average_effects() -> None:
    found = screen()
    dense = found.values.toarray()
    bulk, ate = pseudobulk(found), average_effects(found)
    assert list(bulk.index) == ["NT", *found.names]
    assert list(ate.perturbations) == sorted(TARGETS)
    for number, name in enumerate(found.names):
        own, control = dense[found.rows[name]], dense[found.rows["NT"]]
        np.testing.assert_allclose(bulk.loc[name], np.expm1(own).mean(axis=0))
        np.testing.assert_allclose(ate.effect[number], own.mean(axis=0) - control.mean(axis=0))
        error = own.var(axis=0, ddof=1) / len(own) + control.var(axis=0, ddof=1) / len(control)
        np.testing.assert_allclose(ate.se[number], np.sqrt(error))
    assert (ate.frame().to_numpy() == ate.effect).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.integers(0, 5))
def test_adjusting_is_that_of_scipy_and_passes_over_missing_tests(p, missing) -> None:
    padded = np.array([*p, *[np.nan] * missing])
    order = np.random.default_rng(0).permutation(len(padded))
    adjusted = adjust(padded[order])[np.argsort(order)]
    np.testing.assert_allclose(adjusted[: len(p)], false_discovery_control(p))
    assert np.isnan(adjusted[len(p) :]).all()
