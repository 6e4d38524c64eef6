"""Metrics of a predicted response agree with other libraries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import pearsonr
from sklearn.metrics import mean_squared_error, r2_score

from scdyn_core.evaluation.response.metrics import measure, pearson_delta, r2_of_change


@given(st.integers(0, 10_000), st.integers(3, 40))
def test_values_are_those_of_other_libraries(seed: int, genes: int) -> None:
    rng = np.random.default_rng(seed)
    observed, predicted = rng.normal(size=(2, genes))
    changed = np.arange(genes) % 3 < 2
    found = {each.metric: each.value for each in measure(observed, predicted, changed)}
    for suffix, rows in (("", slice(None)), (", DE genes", changed)):
        a, b = observed[rows], predicted[rows]
        assert found["Pearson delta" + suffix] == pytest.approx(pearsonr(a, b).statistic)
        assert found["MSE" + suffix] == pytest.approx(mean_squared_error(a, b))
        assert found["R2 of change" + suffix] == pytest.approx(r2_score(a, b))


def test_the_truth_itself_is_perfect() -> None:
    observed = np.array([0.0, 1.0, -2.0])
    found = {each.metric: each.value for each in measure(observed, observed, observed > -5)}
    assert found["Pearson delta"] == pytest.approx(1.0)
    assert found["MSE"] == 0.0
    assert found["R2 of change"] == 1.0


def test_predicting_no_change_correlates_with_nothing() -> None:
    assert pearson_delta(np.array([0.0, 1.0, 3.0]), np.zeros(3)) == 0.0


def test_a_response_that_is_the_same_everywhere_has_no_variation_to_explain() -> None:
    assert np.isnan(r2_of_change(np.ones(4), np.zeros(4)))


def test_metrics_know_their_direction() -> None:
    better = {each.metric: each.better for each in measure(*np.eye(2, 5), np.ones(5, dtype=bool))}
    assert better["MSE"] == better["MSE, DE genes"] == "lower"
    assert better["Pearson delta"] == better["R2 of change, DE genes"] == "higher"


def test_without_changed_genes_all_genes_are_still_measured() -> None:
    found = measure(np.arange(4.0), np.ones(4), np.zeros(4, dtype=bool))
    assert [each.metric for each in found] == ["Pearson delta", "MSE", "R2 of change"]
