"""Held-out cells are told apart by their nearest training cells, and rare types count by type."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from scdyn_core.errors import TrainingError
from scdyn_core.evaluation.representation.nearest_neighbours import label_scores, nearest_labels


def value(scores, metric: str, cell_type: str) -> float:
    (found,) = scores.loc[
        (scores["metric"] == metric) & (scores["cell_type"] == cell_type), "value"
    ]
    return float(found)


def test_the_votes_count_one_over_the_distance() -> None:
    train = np.array([[0.0], [3.0], [3.5]])
    labels = np.array(["near", "far", "far"])
    # Two far ones against one near: 1/1 against 1/2 + 1/2.5, then 1/1.5 against 1/1.5 + 1/2.
    assert nearest_labels(train, labels, np.array([[1.0], [1.5]]), 3).tolist() == ["near", "far"]


@settings(max_examples=30)
@given(st.integers(0, 2**31), st.integers(1, 8))
def test_it_equals_a_count_by_hand(seed: int, neighbours: int) -> None:
    rng = np.random.default_rng(seed)
    train, latent = rng.normal(size=(30, 3)), rng.normal(size=(10, 3))
    labels = rng.choice(["a", "b", "c"], 30)
    told = nearest_labels(train, labels, latent, neighbours)
    for distances, answer in zip(cdist(latent, train), told, strict=True):
        near = np.argsort(distances)[:neighbours]
        votes = {name: (labels[near] == name) @ (1 / distances[near]) for name in "abc"}
        assert votes[str(answer)] == pytest.approx(max(votes.values()))


def test_a_cell_on_a_training_cell_has_its_type() -> None:
    train = np.array([[0.0], [0.1], [0.1], [0.1]])
    labels = np.array(["here", "there", "there", "there"])
    assert nearest_labels(train, labels, np.array([[0.0]]), 4).tolist() == ["here"]


def test_the_unit_of_the_latents_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    train, latent, labels = rng.normal(size=(40, 4)), rng.normal(size=(20, 4)), np.array(["a"] * 40)
    labels[::3] = "b"
    told = nearest_labels(train, labels, latent)
    assert (nearest_labels(train * 1e-6, labels, latent * 1e-6) == told).all()


def test_latents_that_broke_are_named() -> None:
    with pytest.raises(TrainingError, match="not finite"):
        nearest_labels(np.array([[np.nan]]), np.array(["a"]), np.array([[0.0]]))
    with pytest.raises(TrainingError, match="no training cells"):
        nearest_labels(np.empty((0, 2)), np.array([], dtype=str), np.zeros((1, 2)))


def test_scores_by_hand() -> None:
    true = np.array(["common"] * 6 + ["rare"] * 2 + ["odd"] * 2)
    told = np.array(["common"] * 6 + ["rare", "common"] + ["common"] * 2)
    scores = label_scores(true, told, {"rare", "odd", "absent"})
    assert value(scores, "kNN accuracy", "all") == pytest.approx(0.7)
    assert value(scores, "recall", "common") == 1
    assert value(scores, "recall", "odd") == 0
    assert value(scores, "recall", "macro") == pytest.approx(0.5)
    # A type called like a summary keeps its own row.
    assert value(scores, "recall", "rare (type)") == 0.5
    assert value(scores, "recall", "rare") == pytest.approx(0.25)
    f1 = [2 * 6 / (6 + 9), 2 * 1 / (2 + 1), 0.0]
    assert value(scores, "macro F1", "all") == pytest.approx(np.mean(f1))
    assert set(scores["better"]) == {"higher"}


def test_always_the_commonest_type_is_accurate_and_finds_no_rare_cell() -> None:
    true = np.array(["common"] * 98 + ["rarity"] * 2)
    scores = label_scores(true, np.full(100, "common"), {"rarity"})
    assert value(scores, "kNN accuracy", "all") == pytest.approx(0.98)
    assert value(scores, "recall", "rare") == 0


def test_without_rare_types_or_cells_nothing_is_invented() -> None:
    scores = label_scores(np.array(["a", "b"]), np.array(["a", "a"]), ())
    assert "rare" not in set(scores["cell_type"])
    assert label_scores(np.array([], dtype=str), np.array([], dtype=str), ()).empty
