"""The best replicate of one run or of several, by a stated rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scdyn_core.evaluation.selection import (
    SelectionRule,
    merits,
    pareto_front,
    stability_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from scdyn_core.runs.run import Run

TABLE = "replicates"


def candidates_of(runs: Mapping[str, Run], rule: SelectionRule) -> pd.DataFrame:
    """Return one row a replicate of the runs that have the table ``replicates``.

    Parameters
    ----------
    runs
        Name of a run -> the run; trained on the same data, else their errors do not compare.
    rule
        How to weigh.

    Returns
    -------
    The columns of the table and ``run`` (name), ``name``, ``stability``, ``merit``, ``front``
    and ``chosen``; empty when no run has the table.
    """
    import pandas as pd

    frames = [
        run.table(TABLE).drop(columns="chosen").assign(run=name)
        for name, run in runs.items()
        if TABLE in run.tables
    ]
    if not frames:
        return pd.DataFrame()
    frame = pd.concat(frames, ignore_index=True)
    several = len(frames) > 1
    frame["name"] = [
        f"{name}, replicate {number + 1}" if several else f"replicate {number + 1}"
        for name, number in zip(frame["run"], frame["replicate"], strict=True)
    ]
    frame["stability"] = stability_of(frame, rule)
    frame["merit"] = merits(frame, rule)
    frame["front"] = pareto_front(frame, rule)
    frame["chosen"] = frame.index == frame["merit"].argmax()
    return frame


def same_question(runs: Mapping[str, Run]) -> dict[str, Run]:
    """Return the runs on the data, recipe and split of the first: only their errors compare."""
    questions = {
        name: (
            run.spec.dataset.fingerprint,
            run.spec.recipe.digest(),
            run.spec.method,
            run.spec.options.seed,
            run.spec.config.get("derivative"),
        )
        for name, run in runs.items()
    }
    first = next(iter(questions.values()), None)
    return {name: run for name, run in runs.items() if questions[name] == first}


def reason(candidates: pd.DataFrame, rule: SelectionRule) -> str:
    """Return in one sentence why the chosen candidate is the one."""
    best = candidates[candidates["chosen"]].iloc[0]
    facts = (
        f"explains {best['validation_derivative_share']:.1%} of the derivative on validation "
        f"cells with {int(best['active_terms'])} terms"
    )
    if best["stability"] == best["stability"]:
        of = {"field": "motion", "terms": "terms"}[rule.stability_of]
        facts += f" and {best['stability']:.0%} agreement of the {of} with the other replicates"
    if len(candidates) == 1:
        return f"The only candidate {facts}."
    least = candidates["validation_derivative_share"].max()
    fewest = candidates["active_terms"].min()
    records = [
        word
        for word, holds in (
            ("the least error", best["validation_derivative_share"] == least),
            ("the fewest terms", best["active_terms"] == fewest),
            ("the largest stability", best["stability"] == candidates["stability"].max()),
        )
        if holds
    ]
    having = f": it has {_listed(records)}" if records else ": a balance of the three"
    return f"It {facts}, the largest merit of {len(candidates)} candidates{having}."


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
