"""The verdict on a network: what is beaten, and what is not, in plain words."""

import pandas as pd

from dashboard._ui.network_verdict import network_verdict

ATTACK = "![x](http://evil)"


def scores(*rows: tuple[str, str, str, float], better: str = "higher") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["reference", "model", "metric", "value"])
    return frame.assign(better=better)


def direct(run: float, shift: float) -> list[tuple[str, str, str, float]]:
    return [
        ("truth, direct", "this run", "AUPRC", run),
        ("truth, direct", "mean shift", "AUPRC", shift),
        ("truth, direct", "random", "AUPRC", 0.05),
    ]


def test_a_run_that_ranks_best_is_good_news() -> None:
    judged = network_verdict(scores(*direct(0.95, 0.81)))
    assert judged.news == "good"
    assert "the true direct effects better than every simpler way" in judged.sentence
    assert "AUPRC 0.95, mean shift 0.81" in judged.sentence


def test_a_baseline_that_is_not_beaten_is_named_with_both_values() -> None:
    judged = network_verdict(scores(*direct(0.79, 0.81)))
    assert judged.news == "bad"
    assert "**Mean shift ranks the true direct effects better than this run**" in judged.sentence
    assert "AUPRC 0.81 against 0.79" in judged.sentence
    assert "simpler network" in judged.sentence


def test_a_tie_is_not_won() -> None:
    judged = network_verdict(scores(*direct(0.8, 0.8)))
    assert judged.news == "bad"
    assert "as well as this run" in judged.sentence


def test_total_effects_are_judged_by_the_better_of_the_two_networks_of_the_run() -> None:
    total = [
        ("truth, total", "this run", "AUPRC", 0.5),
        ("truth, total", "this run, total effects", "AUPRC", 0.9),
        ("truth, total", "mean shift", "AUPRC", 0.7),
    ]
    judged = network_verdict(scores(*direct(0.7, 0.8), *total))
    assert judged.news == "mixed"
    assert "AUPRC 0.90, mean shift 0.70" in judged.sentence


def test_total_effects_do_not_count_for_direct_ones() -> None:
    rows = [*direct(0.7, 0.8), ("truth, direct", "this run, total effects", "AUPRC", 0.99)]
    assert network_verdict(scores(*rows)).news == "bad"


def test_where_lower_is_better_the_lowest_wins() -> None:
    rows = [("a prior", "this run", "AUPRC", 0.1), ("a prior", "mean shift", "AUPRC", 0.2)]
    assert network_verdict(scores(*rows, better="lower")).news == "good"


def test_without_anything_to_compare_with_nothing_is_claimed() -> None:
    alone = scores(("truth, direct", "this run", "AUPRC", 0.9))
    assert network_verdict(alone).news == "unknown"
    assert network_verdict(alone.iloc[:0]).news == "unknown"


def test_names_of_references_and_models_are_text() -> None:
    rows = [(ATTACK, "this run", "AUPRC", 0.1), (ATTACK, ATTACK, "AUPRC", 0.2)]
    assert ATTACK not in network_verdict(scores(*rows)).sentence


def simple(best: float) -> list[tuple[str, str, str, float]]:
    return [
        ("truth, direct", "mean shift", "AUPRC", best),
        ("truth, direct", "correlation", "AUPRC", 0.05),
        ("truth, direct", "random", "AUPRC", 0.1),
    ]


def test_where_there_are_only_simple_ways_the_best_is_named_beside_chance() -> None:
    judged = network_verdict(scores(*simple(0.8)))
    assert judged.news == "unknown"
    assert (
        "Mean shift ranks the true direct effects best of these networks (AUPRC 0.80, chance 0.10)"
        in judged.sentence
    )


def test_where_no_simple_way_beats_chance_that_is_said() -> None:
    judged = network_verdict(scores(*simple(0.09)))
    assert "None of these networks ranks the true direct effects better" in judged.sentence


def test_without_scores_it_is_said_what_is_missing() -> None:
    assert "scored against" in network_verdict(scores().assign(better=[])).sentence


def test_on_held_out_cells_as_many_edges_of_each_are_compared() -> None:
    rows = [
        ("held-out cells", "this run", "mean Wasserstein", 0.9),
        ("held-out cells", "mean shift", "mean Wasserstein", 0.1),
        ("held-out cells", "this run", "mean Wasserstein, top 100", 0.2),
        ("held-out cells", "mean shift", "mean Wasserstein, top 100", 0.4),
    ]
    judged = network_verdict(scores(*rows))
    assert judged.news == "bad"
    assert "of the 100 strongest edges 0.40 against 0.20" in judged.sentence
