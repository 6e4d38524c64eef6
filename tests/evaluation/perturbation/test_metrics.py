"""Metrics: perfect is perfect, worse is worse, and saying nothing earns nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import pearsonr
from sklearn.metrics import r2_score

from scdyn_core.evaluation.perturbation.cell_space import CellSpace
from scdyn_core.evaluation.perturbation.comparison import (
    Comparison,
    Observed,
    Others,
    Predicted,
    direction,
)
from scdyn_core.evaluation.perturbation.metrics import METRICS
from scdyn_core.evaluation.perturbation.task import Prediction
from tests.evaluation.perturbation.planted import COMBINATION, CONTROL, GENES, a_screen, changes

BY_NAME = {metric.name: metric for metric in METRICS}
SEEDS = st.integers(0, 2**32 - 1)


def observed(rng, genes=50, others=6):
    change = rng.normal(size=genes)
    several = rng.normal(size=(others, genes))
    return Observed(
        change=change,
        centred=change,
        z=change * 5,
        sd=np.ones(genes),
        cells=rng.normal(size=(40, 3)),
        others=Others(several, direction(several)),
    )


def said(change, truth):
    return Predicted(change, change, truth.cells)


def value(name, truth, change):
    return BY_NAME[name].value(truth, said(change, truth))


@given(SEEDS)
def test_the_truth_is_perfect(seed):
    truth = observed(np.random.default_rng(seed))
    for metric in METRICS:
        if metric.name != "E-distance":
            found = metric.value(truth, said(truth.change, truth))
            assert found == pytest.approx(metric.perfect, abs=1e-12)


@given(SEEDS)
def test_nothing_is_better_than_perfect_and_noise_is_worse(seed):
    rng = np.random.default_rng(seed)
    truth = observed(rng)
    close, far = (truth.change + size * rng.normal(size=50) for size in (0.1, 30.0))
    for metric in METRICS:
        if metric.name == "E-distance":
            continue
        sign = 1 if metric.better == "higher" else -1
        values = [sign * metric.value(truth, said(one, truth)) for one in (far, close)]
        assert values[0] <= values[1] <= sign * metric.perfect + 1e-12


@given(SEEDS)
def test_they_are_what_libraries_say(seed):
    rng = np.random.default_rng(seed)
    truth, guess = observed(rng), rng.normal(size=50)
    assert value("Pearson delta", truth, guess) == pytest.approx(pearsonr(truth.change, guess)[0])
    assert value("R2 of delta", truth, guess) == pytest.approx(r2_score(truth.change, guess))
    distance = np.linalg.norm(np.vstack([truth.change, truth.others.change]) - guess, axis=1)
    assert value("rank", truth, guess) == pytest.approx((distance[0] < distance[1:]).mean())
    correlation = np.corrcoef(np.vstack([guess, truth.change, truth.others.change]))[0, 1:]
    best = (correlation[0] > correlation[1:]).mean()
    assert value("rank, centred", truth, guess) == pytest.approx(best)


def test_no_change_earns_nothing():
    truth = observed(np.random.default_rng(0))
    nothing = np.zeros(50)
    for name, expected in {
        "Pearson delta": 0.0, "Pearson delta, centred": 0.0, "sign accuracy": 0.5,
        "top 20 Jaccard": 0.0, "rank, centred": 0.5,
    }.items():  # fmt: skip
        assert value(name, truth, nothing) == expected
    assert value("MSE", truth, nothing) == pytest.approx(np.square(truth.change).mean())
    assert value("R2 of delta", truth, nothing) <= 0


def test_weights_ask_about_genes_that_changed():
    truth = observed(np.random.default_rng(1))
    still, moved = np.argsort(np.abs(truth.z))[[0, -1]]
    wrong = {gene: truth.change.copy() for gene in (still, moved)}
    for gene, change in wrong.items():
        change[gene] += 1
    assert value("MSE", truth, wrong[still]) == pytest.approx(value("MSE", truth, wrong[moved]))
    first, second = (value("weighted MSE", truth, wrong[gene]) for gene in (still, moved))
    assert second > 100 * first


def test_the_top_genes_are_those_that_changed_most_in_sds():
    truth = observed(np.random.default_rng(2))
    order = np.argsort(-np.abs(truth.z))
    half = np.zeros(50)
    half[order[10:30]] = np.sign(truth.change[order[10:30]])
    assert value("top 20 Jaccard", truth, half) == pytest.approx(10 / 30)
    assert value("sign accuracy", truth, half) == pytest.approx(0.75)
    assert value("sign accuracy", truth, -truth.change) == 0.0


def test_with_few_genes_the_top_is_not_defined_and_alone_there_is_no_rank():
    truth = observed(np.random.default_rng(3), genes=39, others=0)
    names = {metric.name for metric in METRICS if np.isnan(value(metric.name, truth, truth.change))}
    assert names == {"top 20 Jaccard", "sign accuracy", "rank", "rank, centred"}


def test_what_never_changes_has_no_weighted_error():
    rng = np.random.default_rng(4)
    truth = observed(rng)
    still = Observed(0 * truth.change, truth.centred, 0 * truth.z, truth.sd, truth.cells,
                     truth.others)  # fmt: skip
    assert np.isnan(value("weighted MSE", still, truth.change))
    assert np.isnan(value("R2 of delta", still, truth.change))
    assert value("MSE", still, still.change) == 0.0


@pytest.fixture(scope="module")
def comparison():
    screen = a_screen(100, 100)
    return Comparison(screen, CellSpace.of(screen, seed=0), 0)


def test_both_sides_are_in_the_same_terms(comparison):
    screen = comparison.screen
    for row, name in enumerate(screen.perturbations):
        truth = comparison.observed(row)
        np.testing.assert_allclose(truth.change, screen.observed(name))
        assert truth.others.change.shape == (len(screen.perturbations) - 1, GENES)
        right = comparison.predicted(Prediction(changes()[name]))
        np.testing.assert_allclose(right.centred, truth.centred, atol=0.4)
        assert value("MSE", truth, right.change) < 0.02
    combined = comparison.observed(screen.perturbations.index(COMBINATION))
    z = combined.z[np.abs(changes()[COMBINATION]) > 0.5]
    assert (np.abs(z) > 4).all()
    assert np.abs(combined.z[changes()[COMBINATION] == 0]).mean() < 1.5


def test_clouds_are_compared_cell_by_cell(comparison):
    """Right cells are at no distance, wrong ones are; moved control cells stand for no cells."""
    screen = comparison.screen
    truth = comparison.observed(screen.perturbations.index("A"))
    distance = BY_NAME["E-distance"].value
    own = screen.learned.values[screen.learned.rows("A")]
    control = screen.learned.values[screen.learned.rows(CONTROL)]
    right = comparison.predicted(Prediction(changes()["A"], own))
    moved = comparison.predicted(Prediction(changes()["A"]))
    wrong = comparison.predicted(Prediction(changes()["A"], control))
    still = comparison.predicted(Prediction(np.zeros(GENES)))
    assert distance(truth, right) == pytest.approx(0, abs=0.05)
    assert distance(truth, moved) == pytest.approx(0, abs=0.05)
    assert distance(truth, wrong) > 0.3
    assert distance(truth, still) == pytest.approx(distance(truth, wrong), rel=0.2)


def test_a_gene_without_counts_among_few_cells_is_not_taken_for_changed():
    """Five cells that happen to have no count have no variance of their own."""
    screen = a_screen(50, 5)
    scored = screen.scored.values.copy()
    scored[:, 0] = np.random.default_rng(0).random(len(scored)) < 0.1
    scored[screen.scored.rows("A"), 0] = 0.0
    again = type(screen.scored)(scored, screen.scored.labels)
    screen = type(screen)(screen.learned, again, CONTROL, screen.design, screen.genes)
    comparison = Comparison(screen, CellSpace.of(screen, seed=0), 0)
    assert abs(comparison.observed(screen.perturbations.index("A")).z[0]) < 2
