"""Errors of models on the same values are compared value by value."""

import numpy as np
import pandas as pd
import pytest

from scdyn_core.evaluation.paired_errors import paired_errors


def predictions(genes: int = 200, seed: int = 0, **noise: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    observed = rng.normal(size=genes)
    names = [f"g{number}" for number in range(genes)]
    return pd.concat([
        pd.DataFrame({
            "task": "forecast", "time": 24.0, "gene": names, "model": model, "observed": observed,
            "predicted": observed + rng.normal(0, size, genes),
        })
        for model, size in noise.items()
    ])  # fmt: skip


def test_better_and_worse_are_told_apart() -> None:
    found = paired_errors(predictions(own=0.2, good=0.1, bad=0.4), "own")
    assert list(found["model"]) == ["good", "bad"]
    assert list(found["better"]) == [1, -1]
    assert found["rmse"].iloc[0] == pytest.approx(0.1, rel=0.2)
    assert found["own"].iloc[0] == pytest.approx(0.2, rel=0.2)


def test_models_are_compared_where_both_have_a_prediction() -> None:
    frame = predictions(50, own=0.2, other=0.2)
    frame.loc[(frame["model"] == "other") & (frame["gene"] == "g0"), "predicted"] = np.nan
    found = paired_errors(frame, "own")
    own = frame[(frame["model"] == "own") & (frame["gene"] != "g0")]
    assert found["own"].iloc[0] == pytest.approx(
        np.sqrt(((own["predicted"] - own["observed"]) ** 2).mean())
    )


def test_one_gene_tells_nothing() -> None:
    assert list(paired_errors(predictions(1, own=0.2, other=3.0), "own")["better"]) == [0]


def test_a_model_that_is_not_there_compares_with_nothing() -> None:
    assert paired_errors(predictions(5, other=0.1), "own").empty


def test_one_huge_error_hides_no_difference() -> None:
    frame = predictions(100, own=0.1, worse=0.3)
    first = (frame["model"] == "worse") & (frame["gene"] == "g0")
    frame.loc[first, "predicted"] += 50.0
    assert list(paired_errors(frame, "own")["better"]) == [-1]


def test_where_ranks_and_mean_disagree_nobody_can_tell() -> None:
    frame = predictions(100, own=0.3, other=0.1)
    first = (frame["model"] == "other") & (frame["gene"] == "g0")
    frame.loc[first, "predicted"] += 50.0
    assert list(paired_errors(frame, "own")["better"]) == [0]


def test_equal_predictions_are_equal() -> None:
    frame = predictions(20, own=0.3)
    found = paired_errors(pd.concat([frame, frame.assign(model="other")]), "own")
    assert list(found["better"]) == [0]


def test_equally_good_models_are_seldom_told_apart() -> None:
    told = [
        paired_errors(predictions(60, seed, own=0.2, other=0.2), "own")["better"].iloc[0] != 0
        for seed in range(100)
    ]
    assert np.mean(told) <= 0.1
