"""On generated screens it finds the planted latents and targets, where plain methods do not."""

import pytest

from scdyn_core.methods.svae.config import SvaeConfig
from tests.methods.svae.small import results_of, screen


@pytest.fixture(scope="module")
def tables():
    dataset = screen(
        interventions=60, cells_per_intervention=50, genes=60, latents=6, control_cells=150,
        inert=4, shift=3.0,
    )  # fmt: skip
    config = SvaeConfig(latents=6, hidden=48, warm_up=12, epochs=16, importance_samples=20)
    results = results_of(dataset, config, replicates=2)
    return {name: table.frame for name, table in results.tables.items()}, results.scores


def test_finds_planted_latents_and_targets(tables):
    truth = tables[0]["truth"].groupby(["model", "quantity"])["value"].mean()
    ours = truth["this run"]
    assert ours["MCC"] > 0.85
    assert ours["R2"] > 0.9
    assert ours["mask F1"] > 0.85
    for plain in ("ICA", "PCA + rotation"):
        assert ours["mask F1"] > truth[plain]["mask F1"] + 0.1
        assert ours["MCC"] > truth[plain]["MCC"] + 0.1


def test_what_does_nothing_shifts_nothing(tables):
    table = tables[0]["perturbations"].set_index("perturbation")
    inert = ["control", "control (null)", *(f"P{number:03d}" for number in range(57, 61))]
    assert table.loc[inert, "latents_on"].max() == 0
    assert table.drop(inert)["latents_on"].min() >= 1


def test_replicates_agree(tables):
    on = tables[0]["targets"].pivot_table(
        index=["perturbation", "latent"], columns="replicate", values="on"
    )
    assert (on[0] * on[1]).sum() / (on[0] + on[1] > 0).sum() > 0.75
    assert tables[0]["latents"]["stability"].median() > 0.9


def test_predictions_beat_the_baselines_that_know_no_perturbation(tables):
    scores = tables[0]["prediction_scores"].query("task == 'seen'")
    mean = scores.groupby(["metric", "model"])["value"].mean()
    pearson, error = mean["Pearson delta"], mean["MSE"]
    assert pearson["this run"] > pearson["mean of perturbations"] + 0.2
    assert error["this run"] < 0.5 * error["control mean"]


def test_evidence_is_higher_with_the_shifts_than_without(tables):
    (evidence,) = [score for score in tables[1] if score.metric.startswith("evidence")]
    assert evidence.value > evidence.baselines["the same without shifts"] + 1.0


def test_shifts_lie_where_the_sparsity_path_says(tables):
    path, frame = tables[0]["sparsity_path"], tables[0]["perturbations"]
    chosen = path[path["chosen"]].groupby("perturbation")["latents_on"].mean()
    found = frame.set_index("perturbation")["latents_on"]
    assert (chosen.loc[found.index] - found).abs().mean() < 0.3
    assert (path.groupby("sparsity")["latents_on"].mean().diff().dropna() <= 0).all()
