"""What comparisons of networks say: better, worse, both, or nothing."""

import pandas as pd
import pytest

from dashboard._ui.networks_compare_words import found_words, ranking_words, shared_words
from scdyn_core.methods.regulation.against_reference import AgainstReference
from scdyn_core.networks.comparison import Agreement


def scored(found: float = 20.0, other_found: float = 10.0, **areas: float) -> AgainstReference:
    told = {"random": 0.1, **areas}
    scores = pd.DataFrame({"model": list(told), "metric": "AUPRC", "value": list(told.values())})
    empty = pd.DataFrame()
    return AgainstReference(
        name="x", sources=(), targets=(), pairs=400, edges=40, scores=scores, curves=empty,
        found={name: found if name == "own" else other_found for name in areas}, head=empty,
    )  # fmt: skip


def test_found_edges_stand_beside_chance():
    assert found_words(scored(own=0.5), "own") == (
        "**own** has 20 of the 40 known edges among its 40 strongest, 5.0 times as many as chance "
        "would have (4)."
    )


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (scored(own=0.5, correlation=0.3), "No other kind of network here ranks"),
        (scored(own=0.5, correlation=0.48), "about as well"),
        (scored(own=0.5, correlation=0.54), "about as well"),
        (scored(own=0.4, correlation=0.6), "but among the 40 strongest none has more"),
        (scored(own=0.4, correlation=0.6, other_found=30.0), "the simpler method tells you more"),
        (scored(own=0.11, correlation=0.6, found=4.0), "Hardly better than chance"),
        (scored(own=0.5), "AUPRC 0.50, chance 0.10"),
    ],
)
def test_the_ranking_is_judged(told, words):
    assert words in ranking_words(told, "own")


def test_names_are_escaped():
    told = scored(**{"own": 0.2, "![x](y)": 0.9})
    assert "![x]" not in ranking_words(told, "own")
    assert "![x]" not in found_words(told, "![x](y)")


def test_what_is_not_known_of_two_networks_is_not_said():
    told = Agreement(100, 10, 20, 4, float("nan"), 0, float("nan"))
    assert shared_words(told, ("a", "b")) == [
        "**a** has 10 edges and **b** 20 between genes that both know; 4 are in both, chance would "
        "give 2."
    ]
    nothing = Agreement(0, 0, 0, 0, float("nan"), 0, float("nan"))
    assert "no genes in common" in shared_words(nothing, ("a", "b"))[0]
