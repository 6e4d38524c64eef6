"""The verdict on a screen: what stands out, what must stay empty, and what predicts better."""

import pandas as pd
import pytest

from dashboard._ui.perturbations_nulls import null_words
from dashboard._ui.perturbations_outcomes import Outcome, outcomes_of
from dashboard._ui.perturbations_screen import screen_words
from dashboard._ui.perturbations_verdict import prediction_verdict, screen_verdict
from tests.plots.synthetic_screen.tables import screen_tables

ATTACK = "![x](http://evil)"
WON = [Outcome("seen", "rank", "won", "ridge")]


def told(*, null: bool = True, **made: bool) -> pd.DataFrame:
    """A table of perturbations; ``name=visible``."""
    rows = [("NT", "control", False, 0.0), *([("NT2", "null control", False, 0.0)] * null)]
    rows += [(name, "single", seen, 2.0 - 0.1 * n) for n, (name, seen) in enumerate(made.items())]
    return pd.DataFrame(rows, columns=["perturbation", "kind", "visible", "shift_norm"])


def sets(frame: pd.DataFrame, **on: set[int]) -> dict[str, frozenset[int]]:
    return {name: frozenset(on.get(name, ())) for name in frame["perturbation"]}


def test_shared_targets_and_empty_controls_are_good_news() -> None:
    frame = told(A=True, B=True, C=True, D=False)
    judged = screen_verdict(frame, sets(frame, A={1}, B={1}, C={2}), WON)
    assert judged.news == "good"
    assert "3 of 4 perturbations shift a latent, **A**, **B** and **C** furthest" in judged.sentence
    assert "**A** and **B** share latent 1 and no other" in judged.sentence
    assert "The null control stayed empty, as it must. So did 1 perturbation" in judged.sentence


def test_a_null_control_with_a_latent_on_is_bad_news() -> None:
    frame = told(A=True)
    judged = screen_verdict(frame, sets(frame, A={1}, NT2={1, 2}), WON)
    assert judged.news == "bad"
    assert "The null control has 2 latents on" in judged.sentence


def test_without_a_null_control_nobody_claims_that_it_stayed_empty() -> None:
    frame = told(null=False, A=True)
    judged = screen_verdict(frame, sets(frame, A={1}), WON)
    assert "There is no null control" in judged.sentence


def test_targets_of_what_has_no_effect_are_called_out() -> None:
    frame = told(A=True, B=False, C=False)
    judged = screen_verdict(frame, sets(frame, A={1}, B={2}), WON)
    assert judged.news == "mixed"
    assert "Of 2 perturbations without a visible effect, 1 has a latent on (**B**)" in (
        judged.sentence
    )


def test_nothing_on_is_bad_news() -> None:
    frame = told(A=True)
    judged = screen_verdict(frame, sets(frame), WON)
    assert judged.news == "bad"
    assert "None of the 1 perturbation shifts a latent" in judged.sentence


@pytest.mark.parametrize(
    ("result", "news", "said"),
    [
        ("won", "good", "better than every baseline in *rank*"),
        ("tied", "mixed", "no better than the best baseline in *rank* (ridge)"),
        ("lost", "mixed", "**worse** in *rank* (ridge). Read its targets, not its predictions"),
        (
            "unclear",
            "mixed",
            "Too few have a visible effect to compare predictions of test",
        ),
    ],
)
def test_predictions_decide_with_the_targets(result: str, news: str, said: str) -> None:
    frame = told(A=True)
    outcome = Outcome("seen", "rank", result, "ridge", 3)  # type: ignore[arg-type]
    judged = screen_verdict(frame, sets(frame, A={1}), [outcome])
    assert judged.news == news
    assert said in judged.sentence


def test_a_baseline_that_is_right_beats_the_run() -> None:
    tables = screen_tables()
    scores = tables["prediction_scores"]
    right = (scores["model"] == "ridge on PCA") & (scores["metric"] == "weighted MSE")
    scores.loc[right, "value"] = 0.0
    found = outcomes_of(scores, tables["calibration"], tables["perturbations"])
    (lost,) = [one for one in found if (one.task, one.metric) == ("seen", "weighted MSE")]
    assert (lost.result, lost.rival) == ("lost", "ridge on PCA")
    assert {one.result for one in found if one.task == "held out"} == {"unclear"}
    assert [one.task for one in found] == sorted(
        (one.task for one in found), key=["seen", "held out", "combination"].index
    )


def test_a_second_measurement_is_no_rival_and_what_has_no_effect_is_not_scored() -> None:
    tables = screen_tables()
    scores, frame = tables["prediction_scores"], tables["perturbations"]
    duplicate = scores[scores["model"] == "technical duplicate"].assign(value=0.0)
    smoothed = duplicate.assign(model="interpolated duplicate")
    scores = pd.concat([scores[~scores.index.isin(duplicate.index)], duplicate, smoothed])
    before = outcomes_of(scores, tables["calibration"], frame)
    assert before
    assert not any("duplicate" in one.rival for one in before)
    none = outcomes_of(scores, tables["calibration"], frame.assign(visible=False))
    assert none == []
    blind = outcomes_of(scores, tables["calibration"].assign(headline=False), frame)
    assert blind == []


def test_hostile_names_are_shown_letter_by_letter() -> None:
    frame = told(**{ATTACK: True, "B": False})
    judged = screen_verdict(frame, sets(frame, **{ATTACK: {1}, "B": {1}}), [
        Outcome("seen", ATTACK, "lost", ATTACK), Outcome(ATTACK, "rank", "won", "x")
    ])  # fmt: skip
    assert "![x]" not in judged.sentence


def test_a_screen_is_described_with_its_weak_points() -> None:
    frame = screen_tables()["perturbations"]
    frame.loc[frame["perturbation"] == "G01", ["cells", "guide_agreement"]] = [12, 0.0]
    frame.loc[frame["perturbation"] == "G02", "knock_down"] = -0.1
    said = " ".join(screen_words(frame))
    assert "Fewer than 30 cells: **G01**" in said
    assert "Little agreement between guides (correlation below 0.2): **G01**" in said
    assert "Not so in **G02**" in said
    blind = " ".join(screen_words(frame.assign(knock_down=float("nan"))))
    assert "None of the targets is among the genes" in blind


def test_a_run_without_latents_is_judged_by_its_predictions() -> None:
    frame = told(A=True, B=True, C=False).rename(columns={"shift_norm": "e_distance"})
    judged = prediction_verdict(frame, WON)
    assert judged.news == "good"
    assert "2 of 3 perturbations have a visible effect, **A** and **B** the strongest" in (
        judged.sentence
    )
    assert "latent" not in judged.sentence
    lost = [Outcome("seen", "rank", "lost", ATTACK)]
    assert prediction_verdict(frame, lost).news == "bad"
    assert "Simpler methods" in prediction_verdict(frame, lost).sentence
    assert ATTACK not in prediction_verdict(frame, lost).sentence
    assert prediction_verdict(frame, [*WON, *lost]).news == "mixed"
    assert prediction_verdict(frame, []).news == "unknown"


@pytest.mark.parametrize(
    ("own", "said"),
    [(1.0, "invents nothing"), (1.1, "invents little"), (1.6, "invents an effect")],
)
def test_what_is_invented_where_nothing_was_seen_has_words(own: float, said: str) -> None:
    errors = pd.DataFrame(
        [("this run", "A", own), ("this run", "B", own), (ATTACK, "A", 1.2), (ATTACK, "B", 1.4)],
        columns=["model", "perturbation", "error"],
    )
    words = null_words(errors)
    assert words.startswith(f"For 2 perturbations without a visible effect, this run **{said}**")
    assert ("no other model invents less" in words) == (own < 1.3)
    assert ATTACK not in words
