"""What an experiment found, on a terminal: its answer and the comparison behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scdyn_core.cli.output import print_line, print_table

if TYPE_CHECKING:
    import pandas as pd

#: Rows about several types; those about one type are in the tables of the run.
_OVERALL = ("all", "macro", "rare")
_COMPARISONS = ("arm_comparison", "unseen_summary")


def print_answer(tables: Mapping[str, pd.DataFrame]) -> None:
    """Print the sentence and the comparison over all types."""
    for sentence in tables["answer"]["sentence"] if "answer" in tables else ():
        print_line(sentence)
    if "arm_comparison" in tables:
        rows = tables["arm_comparison"]
        _print_arms(rows[rows["cell_type"].isin(_OVERALL)])
    if "unseen_summary" in tables:
        _print_predictors(tables["unseen_summary"])


def answer_facts(tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the same for programs: the answer, and every row of the comparison."""
    facts: dict[str, Any] = {}
    if "answer" in tables:
        facts["answer"] = tables["answer"].to_dict(orient="records")[0]
    for name in _COMPARISONS:
        if name in tables:
            facts[name] = tables[name].to_dict(orient="records")
    return facts


def _print_arms(rows: pd.DataFrame) -> None:
    print_table(
        ("drawn", "metric", "of", "uniform", "value", "difference (95 %)", "verdict"),
        (
            (
                row["arm"],
                row["metric"],
                row["cell_type"],
                f"{row['uniform']:.3g}",
                f"{row['value']:.3g}",
                _interval(row["difference"], row["low"], row["high"]),
                row["verdict"],
            )
            for row in rows.to_dict(orient="records")
        ),
    )


def _print_predictors(rows: pd.DataFrame) -> None:
    """Print the metrics of all genes; a baseline, which no draws change, stands there once."""
    from scdyn_core.evaluation.response.metrics import ON_CHANGED

    rows = rows[~rows["metric"].str.endswith(ON_CHANGED)]
    repeated = (rows["kind"] == "baseline") & rows.duplicated(["predictor", "metric"])
    print_table(
        ("drawn", "predictor", "metric", "value", "to best baseline (95 %)", "verdict"),
        (
            (
                "" if row["kind"] == "baseline" else row["arm"],
                row["predictor"],
                row["metric"],
                f"{row['value']:.3g}",
                _interval(row["difference"], row["difference_low"], row["difference_high"]),
                row["verdict"],
            )
            for row in rows[~repeated].to_dict(orient="records")
        ),
    )


def _interval(value: float, low: float, high: float) -> str:
    return f"{value:+.2g} ({low:.2g}, {high:.2g})"
