"""The best replicate of one run or several, and why."""

from pathlib import Path

import pytest

from scdyn_core.evaluation.selection import SelectionRule
from scdyn_core.runs.selection import candidates_of, reason, same_question
from tests.plots.synthetic_run import tables, write_run

RULE = SelectionRule()


def test_the_best_replicate_of_a_run_is_the_one_its_table_says(tmp_path: Path) -> None:
    run = write_run(tmp_path, replicates=3)
    candidates = candidates_of({"one": run}, RULE)
    assert list(candidates["name"]) == ["replicate 1", "replicate 2", "replicate 3"]
    assert candidates.loc[candidates["chosen"], "replicate"].tolist() == [2]
    words = reason(candidates, RULE)
    assert "42.0% of the derivative on validation cells with 9 terms" in words
    assert "the least error" in words


def test_runs_compete_with_each_other(tmp_path: Path) -> None:
    better = tables(replicates=2)
    better["replicates"]["validation_derivative_share"] += 0.3
    runs = {"old": write_run(tmp_path), "new": write_run(tmp_path, frames=better)}
    candidates = candidates_of(runs, RULE)
    assert len(candidates) == 4
    best = candidates[candidates["chosen"]].iloc[0]
    assert (best["run"], best["replicate"]) == ("new", 0)
    assert best["name"] == "new, replicate 1"


def test_weights_change_the_choice(tmp_path: Path) -> None:
    frames = tables(replicates=3)
    frames["replicates"]["active_terms"] = [3, 9, 9]
    run = write_run(tmp_path, replicates=3, frames=frames)
    for rule, best in ((SelectionRule(terms=0), 2), (SelectionRule(terms=2), 0)):
        candidates = candidates_of({"one": run}, rule)
        assert candidates["chosen"].to_numpy().argmax() == best
    assert "the fewest terms" in reason(candidates, rule)


def test_a_run_without_the_table_is_no_candidate(tmp_path: Path) -> None:
    frames = tables()
    del frames["replicates"]
    assert candidates_of({"old": write_run(tmp_path, frames=frames)}, RULE).empty


def test_only_runs_on_the_same_cells_compare(tmp_path: Path) -> None:
    one, two, other = write_run(tmp_path), write_run(tmp_path), write_run(tmp_path)
    options = other.spec.options.model_copy(update={"seed": 7})
    other.spec = other.spec.model_copy(update={"options": options})
    assert list(same_question({"a": one, "b": two, "c": other})) == ["a", "b"]


@pytest.mark.parametrize("replicates", [1, 2])
def test_reasons_are_whole_sentences(tmp_path: Path, replicates: int) -> None:
    candidates = candidates_of({"one": write_run(tmp_path, replicates=replicates)}, RULE)
    words = reason(candidates, RULE)
    assert words.endswith(".")
    assert "nan" not in words
