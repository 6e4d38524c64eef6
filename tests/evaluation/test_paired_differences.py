"""Differences of paired runs have an interval that knows the runs share their cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import ttest_1samp

from scdyn_core.evaluation.paired_differences import holm, paired_difference, verdict

differences = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30)
#: Of splits with 60 % of the cells to learn from and 20 % to score on.
OVERLAP = 1 / 3


def test_pairs_with_data_of_their_own_have_the_usual_interval() -> None:
    values = np.random.default_rng(0).normal(0.3, 1, 8)
    found, usual = paired_difference(values, 0.0), ttest_1samp(values, 0)
    assert found.p == pytest.approx(usual.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(usual.confidence_interval()))


def test_shared_cells_widen_it_as_nadeau_and_bengio_say() -> None:
    values = np.array([0.1, 0.3, 0.2, 0.5, 0.1])
    alone, shared = paired_difference(values, 0.0), paired_difference(values, OVERLAP)
    ratio = (shared.high - shared.low) / (alone.high - alone.low)
    assert ratio == pytest.approx(np.sqrt((1 / 5 + 1 / 3) / (1 / 5)))


@given(differences, st.floats(0, 2))
def test_the_interval_holds_the_mean_and_agrees_with_p(values: list[float], overlap: float) -> None:
    found = paired_difference(values, overlap)
    assert found.low <= found.mean <= found.high
    assert 0 <= found.p <= 1
    if abs(found.p - 0.05) > 1e-6:
        assert (found.p < 0.05) == (found.low > 0 or found.high < 0)


@given(differences, st.floats(0, 2))
def test_exchanging_the_arms_mirrors_the_answer(values: list[float], overlap: float) -> None:
    there, back = paired_difference(values, overlap), paired_difference(-np.array(values), overlap)
    assert back.p == pytest.approx(there.p)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))


@given(arrays(float, 6, elements=st.floats(0.01, 1)), st.floats(1e-150, 1e150))
def test_the_unit_changes_nothing(values: np.ndarray, unit: float) -> None:
    plain, other = paired_difference(values, OVERLAP), paired_difference(values * unit, OVERLAP)
    assert other.p == pytest.approx(plain.p, rel=1e-6, abs=1e-12)
    assert other.low / unit == pytest.approx(plain.low, rel=1e-6, abs=1e-9)


def test_no_difference_anywhere_is_a_difference_of_zero() -> None:
    found = paired_difference(np.zeros(5), OVERLAP)
    assert (found.mean, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_the_same_difference_in_a_few_pairs_proves_nothing() -> None:
    assert paired_difference([0.5, 0.5], OVERLAP).low < 0
    assert paired_difference([0.5, 0.5, 0.5], OVERLAP).low < 0
    assert paired_difference([0.5] * 10, OVERLAP).low > 0


def test_the_same_difference_is_not_taken_for_sure_because_of_rounding() -> None:
    rounded = paired_difference([0.3, 0.1 + 0.2, 0.3], OVERLAP)
    assert rounded.low == pytest.approx(paired_difference([0.3] * 3, OVERLAP).low)


def test_one_pair_has_no_interval_and_missing_pairs_do_not_count() -> None:
    one = paired_difference([0.2, np.nan], OVERLAP)
    assert (one.mean, one.p, one.pairs) == (0.2, 1.0, 1)
    assert np.isnan(one.low)
    assert np.isnan(one.high)
    assert paired_difference([], OVERLAP).pairs == 0


def _coverage(rng: np.random.Generator, overlap: float, sets: int = 1000, pairs: int = 10) -> float:
    """Return how often the interval of repeated 60/20 splits of 100 cells holds the truth.

    Two ways of predicting cells: their mean in the training part, and 0. The expected difference
    of squared errors on a new cell is known: ``σ²/n_train - μ²``.
    """
    cells, train, test, middle = 100, 60, 20, 0.3
    truth, held = 1 / train - middle**2, 0
    for _ in range(sets):
        x = rng.normal(middle, 1, cells)
        order = np.argsort(rng.random((pairs, cells)), axis=1)
        learned = x[order[:, :train]].mean(1, keepdims=True)
        scored = x[order[:, train : train + test]]
        gaps = ((scored - learned) ** 2 - scored**2).mean(1)
        found = paired_difference(gaps, overlap)
        held += found.low <= truth <= found.high
    return held / sets


def test_the_usual_interval_misses_the_truth_of_repeated_splits_and_this_one_does_not() -> None:
    # 1000 data sets: a coverage of .95 is estimated within .014 (two standard errors).
    assert _coverage(np.random.default_rng(1), 0.0) < 0.85
    assert _coverage(np.random.default_rng(1), 20 / 60) > 0.92


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert len(holm([])) == 0


@given(arrays(float, st.integers(1, 20), elements=st.floats(0, 1)))
def test_holm_lies_between_no_correction_and_bonferroni(p: np.ndarray) -> None:
    corrected = holm(p)
    assert (corrected >= p).all()
    assert (corrected <= np.minimum(p * len(p), 1)).all()
    # The order of the answers stays.
    assert (np.diff(corrected[np.argsort(p, kind="stable")]) >= 0).all()


def test_verdicts() -> None:
    assert verdict(0.1, 0.01, "higher") == "better"
    assert verdict(0.1, 0.01, "lower") == "worse"
    assert verdict(-0.1, 0.01, "lower") == "better"
    assert verdict(0.1, 0.06, "higher") == "no difference seen"
    assert verdict(0.0, 1.0, "higher") == "no difference seen"
