"""Does resampling help? Arms are paired, parts are kept, and what makes no sense is refused."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.paired_differences import paired_difference
from scdyn_core.experiments.config import ResamplingExperiment
from scdyn_core.experiments.resampling_tables import rare_test_cells
from scdyn_core.experiments.run import run_experiment
from scdyn_core.methods.vrnn.method import Vrnn
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.training.options import TrainingOptions
from tests.methods.svae import small

QUESTION = ResamplingExperiment(seeds=2, arms=("balanced", "published"), rare_share=0.3)
CONFIG = small.TINY


class Stops(SilentReporter):
    """Asks to stop when so many steps are done; counts the steps it hears of."""

    def __init__(self, after=1e9):
        self.after, self.heard = after, 0.0

    def progress(self, stage, done, total, message=""):
        self.heard = done
        assert done <= total

    def cancelled(self):
        return self.heard >= self.after


def ask(folder, reporter=None, question=QUESTION, dataset=None, method=small.METHOD):
    data = dataset or small.with_groups(small.screen(), "cell_type")
    options = TrainingOptions(device="cpu", seed=3, replicates=4)
    return run_experiment(
        method, CONFIG, data, question, options, folder, reporter or SilentReporter()
    )


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return ask(tmp_path_factory.mktemp("whole"))


def test_every_arm_has_every_pair_and_uniform_is_always_there(tables):
    scores = tables["arm_scores"].frame
    have = scores.groupby("arm")["seed"].unique().map(sorted).to_dict()
    assert have == {"uniform": [0, 1], "balanced": [0, 1], "published": [0, 1]}
    assert set(tables["arm_comparison"].frame["arm"]) == {"balanced", "published"}


def test_every_column_of_every_table_has_a_meaning(tables):
    assert set(tables) == {"arm_scores", "arm_comparison", "arm_sampling", "arm_mass", "answer"}
    for name, table in tables.items():
        assert list(table.frame.columns) == list(table.columns), name
        assert len(table.frame), name


def test_an_arm_named_twice_is_one_arm():
    twice = ResamplingExperiment(arms=("half", "half", "uniform", "half"))
    assert twice.arms == ("half", "uniform")


def test_rare_test_cells_are_those_of_all_pairs():
    """A type whose only test cells are in the second pair was tested too."""
    tested = pd.DataFrame({"cell_type": ["b", "a", "b", "c"], "cells": [9, 3, 9, 1]})
    assert rare_test_cells(tested, 2, {"a", "c", "d"}) == {"a": 1.5, "c": 0.5}


def test_intervals_know_how_much_the_splits_share(tables):
    """Of the screen's cells a fifth are test cells and seven tenths are trained on."""
    scores, found = (tables[name].frame for name in ("arm_scores", "arm_comparison"))
    asked = {"metric": "reconstruction", "cell_type": "all"}
    for frame in (scores, found):
        frame.attrs.clear()
    row = found.loc[(found[list(asked)] == pd.Series(asked)).all(axis=1)].iloc[0]
    own = scores.loc[(scores[list(asked)] == pd.Series(asked)).all(axis=1)]
    wide = own.pivot(index="seed", columns="arm", values="value")
    alone, shared = (
        paired_difference((wide[row["arm"]] - wide["uniform"]).to_numpy(), overlap)
        for overlap in (0.0, 0.2 / 0.7)
    )
    assert row["high"] - row["low"] == pytest.approx(shared.high - shared.low, rel=0.02)
    assert row["high"] - row["low"] > 1.1 * (alone.high - alone.low)


def test_balanced_draws_every_type_equally_often(tables):
    mass = tables["arm_mass"].frame.query("arm == 'balanced'")
    assert mass["mass"].tolist() == pytest.approx([1 / 3] * 6)
    assert mass["share"].max() > 0.4


def test_an_arm_without_effect_differs_from_uniform_by_nothing(tmp_path, monkeypatch):
    from scdyn_core.experiments import fitting
    from scdyn_core.training.resampling.options import SAMPLING

    # Pairs are pairs: the same split, the same start, the same steps.
    same = {**SAMPLING, "clusters": SAMPLING["uniform"]}
    monkeypatch.setattr(fitting, "SAMPLING", same)
    question = ResamplingExperiment(seeds=2, arms=("clusters",), rare_share=0.3)
    found = ask(tmp_path, question=question)["arm_comparison"].frame
    assert (found["difference"] == 0).all()
    assert (found["verdict"] == "no difference seen").all()


def test_stopping_and_going_on_changes_nothing(tmp_path, tables):
    for after in (0.4, 2.5, 4.0):
        with pytest.raises(Cancelled):
            ask(tmp_path, Stops(after))
    again = ask(tmp_path)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table.frame, again[name].frame)


def test_finished_parts_are_not_trained_again(tmp_path, monkeypatch):
    with pytest.raises(Cancelled):
        ask(tmp_path, Stops(5.5))

    from scdyn_core.experiments import resampling

    trained, fit_arm = [], resampling.fit_arm
    monkeypatch.setattr(
        resampling, "fit_arm", lambda *given: trained.append(given[5]) or fit_arm(*given)
    )
    ask(tmp_path)
    assert trained == ["published"]


def test_types_must_be_known(tmp_path):
    with pytest.raises(ConfigError, match="cell_type"):
        ask(tmp_path, dataset=small.screen())
    typed = small.with_groups(small.screen(), "cell_type")
    adata = typed.adata.copy()
    adata.obs["group"] = adata.obs["group"].where(np.zeros(adata.n_obs, dtype=bool))
    with pytest.raises(ConfigError, match="no cell with a type"):
        ask(tmp_path, dataset=Dataset(adata, typed.roles, "x", "0"))


def test_samples_must_be_cells(tmp_path):
    typed = small.with_groups(small.screen(), "cell_type")
    with pytest.raises(ConfigError, match="genes"):
        ask(tmp_path, dataset=Dataset(typed.adata, typed.roles, "x", "0"), method=Vrnn())
