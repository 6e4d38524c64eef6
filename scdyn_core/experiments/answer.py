"""Does resampling help on these data? In plain words, also when nothing helps."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from scdyn_core.evaluation.representation.rows import ALL, RARE
from scdyn_core.experiments.arm_comparison import UNIFORM, is_headline
from scdyn_core.training.resampling.words import NAMES

COLUMNS = {
    "sentence": "what the comparison says",
    "recommended": "way of drawing cells that is recommended",
}
#: Characters of the name of a type that are worth reading here.
LONGEST = 40


def answer(comparison: pd.DataFrame, rare_cells: Mapping[str, int]) -> pd.DataFrame:
    """Return what a comparison of arms says: one row, ``sentence`` and ``recommended``.

    An arm is recommended where it tells rare types better, or rebuilds them better and all cells
    not worse, and where it is worse neither for rare types nor at telling types.

    Parameters
    ----------
    comparison
        As ``arm_comparison`` returns it.
    rare_cells
        Rare type -> its test cells in one split.
    """
    headlines = comparison[is_headline(comparison)]
    if headlines.empty or not rare_cells:
        return _row(
            "No rare type has test cells here, so there is nothing that drawing cells otherwise "
            "could be seen to help. Uniform is recommended.",
            UNIFORM,
        )
    gains = headlines[headlines["verdict"] == "better"]
    order = (gains["metric"] != "recall", -gains["difference"].abs())
    gains = gains.assign(first=order[0], second=order[1]).sort_values(["first", "second"])
    arms = list(dict.fromkeys(gains["arm"]))
    recommended = next((arm for arm in arms if _pays(comparison, arm)), UNIFORM)
    if recommended != UNIFORM:
        said = f"{_gain(comparison, recommended)} {_cost(comparison, recommended)}"
        said += f" {_name(recommended).capitalize()} is recommended where rare types matter."
    elif arms:
        said = f"{_gain(comparison, arms[0])} {_cost(comparison, arms[0])}"
        said += " That is more than it is worth: uniform is recommended."
    else:
        said = f"No way of drawing cells helped rare types beyond chance. {_closest(headlines)}"
        said += " Uniform is recommended."
    return _row(f"{said} {_limits(headlines, rare_cells)}", recommended)


def _pays(comparison: pd.DataFrame, arm: str) -> bool:
    """Return whether what an arm gains is worth what it costs."""
    told, rebuilt = _verdict(comparison, arm, "recall", RARE), _verdict(comparison, arm, "reconstruction", RARE)
    harmed = "worse" in (
        told,
        rebuilt,
        _verdict(comparison, arm, "kNN accuracy", ALL),
        _verdict(comparison, arm, "macro F1", ALL),
    )
    cheap = _verdict(comparison, arm, "reconstruction", ALL) != "worse"
    return not harmed and (told == "better" or (rebuilt == "better" and cheap))


def _gain(comparison: pd.DataFrame, arm: str) -> str:
    said = []
    for metric, words in (("recall", "finds more of the rare cells"),
                          ("reconstruction", "rebuilds rare cells better")):  # fmt: skip
        if _verdict(comparison, arm, metric, RARE) == "better":
            said.append(f"{words} ({_numbers(_find(comparison, arm, metric, RARE))})")
    return f"{_name(arm).capitalize()} {' and '.join(said)}."


def _cost(comparison: pd.DataFrame, arm: str) -> str:
    """Return what else an arm changes: the error of all cells always, the rest where it is worse."""
    said = []
    error = _find(comparison, arm, "reconstruction", ALL)
    if error is not None:
        word = "rises" if error["difference"] > 0 else "falls"
        sure = "" if error["verdict"] != "no difference seen" else ", within chance"
        said.append(f"The error of all cells {word} by {_change(error)}{sure}.")
    for metric, kind, words in (("recall", RARE, "it finds fewer of the rare cells"),
                                ("reconstruction", RARE, "it rebuilds rare cells worse"),
                                ("kNN accuracy", ALL, "types of all cells are told less well"),
                                ("macro F1", ALL, "types are told less well on average")):  # fmt: skip
        if _verdict(comparison, arm, metric, kind) == "worse":
            row = _find(comparison, arm, metric, kind)
            said.append(f"But {words} ({_numbers(row)}).")
    return " ".join(said)


def _closest(headlines: pd.DataFrame) -> str:
    """Return the largest gain that was seen, with its interval."""
    recall = headlines[(headlines["metric"] == "recall") & (headlines["difference"] > 0)]
    if recall.empty:
        return "None of them found more of the rare cells than uniform did."
    row = recall.sort_values("difference").iloc[-1]
    said = f"The largest gain in finding rare cells was that of {_name(row['arm'])}"
    doubt = "; too little for so many questions" if row["low"] > 0 else ""
    return f"{said} ({_numbers(row)}{doubt})."


def _limits(headlines: pd.DataFrame, rare_cells: Mapping[str, int]) -> str:
    """Return how much could have been seen at all."""
    pairs, cells = int(headlines["seeds"].max()), sum(rare_cells.values())
    each = ", ".join(f"{name[:LONGEST]} {number}" for name, number in rare_cells.items())
    said = f"This rests on {pairs} pairs of runs and {cells} rare test cells in each ({each})."
    recall = headlines[headlines["metric"] == "recall"]
    half = ((recall["high"] - recall["low"]) / 2).median()
    if half > 0:
        said += f" So few cells hide gains in recall below about {half:.2f}."
    return said


def _numbers(row: pd.Series) -> str:
    digits = 2 if row["metric"] in ("recall", "kNN accuracy", "macro F1") else 4
    shown = {name: f"{row[name]:.{digits}g}" if digits == 4 else f"{row[name]:.{digits}f}"
             for name in ("uniform", "value")}  # fmt: skip
    ends = [f"{row[name]:+.{digits}g}" if digits == 4 else f"{row[name]:+.{digits}f}"
            for name in ("low", "high")]  # fmt: skip
    what = "recall" if row["metric"] == "recall" else "error" if digits == 4 else row["metric"]
    return f"{what} {shown['uniform']} to {shown['value']}, difference {ends[0]} to {ends[1]}"


def _change(row: pd.Series) -> str:
    """Return the size of a difference of errors: a share of the error where it is positive."""
    size = abs(row["difference"])
    return f"{100 * size / row['uniform']:.1f} %" if row["uniform"] > 0 else f"{size:.3g}"


def _find(comparison: pd.DataFrame, arm: str, metric: str, cell_type: str) -> pd.Series | None:
    wanted = comparison[
        (comparison["arm"] == arm)
        & (comparison["metric"] == metric)
        & (comparison["cell_type"] == cell_type)
    ]
    return None if wanted.empty else wanted.iloc[0]


def _verdict(comparison: pd.DataFrame, arm: str, metric: str, cell_type: str) -> str:
    row = _find(comparison, arm, metric, cell_type)
    return "" if row is None else str(row["verdict"])


def _name(arm: str) -> str:
    return NAMES.get(arm, arm)


def _row(sentence: str, recommended: str) -> pd.DataFrame:
    return pd.DataFrame({"sentence": [sentence], "recommended": [recommended]})
