"""Unseen responses, whole: what was held out has no part in its prediction, and stopping none."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.experiments.config import UnseenExperiment
from scdyn_core.experiments.run import run_experiment
from scdyn_core.experiments.unseen import held_out_types
from scdyn_core.reporter import Cancelled, SilentReporter
from scdyn_core.training.options import TrainingOptions
from tests.experiments.test_resampling import Stops
from tests.methods.scgen import small
from tests.methods.svae import small as screens

QUESTION = UnseenExperiment(types=("B", "mono"), arms=("uniform", "half"), seeds=2)
PLACE = ["held_out", "arm", "predictor", "seed"]


def ask(folder, dataset=None, reporter=None, question=QUESTION, config=None):
    return run_experiment(
        small.METHOD,
        config or small.config(),
        dataset or small.cells(),
        question,
        TrainingOptions(device="cpu", seed=2, replicates=3),
        folder,
        reporter or SilentReporter(),
    )


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return ask(tmp_path_factory.mktemp("whole"))


def with_third_condition():
    """Return the cells with a rarer condition that only two types have."""
    dataset = small.cells()
    adata = dataset.adata.copy()
    rows = np.isin(adata.obs["type"], ["B", "CD4"]) & (adata.obs["state"] == "stim")
    adata.obs["state"] = np.where(rows & (np.arange(adata.n_obs) % 2 > 0), "other",
                                  adata.obs["state"].astype(str))  # fmt: skip
    return Dataset(adata, dataset.roles, "x", "0")


def test_every_type_arm_and_seed_is_there_once(tables):
    scores = tables["unseen_scores"].frame
    assert set(zip(scores["held_out"], scores["arm"], scores["seed"], strict=True)) == {
        (name, arm, seed)
        for name in ("B", "mono")
        for arm in ("uniform", "half")
        for seed in (0, 1)
    }
    assert not scores.duplicated([*PLACE, "metric"]).any()
    for name, table in tables.items():
        assert list(table.frame.columns) == list(table.columns), name


def test_arms_differ_where_the_network_is_asked_and_nowhere_else(tables):
    """Baselines see the split alone, which the arms of a seed share."""
    scores = tables["unseen_scores"].frame
    wide = scores.pivot_table(
        index=["held_out", "seed", "metric", "predictor", "kind"], columns="arm", values="value"
    ).reset_index()
    same = wide["uniform"] == wide["half"]
    simple = wide["kind"] == "baseline"
    assert same[simple].all()
    assert not same[~simple].all()


def test_seeds_are_splits_and_starts_of_their_own(tables):
    genes = tables["unseen_genes"].frame.query("arm == 'uniform' and held_out == 'B'")
    wide = genes.pivot(index=["predictor", "gene"], columns="seed", values="predicted")
    differ = (wide[0] != wide[1]).groupby("predictor").any()
    assert differ.drop("no change", errors="ignore").all()


def test_treated_cells_of_the_held_out_type_have_no_part_in_the_prediction(tmp_path, tables):
    dataset = small.cells()
    adata = dataset.adata.copy()
    unseen = ((adata.obs["type"] == "mono") & (adata.obs["state"] == "stim")).to_numpy()
    changed = np.asarray(adata.X).copy()
    changed[unseen] = np.random.default_rng(5).poisson(30.0, (unseen.sum(), adata.n_vars))
    adata.X = changed
    only = QUESTION.model_copy(update={"types": ("mono",)})
    other = ask(tmp_path, Dataset(adata, dataset.roles, "x", "0"), question=only)

    def predicted(found):
        frame = found["unseen_genes"].frame
        frame = frame[frame["held_out"] == "mono"].sort_values([*PLACE, "gene"])
        return frame[["gene", "predicted"]].reset_index(drop=True)

    # The draws of the clouds are by place among the types: predictions of means are not.
    pd.testing.assert_frame_equal(predicted(tables), predicted(other))


def test_stopping_and_going_on_changes_nothing(tmp_path, tables):
    for after in (0.4, 2.5, 7.0):
        with pytest.raises(Cancelled):
            ask(tmp_path, reporter=Stops(after))
    again = ask(tmp_path)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table.frame, again[name].frame)


def test_types_are_those_with_cells_of_the_condition_that_is_asked_for():
    dataset, config = with_third_condition(), small.config(treated="other")
    assert held_out_types(small.METHOD, config, dataset, ()) == ("B", "CD4")
    assert len(held_out_types(small.METHOD, small.config(), dataset, ())) == 5
    with pytest.raises(ConfigError, match="no such type as 'mono'"):
        held_out_types(small.METHOD, config, dataset, ("mono",))
    with pytest.raises(ConfigError, match="does not predict"):
        held_out_types(screens.METHOD, screens.TINY, dataset, ())


def test_a_type_or_arm_named_twice_is_asked_once():
    twice = UnseenExperiment(types=("B", "B", "mono"), arms=("half", "half"))
    assert (twice.types, twice.arms) == (("B", "mono"), ("half",))
