"""Hiding a time of test genes and predicting it: what is looked at, and what is reported."""

from dataclasses import replace

import numpy as np
import pytest

from scdyn_core.methods.response_mixture.fitted import MixtureFamily
from scdyn_core.methods.responses.hidden_times import hidden_times, inner_times
from scdyn_core.methods.responses.pseudobulk import Curves
from scdyn_core.methods.responses.reading import Reading
from tests.methods.responses.mixture.generated import TIMES, drawn, mixture
from tests.methods.responses.small import QUIET

SIZES = {"train": 150, "validation": 60, "test": 80}
#: The times that are used, to be quick.
KEPT = [0, 1, 3, 5]
HOURS = TIMES[KEPT]


def source():
    whole = mixture()
    return replace(whole, o=whole.o[KEPT], f=whole.f[:, :, KEPT])


NAMES = [f"test{number}" for number in range(SIZES["test"])]


def reading():
    return Reading.of([MixtureFamily({4: source()}, {4: 0.0}, 100, True)], 4)


def parts():
    found = {}
    for seed, (part, genes) in enumerate(SIZES.items()):
        own = drawn(source(), genes, seed)
        found[part] = Curves(HOURS, np.full(len(HOURS), 100), own.y, own.se)
    return found


@pytest.fixture(scope="module")
def found():
    return hidden_times(reading(), parts(), NAMES, 0, QUIET)


def test_every_test_gene_is_predicted_once_by_everybody_at_every_hidden_time(found):
    frame = found.table.frame
    assert set(frame["gene"]) == set(NAMES)
    assert (frame.groupby(["time", "model", "gene"]).size() == 1).all()
    tasks = frame.groupby("task")["time"].unique()
    assert list(tasks["hidden time"]) == [1, 6]
    assert list(tasks["forecast"]) == [24]
    learned = {"this run", "Gaussian process", "ridge", "random forest"}
    assert set(frame.loc[frame["task"] == "forecast", "model"]) == learned | {"last value"}
    assert set(frame.loc[frame["task"] == "hidden time", "model"]) == learned | {"linear"}


def test_what_was_observed_is_given_without_the_offset(found):
    own = found.table.frame.query("time == 6 and model == 'this run'")
    test = parts()["test"]
    assert own["observed"].to_numpy() == pytest.approx(test.mean[:, 2] - source().o[2])
    assert own["se"].to_numpy() == pytest.approx(test.se[:, 2])


@pytest.mark.parametrize("hidden", [2, 3])
def test_a_hidden_value_and_its_error_cannot_leak(found, hidden):
    changed = parts()
    test = changed["test"]
    mean, se = test.mean.copy(), test.se.copy()
    mean[:, hidden] += 7.0
    se[:, hidden] *= 3.0
    changed["test"] = replace(test, mean=mean, se=se)
    again = hidden_times(reading(), changed, NAMES, 0, QUIET)
    own, other = (
        each.table.frame[each.table.frame["time"] == HOURS[hidden]] for each in (found, again)
    )
    for column in ("predicted", "low", "high"):
        assert np.array_equal(own[column], other[column], equal_nan=True)
    assert other["observed"].to_numpy() == pytest.approx(own["observed"].to_numpy() + 7.0)


def test_test_genes_do_not_change_each_others_predictions_nor_the_factor(found):
    changed = parts()
    changed["test"] = changed["test"].rows(np.arange(10))
    again = hidden_times(reading(), changed, NAMES[:10], 0, QUIET)
    both = found.table.frame.merge(again.table.frame, on=["time", "model", "gene"])
    assert len(both) == len(again.table.frame)
    assert both["predicted_x"].to_numpy() == pytest.approx(both["predicted_y"].to_numpy())
    assert again.factor == found.factor


def test_the_mixture_is_best_on_curves_drawn_from_it(found):
    frame = found.table.frame
    error = (frame["predicted"] - frame["observed"]) ** 2
    by_model = error.groupby(frame["model"]).mean()
    assert by_model.idxmin() == "this run"
    assert by_model["this run"] < 0.5 * by_model["linear"]


def test_intervals_hold_on_genes_they_were_not_made_with(found):
    own = found.table.frame.query("model == 'this run'")
    inside = own["observed"].between(own["low"], own["high"])
    assert 0.84 < inside.mean() < 0.96


def test_a_right_model_needs_no_other_factor_than_a_normal_one(found):
    assert found.factor == pytest.approx(1.645, abs=0.25)


def test_who_has_no_idea_of_an_error_gets_no_interval(found):
    frame = found.table.frame
    bare = frame["model"].isin(["linear", "last value"])
    assert frame.loc[bare, ["low", "high"]].isna().all(axis=None)
    assert frame.loc[~bare, ["low", "high"]].notna().all(axis=None)


def test_a_handful_of_validation_genes_still_gives_finite_intervals():
    few = parts()
    few["validation"] = few["validation"].rows(np.arange(2))
    found = hidden_times(reading(), few, NAMES, 0, QUIET)
    assert np.isfinite(found.factor)
    own = found.table.frame.query("model == 'this run'")
    assert np.isfinite(own[["low", "high"]]).all(axis=None)


@pytest.mark.parametrize("count", [3, 4, 8, 9, 20, 50])
def test_inner_times_are_all_or_six_spread_evenly(count):
    found = inner_times(count)
    assert found == sorted(set(found))
    assert 0 not in found
    assert count - 1 not in found
    assert len(found) == min(count - 2, 6)
    assert np.ptp(np.diff(found)) <= 1 if len(found) > 1 else True
