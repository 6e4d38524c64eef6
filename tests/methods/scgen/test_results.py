"""What a run of scGen says, and that it beats its baselines where the answer is known."""

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist, pdist
from sklearn.decomposition import PCA

from scdyn_core.data.split import PARTS
from scdyn_core.methods.method import Results
from scdyn_core.methods.scgen.method import Scgen
from scdyn_core.methods.scgen.predictors import MODELS
from scdyn_core.methods.scgen.results import response_scores
from scdyn_core.reporter import Cancelled, SilentReporter
from tests.methods.scgen.small import METHOD, ROLES, TYPES, arrays, cells, config, run

LEARNS = config(
    latents=8, hidden=64, layers=2, epochs=60, batch_size=32, learning_rate=3e-3, held_out="CD8"
)


@pytest.fixture(scope="module")
def trained() -> Results:
    return run(cells(each=60), LEARNS, replicates=2)


def values(results: Results, metric: str) -> dict[str, float]:
    frame = results.tables["unseen_scores"].frame
    return frame[frame["metric"] == metric].groupby("predictor")["value"].mean().to_dict()


def test_a_type_specific_response_is_recovered_beyond_the_mean_shift(trained: Results) -> None:
    found = values(trained, "Pearson delta")
    for name in ("nearest types", "combined"):
        assert found[name] > 0.9
        assert found[name] > found["mean shift"] + 0.05
    assert values(trained, "MSE")["combined"] < values(trained, "MSE")["mean shift"]


def test_scores_stand_beside_their_baselines(trained: Results) -> None:
    score = next(each for each in trained.scores if each.metric == "Pearson delta")
    assert score.value == pytest.approx(values(trained, "Pearson delta")["combined"])
    assert set(score.baselines) == {
        "no change", "mean shift", "cell-weighted mean shift", "nearest type's shift",
        "similar types' shift",
    }  # fmt: skip
    assert score.measured_on == "treated cells of unseen types"
    assert score.replicate_sd is not None
    assert {"reconstruction R2", "E-distance", "MSE, DE genes"} <= {
        each.metric for each in trained.scores
    }


def test_predicted_cells_lie_nearer_to_treated_ones_than_control_cells_do(
    trained: Results,
) -> None:
    found = values(trained, "E-distance")
    assert found["combined"] < 0.5 * found["no change"]


def test_clouds_are_compared_where_training_cells_vary_most() -> None:
    dataset, settings = cells(each=20), config(held_out="B")
    found = values(run(dataset, settings), "E-distance")
    tensors = arrays(dataset, settings)
    x = np.concatenate([tensors.parts[part]["x"] for part in PARTS]).astype(np.float64)
    rows = np.concatenate([tensors.samples[part] for part in PARTS])
    obs = dataset.adata.obs.iloc[rows]
    axes = PCA(15, svd_solver="full").fit(tensors.parts["train"]["x"]).components_.T
    control, treated = (
        x[((obs["type"] == "B") & (obs["state"] == state)).to_numpy()] @ axes
        for state in ("ctrl", "stim")
    )
    across = cdist(control, treated).mean()
    within = pdist(control).mean() + pdist(treated).mean()
    assert found["no change"] == pytest.approx(2 * across - within, rel=1e-3)


def test_tables_say_what_their_columns_mean(trained: Results) -> None:
    for table in trained.tables.values():
        assert list(map(str, table.frame)) == list(table.columns)
    scores = trained.tables["unseen_scores"].frame
    assert set(scores.loc[scores["kind"] == "model", "predictor"]) == set(MODELS)
    assert set(scores["seed"]) == {0, 1}
    assert set(scores["arm"]) == {"this run"}
    genes = trained.tables["unseen_genes"].frame
    assert genes.groupby(["predictor", "seed"])["de"].sum().unique().tolist() == [50]
    assert len(trained.tables["latent"].frame) == 2 * len(trained.tables["cells"].frame)


def test_test_cells_are_described_beside_principal_components(trained: Results) -> None:
    frame = trained.tables["reconstruction"].frame
    assert set(frame["source"]) == {"model", "principal components", "mean of the type"}
    # Six of the sixty control cells of the held-out type, none of its treated ones.
    assert set(frame.loc[frame["cell_type"] == "CD8", "cells"]) == {6}
    error = frame.groupby("source")["error"].mean()
    assert error["model"] < 1.1 * error["mean of the type"]


def test_without_a_held_out_type_the_run_says_that_nothing_is_predicted() -> None:
    tables = run(cells(), config()).tables
    assert "unseen_scores" not in tables
    assert "not seen" in tables["cautions"].frame["caution"].iloc[0]


def test_a_type_without_treated_cells_is_predicted_and_not_scored() -> None:
    dataset = cells()
    obs = dataset.adata.obs
    kept = ~((obs["type"] == "CD4") & (obs["state"] == "stim")).to_numpy()
    few = type(dataset)(dataset.adata[kept].copy(), dataset.roles, "few", "1" * 16)
    found = run(few, config())
    genes = found.tables["unseen_genes"].frame
    assert set(genes["held_out"]) == {"CD4"}
    assert genes["observed"].isna().all()
    assert np.isfinite(genes["predicted"]).all()
    assert "unseen_scores" not in found.tables
    assert "cannot be checked" in found.tables["cautions"].frame["caution"].iloc[0]
    assert [each.metric for each in found.scores] == ["reconstruction R2"]


@pytest.mark.parametrize("state", ["ctrl", "stim"])
def test_a_held_out_type_with_one_cell_has_no_cloud_to_compare(state: str) -> None:
    dataset = cells(each=20)
    obs = dataset.adata.obs
    own = ((obs["type"] == "B") & (obs["state"] == state)).to_numpy()
    kept = ~own | (np.cumsum(own) == 1)
    one = type(dataset)(dataset.adata[kept].copy(), dataset.roles, "one", "1" * 16)
    found = run(one, config(held_out="B"))
    scores = found.tables["unseen_scores"].frame
    assert "E-distance" not in set(scores["metric"])
    assert scores["value"].dtype == np.float64
    assert "Pearson delta" in {each.metric for each in found.scores}


def test_values_below_zero_are_said_to_be_scaled() -> None:
    roles = {name: value for name, value in ROLES.items() if name != "counts"}
    dataset = cells(each=20, roles=roles)
    logs = np.log1p(dataset.adata.X)
    dataset.adata.X = logs - logs.mean(axis=0)
    found = run(dataset, config(held_out="B"))
    assert "below 0" in said(found)[1]
    dataset.adata.X = logs
    (alone,) = said(run(dataset, config(held_out="B")))
    assert "X is taken as it is" in alone
    assert "cautions" not in run(cells(each=20), config(held_out="B")).tables


def said(results: Results) -> list[str]:
    return results.tables["cautions"].frame["caution"].tolist()


def test_reading_a_run_out_can_be_cancelled() -> None:
    dataset, settings = cells(each=20), config(held_out="B")
    tensors = arrays(dataset, settings)
    with pytest.raises(Cancelled):
        METHOD.results([METHOD.build(tensors, settings, 0)], tensors, dataset, settings, Stopped())


class Stopped(SilentReporter):
    """The user has asked to stop."""

    def cancelled(self) -> bool:
        return True


def test_a_metric_that_says_nothing_of_a_type_is_of_the_others() -> None:
    row = {"predictor": "combined", "kind": "model", "seed": 0, "better": "higher"}
    values = {("a", "R2 of change"): 0.5, ("b", "R2 of change"): np.nan, ("b", "none"): np.nan}
    frame = pd.DataFrame(
        [{**row, "held_out": k, "metric": m, "value": v} for (k, m), v in values.items()]
    )
    (score,) = response_scores(frame, "combined")
    assert (score.metric, score.value) == ("R2 of change", 0.5)


def test_a_baseline_can_be_the_predictor() -> None:
    found = run(cells(), config(held_out="B", predictor="nearest type's shift"))
    score = next(each for each in found.scores if each.metric == "Pearson delta")
    assert "nearest type's shift" not in score.baselines
    assert score.value == values(found, "Pearson delta")["nearest type's shift"]


def test_the_published_preset_trains() -> None:
    settings = Scgen.presets["published"].model_copy(
        update={"epochs": 2, "hidden": 16, "held_out": TYPES[0]}
    )
    found = run(cells(), settings)
    assert np.isfinite(found.tables["unseen_scores"].frame["value"]).all()
