"""What a run on a screen found, in sentences (Markdown, names escaped)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from dashboard._ui.perturbations_outcomes import TASKS
from dashboard._ui.text import count, listed, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from dashboard._ui.perturbations_outcomes import Outcome

#: Names in a sentence; the others are counted.
MOST_NAMES = 5


def standing_out(told: pd.DataFrame, sets: Mapping[str, frozenset[int]]) -> str:
    """Say how many perturbations shift a latent, and which share theirs."""
    made = told[told["kind"].isin(["single", "combination"])]
    moved = made[[bool(sets[str(name)]) for name in made["perturbation"]]]
    if moved.empty:
        return (
            f"**None of the {count(len(made), 'perturbation')} shifts a latent**: at this sparsity "
            "the model sees no effect."
        )
    furthest = moved.sort_values("shift_norm", ascending=False)["perturbation"]
    words = (
        f"{len(moved):,} of {count(len(made), 'perturbation')} "
        f"{'shifts' if len(moved) == 1 else 'shift'} a latent, {named(list(furthest[:3]))} "
        f"{'furthest' if len(moved) > 1 else 'alone'}"
    )
    alike = _alike(list(furthest), sets)
    if len(alike) > 1:
        latents = listed([str(number) for number in sorted(sets[alike[0]])])
        noun = "latent" if len(sets[alike[0]]) == 1 else "latents"
        words += f"; {named(alike)} share {noun} {latents} and no other"
    return words + "."


def visible_words(told: pd.DataFrame) -> str:
    """Say how many perturbations have an effect that can be seen, and the strongest."""
    made = told[told["kind"].isin(["single", "combination"])]
    seen = made[made["visible"]].sort_values("e_distance", ascending=False)
    if seen.empty:
        return f"**None of the {count(len(made), 'perturbation')} has a visible effect.**"
    names = [str(name) for name in seen["perturbation"]]
    return (
        f"{len(seen):,} of {count(len(made), 'perturbation')} "
        f"{'has' if len(seen) == 1 else 'have'} a visible effect, {named(names[:3])} "
        f"{'the strongest' if len(seen) > 1 else 'alone'}."
    )


def empty_words(told: pd.DataFrame, sets: Mapping[str, frozenset[int]]) -> list[str]:
    """Say whether the null control and the perturbations without an effect stayed empty."""
    words = []
    nulls = told[told["kind"] == "null control"]
    if nulls.empty:
        words.append("There is no null control: nothing shows what would be on by chance.")
    elif latents := null_latents(told, sets):
        words.append(
            f"**The null control has {count(latents, 'latent')} on**, though nothing was done to "
            "these cells: do not believe single targets."
        )
    else:
        words.append("The null control stayed empty, as it must.")
    made = told[told["kind"].isin(["single", "combination"])]
    unseen = made.loc[~made["visible"], "perturbation"].astype(str)
    shifted = [name for name in unseen if sets[name]]
    if len(unseen) == 0:
        return words
    if shifted:
        words.append(
            f"Of {count(len(unseen), 'perturbation')} without a visible effect, {len(shifted):,} "
            f"{'has' if len(shifted) == 1 else 'have'} a latent on ({named(shifted)})."
        )
    else:
        words.append(
            "So did " + ("all " if len(unseen) > 1 else "")
            + count(len(unseen), "perturbation") + " without a visible effect."
        )  # fmt: skip
    return words


def outcome_words(outcomes: Sequence[Outcome]) -> list[str]:
    """Say for each task what the run predicts better than its baselines, and what not."""
    if not outcomes:
        return ["Its predictions were not compared with any baseline on a metric that can be "
                "read here."]  # fmt: skip
    words, unclear = [], []
    for task in dict.fromkeys(outcome.task for outcome in outcomes):
        own = [outcome for outcome in outcomes if outcome.task == task]
        told, what = _compared(own), TASKS.get(task, plain(task))
        if told:
            words.append(f"Predicting {what}, it is {told}.")
        else:
            unclear.append(f"{what} ({max(outcome.perturbations for outcome in own):,})")
    if unclear:
        words.append(f"Too few have a visible effect to compare predictions of {listed(unclear)}.")
    return words


def null_latents(told: pd.DataFrame, sets: Mapping[str, frozenset[int]]) -> int:
    """Return how many latents cells that nothing was done to have on."""
    nulls = told.loc[told["kind"] == "null control", "perturbation"]
    return sum(len(sets[str(name)]) for name in nulls)


def named(names: Sequence[str]) -> str:
    """Return the first names in bold, and how many there are besides."""
    shown = [f"**{plain(name, 60)}**" for name in names[:MOST_NAMES]]
    more = len(names) - len(shown)
    return listed([*shown, f"{more:,} more"] if more else shown)


def _alike(names: Sequence[str], sets: Mapping[str, frozenset[int]]) -> list[str]:
    """Return the most perturbations that shift exactly the same latents."""
    groups: defaultdict[frozenset[int], list[str]] = defaultdict(list)
    for name in names:
        groups[sets[str(name)]].append(str(name))
    return max(groups.values(), key=len)


def _compared(outcomes: Sequence[Outcome]) -> str:
    told = []
    for result, words in (
        ("won", "better than every baseline in {}"),
        ("tied", "no better than the best baseline in {}"),
        ("lost", "**worse** in {}"),
    ):
        own = [one for one in outcomes if one.result == result]
        names = [
            f"*{plain(one.metric)}*" + ("" if result == "won" else f" ({plain(one.rival)})")
            for one in own
        ]
        if own:
            told.append(words.format(listed(names)))
    return "; ".join(told)
