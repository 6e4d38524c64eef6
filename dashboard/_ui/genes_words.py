"""What baselines and predictions of a run say of it, one sentence for each comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.text import listed, plain

if TYPE_CHECKING:
    import pandas as pd

OWN = "this run"
#: From this share of the variance of levels explained, clusters are little but bands of level.
BANDS = 0.5
#: Adjusted Rand indices that differ by less are not told apart.
ALIKE = 0.02
#: Bands of 90 % that hold so much more or less than they should are called wrong, unless chance
#: could do it with so few genes.
COVERED, OFF = 0.9, 0.05


def baseline_words(baselines: pd.DataFrame) -> list[str]:
    """Return sentences (Markdown) about a run's table ``baselines``."""
    own = baselines[baselines["baseline"] == OWN]
    others = baselines[baselines["baseline"] != OWN]
    if own.empty or others.empty:
        return []
    words = [
        _truth(own.iloc[0], others)
        if "truth" in baselines and own["truth"].notna().all()
        else "Nobody knows the true classes of these genes: no number here says which clusters are "
        "right, only how reproducible they are, how alike, and what they sort by."
    ]
    stable = best_of(others, "halves")
    if stable is None:
        return words
    reached = f"{stable['halves']:.2f}, this run {own['halves'].iloc[0]:.2f}"
    if stable["halves"] > own["halves"].iloc[0]:
        words.append(
            f"**{plain(stable['baseline'])}** is more reproducible between halves of the cells "
            f"({reached})"
            + (
                f", but explains {stable['level_share']:.0%} of the differences in mean "
                "expression: reproducible because it sorts by level, which is not what is asked."
                if stable["level_share"] >= BANDS
                else "."
            )
        )
    rival = best_of(others[others["level_share"] < BANDS], "halves")
    if rival is not None and rival["baseline"] != stable["baseline"]:
        words.append(
            "Of the methods that do not sort by level, the most reproducible is "
            f"**{plain(rival['baseline'])}** ({rival['halves']:.2f})."
        )
    return words


def prediction_words(predictions: pd.DataFrame) -> list[str]:
    """Return a sentence (Markdown) for each task of a run's table ``predictions``."""
    from scdyn_core.evaluation.paired_errors import paired_errors

    compared = paired_errors(predictions, OWN)
    return [
        f"**{plain(str(task).capitalize())}**: {_compared(compared[compared['task'] == task])} "
        f"{_covered(predictions, task)}"
        for task in predictions["task"].unique()
        if (compared["task"] == task).any()
    ]


def best_of(others: pd.DataFrame, column: str) -> pd.Series | None:
    """Return the baseline with the largest value in a column; none where none is known."""
    known = others[others[column].notna()] if column in others else others.iloc[:0]
    return None if known.empty else known.loc[known[column].idxmax()]


def _truth(own: pd.Series, others: pd.DataFrame) -> str:
    best = others.loc[others["truth"].idxmax()]
    reached = f"{best['truth']:.2f} (adjusted Rand index), this run {own['truth']:.2f}"
    if own["truth"] - best["truth"] > ALIKE:
        return (
            ":material/check_circle: This run finds the planted classes best; the best simple "
            f"method, **{plain(best['baseline'])}**, reaches {reached}."
        )
    return (
        f":material/balance: **{plain(best['baseline'])}** finds the planted classes as well or "
        f"better: {reached}."
    )


def _compared(rows: pd.DataFrame) -> str:
    better, same = (rows[rows["better"] == sign] for sign in (1, 0))
    own = rows["own"].iloc[0]
    best = rows.iloc[0]
    against = f"(error {best['rmse']:.3f} at best, this run {own:.3f})"
    if len(better):
        return f":material/thumb_down: {_names(better)} predicted it better {against}."
    if len(same):
        return (
            f":material/balance: This run cannot be told from {_names(same)} {against}; the "
            "difference may be chance."
        )
    return f":material/check_circle: This run beats every simple method {against}."


def _names(rows: pd.DataFrame) -> str:
    return listed([f"**{plain(name)}**" for name in rows["model"]])


def _covered(predictions: pd.DataFrame, task: object) -> str:
    own = predictions[(predictions["model"] == OWN) & (predictions["task"] == task)]
    own = own.dropna(subset=["low", "high", "observed"])
    if own.empty:
        return ""
    share = own["observed"].between(own["low"], own["high"]).mean()
    told = f"Its 90 % bands hold {share:.1%} of the measured means"
    slack = max(OFF, 1.96 * (COVERED * (1 - COVERED) / len(own)) ** 0.5)
    if share < COVERED - slack:
        return f"{told}: too narrow, do not trust them."
    return f"{told}: too wide." if share > COVERED + slack else f"{told}, as they should."
