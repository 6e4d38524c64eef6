"""The verdict names what the model beats and what beats it."""

from dashboard._ui.run_verdict import verdict
from scdyn_core.evaluation.score import Score


def score(metric: str, value: float, better: str = "higher", **baselines: float) -> Score:
    return Score(metric=metric, value=value, split="test", better=better, baselines=baselines)


def test_a_model_that_beats_everything() -> None:
    judged = verdict([score("share", 0.5, pca=0.3), score("error", 0.1, "lower", mean=0.4)])
    assert judged.news == "good"
    assert "share and error" in judged.sentence


def test_a_model_that_is_beaten_somewhere_says_where_and_by_how_much() -> None:
    judged = verdict([score("share", 0.5, pca=0.3), score("error", 0.4, "lower", mean=0.1, b=0.2)])
    assert judged.news == "mixed"
    assert "every baseline in share" in judged.sentence
    assert (
        "in error, mean reaches 0.100 and the model 0.400 (and 1 other baseline)" in judged.sentence
    )


def test_a_model_that_beats_nothing_is_called_out() -> None:
    judged = verdict([score("share", 0.1, pca=0.3)])
    assert judged.news == "bad"
    assert "does not beat its baselines" in judged.sentence


def test_a_tie_is_not_a_win() -> None:
    assert verdict([score("share", 0.3, pca=0.3)]).news == "bad"


def test_without_baselines_nothing_is_claimed() -> None:
    assert verdict([score("share", 0.3)]).news == "unknown"
    assert verdict([]).news == "unknown"


def test_names_are_shown_letter_by_letter() -> None:
    judged = verdict([score("share", 0.1, **{"![x](http://evil)": 0.3})])
    assert "![x]" not in judged.sentence


def test_several_losses_are_told_in_one_breath() -> None:
    judged = verdict([score("a", 0.1, pca=0.3), score("b", 0.2, pca=0.4), score("c", 0.9, pca=0.1)])
    assert "but not everywhere: in a (0.1, 0.3) and b (0.2, 0.4)" in judged.sentence


def test_known_scores_have_names_for_people() -> None:
    judged = verdict([score("latent derivative share", 0.5, pca=0.3)])
    assert "every baseline in latent velocities" in judged.sentence
