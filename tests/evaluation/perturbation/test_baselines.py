"""Baselines: what each can know, that none looks at what is scored, and that some are strong."""

import dataclasses

import numpy as np
import pytest

from scdyn_core.evaluation.perturbation import ridge
from scdyn_core.evaluation.perturbation.baselines import baseline_predictions
from scdyn_core.evaluation.perturbation.cells import Cells
from scdyn_core.evaluation.perturbation.shrinkage import learn_prior
from tests.evaluation.perturbation.planted import (
    COMBINATION,
    CONTROL,
    DESIGN,
    GENES,
    NOISE,
    SINGLES,
    a_screen,
    changes,
)

EVERYTHING = {"control mean", "mean of perturbations", "training mean", "matching mean",
              "additive", "shrunken additive", "ridge on PCA"}  # fmt: skip


def error(predictions, model, name):
    """Return the mean squared error against the true change."""
    return float(np.square(predictions[model][name].change - changes()[name]).mean())


def test_seen_perturbations_have_every_baseline():
    screen = a_screen()
    found = baseline_predictions(screen, "seen", seed=0)
    assert set(found) == EVERYTHING
    assert set(found["additive"]) == set(found["matching mean"]) == {COMBINATION}
    for model in EVERYTHING - {"additive", "matching mean"}:
        assert set(found[model]) == set(DESIGN)
    change = dict(zip(screen.trained.names, screen.trained.values, strict=True))
    assert not found["control mean"]["A"].change.any()
    np.testing.assert_array_equal(found["training mean"]["A"].change, change["A"])
    np.testing.assert_allclose(found["additive"][COMBINATION].change, change["A"] + change["B"])
    half = found["additive"][COMBINATION].change / 2
    np.testing.assert_allclose(found["matching mean"][COMBINATION].change, half)
    np.testing.assert_allclose(found["mean of perturbations"]["A"].change, screen.mean_change)


def test_an_unseen_combination_is_told_from_its_parts():
    found = baseline_predictions(a_screen(unseen=(COMBINATION,)), "combination", seed=0)
    assert set(found) == EVERYTHING - {"training mean"}
    best = error(found, "shrunken additive", COMBINATION)
    assert best < error(found, "additive", COMBINATION)
    assert error(found, "ridge on PCA", COMBINATION) < error(found, "control mean", COMBINATION) / 4
    for model in ("control mean", "mean of perturbations", "matching mean"):
        assert best < error(found, model, COMBINATION) / 4


def test_a_combination_with_an_unseen_part_has_no_sum():
    found = baseline_predictions(a_screen(unseen=("B", COMBINATION)), "combination", seed=0)
    assert COMBINATION not in found.get("additive", {})
    assert COMBINATION not in found.get("shrunken additive", {})
    stand_in = found["mean of perturbations"][COMBINATION].change
    screen = a_screen(unseen=("B", COMBINATION))
    own = screen.known.values[screen.known.place["A"]]
    np.testing.assert_allclose(
        found["matching mean"][COMBINATION].change, (own + stand_in) / 2
    )  # the mean of perturbations stands for B


def test_a_held_out_perturbation_has_only_what_needs_none_of_its_cells():
    found = baseline_predictions(a_screen(unseen=("C",)), "held out", seed=0)
    assert set(found) == {
        "control mean", "mean of perturbations", "ridge on PCA", "knock-down only",
    }  # fmt: skip
    adapted = baseline_predictions(a_screen(unseen=("C",), adapted=30), "held out", seed=0)
    assert set(adapted) == {*found, "training mean", "shrunken additive"}
    for model in ("training mean", "shrunken additive", "ridge on PCA"):
        assert error(adapted, model, "C") < error(found, "mean of perturbations", "C") / 4


@pytest.mark.parametrize("task", ["held out", "combination"])
def test_what_was_learned_from_cannot_be_held_out(task):
    with pytest.raises(ValueError, match="was learned from"):
        baseline_predictions(a_screen(), task, seed=0)


@pytest.mark.parametrize(
    ("task", "unseen"), [("seen", ()), ("held out", ("C",)), ("combination", (COMBINATION,))]
)
def test_no_scored_value_is_looked_at(task, unseen):
    screen = a_screen(unseen=unseen)
    other = Cells(screen.scored.values[::-1] * 3 + 1, screen.scored.labels)
    first = baseline_predictions(screen, task, seed=0)
    second = baseline_predictions(dataclasses.replace(screen, scored=other), task, seed=0)
    assert set(first) == set(second)
    for model in first:
        for name in first[model]:
            np.testing.assert_array_equal(first[model][name].change, second[model][name].change)


def test_sparse_cells_give_the_same():
    first = baseline_predictions(a_screen(), "seen", seed=0)
    second = baseline_predictions(a_screen(sparse=True), "seen", seed=0)
    for model in first:
        for name in first[model]:
            np.testing.assert_allclose(
                first[model][name].change, second[model][name].change, atol=1e-8
            )


def test_shrinking_helps_most_where_cells_are_few():
    few, many = (baseline_predictions(a_screen(cells, 20), "seen", seed=0) for cells in (8, 2000))
    for name in SINGLES:
        assert error(few, "shrunken additive", name) < error(few, "training mean", name)
        own, shrunken = (many[m][name].change for m in ("training mean", "shrunken additive"))
        np.testing.assert_allclose(own, shrunken, atol=0.05)


def test_the_prior_is_that_of_the_true_changes():
    screen = a_screen(400)
    prior = learn_prior(screen, np.zeros(GENES))
    true = np.array([changes()[name] for name in screen.trained.names])
    expected = np.square(true).mean(axis=0)
    assert np.corrcoef(prior.variance, expected)[0, 1] > 0.98
    np.testing.assert_allclose(prior.cell_variance, NOISE**2, rtol=0.2)
    still = (true == 0).all(axis=0)
    assert prior.variance[still].mean() < 0.2 * NOISE**2 / 400


def test_the_posterior_lies_between_the_centre_and_what_was_seen():
    screen = a_screen()
    prior = learn_prior(screen, screen.mean_change)
    seen = screen.trained.values[0]
    for cells in (1, 10, 1000):
        share = (prior.posterior(seen, cells) - prior.centre) / (seen - prior.centre)
        assert (share >= 0).all()
        assert (share <= 1).all()
    np.testing.assert_array_equal(prior.posterior(prior.centre, 5), prior.centre)


def test_labels_of_one_target_count_by_their_cells():
    screen = a_screen(unseen=(COMBINATION,))
    labels = screen.learned.labels.copy()
    second = screen.learned.rows("A")[:20]
    labels[second] = "A guide 2"
    again = dataclasses.replace(
        screen,
        learned=Cells(screen.learned.values, labels),
        design={**DESIGN, "A guide 2": ("A",)},
    )
    for model in ("additive", "matching mean"):
        whole, parted = (
            baseline_predictions(one, "combination", seed=0)[model][COMBINATION].change
            for one in (screen, again)
        )
        np.testing.assert_allclose(parted, whole)


def test_the_ridge_learns_from_where_targets_lie_among_the_genes():
    """A held-out target's change follows that of the targets it varies with in control cells."""
    rng = np.random.default_rng(0)
    blocks = np.repeat([0, 1], 30)
    targets = {f"t{gene}": gene for gene in [*range(8), *range(30, 38)]}
    genes = [f"t{gene}" for gene in range(60)]

    def cells(names, number):
        labels = np.repeat(names, number)
        factor = rng.normal(size=(len(labels), 2))
        values = factor[:, blocks] + rng.normal(0, 0.3, (len(labels), 60))
        for row, name in enumerate(labels):
            if name != CONTROL:
                values[row] -= blocks == blocks[targets[name]]
        return Cells(values, labels.astype(object))

    seen, unseen = [name for name in targets if name not in ("t3", "t33")], ["t3", "t33"]
    design = {name: (name,) for name in targets}
    learned, scored = cells([CONTROL, *seen], 200), cells([CONTROL, *unseen], 200)
    screen = type(a_screen())(learned, scored, CONTROL, design, genes)
    found = baseline_predictions(screen, "held out", seed=0)
    for name in unseen:
        truth = -(blocks == blocks[targets[name]]).astype(float)
        ridge = np.square(found["ridge on PCA"][name].change - truth).mean()
        mean = np.square(found["mean of perturbations"][name].change - truth).mean()
        assert ridge < mean / 4


def test_many_targets_are_solved_for_without_a_dense_matrix(monkeypatch):
    first = baseline_predictions(a_screen(), "seen", seed=0)["ridge on PCA"]
    monkeypatch.setattr(ridge, "_MOST_DENSE", 1)
    second = baseline_predictions(a_screen(), "seen", seed=0)["ridge on PCA"]
    for name in DESIGN:
        np.testing.assert_allclose(first[name].change, second[name].change, atol=5e-3)


def test_few_perturbations_are_no_error():
    screen = a_screen(unseen=("C", "D", "E", "F", COMBINATION, "idle"))
    assert screen.trained.names == ("A", "B")
    assert set(baseline_predictions(screen, "held out", seed=0)) >= {"control mean"}
