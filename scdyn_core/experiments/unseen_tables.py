"""The tables of the question how well unseen responses are predicted, and the answer in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from scdyn_core.evaluation.paired_differences import (
    PairedDifference,
    holm,
    paired_difference,
    verdict,
)
from scdyn_core.experiments.parts import Frames
from scdyn_core.methods.method import Table
from scdyn_core.training.resampling.words import NAMES

#: What the answer is about.
HEADLINE = "Pearson delta"
SCORES = {
    "held_out": "type whose treated cells were not trained on",
    "arm": "way of drawing cells",
    "predictor": "what predicts the response",
    "kind": "model or baseline",
    "seed": "number of the model, from 0; the same start and split in every arm",
    "metric": "what was measured on the treated cells of the type",
    "value": "in the unit of the metric",
    "better": "whether higher or lower is better",
}
GENES = {
    "held_out": "type whose treated cells were not trained on",
    "arm": "way of drawing cells",
    "predictor": "what predicts the response",
    "seed": "number of the model, from 0",
    "gene": "name of the gene",
    "control": "mean log-normalised expression of the untreated cells",
    "observed": "mean log-normalised expression of the treated cells",
    "predicted": "what was predicted for them",
    "de": "whether the gene is among those that change most in this type",
}
SUMMARY = {
    "arm": "way of drawing cells",
    "predictor": "what predicts the response",
    "kind": "model or baseline",
    "metric": "what was measured",
    "value": "mean over types, of means over seeds",
    "low": "lower end of its 95 % interval over types",
    "high": "upper end of it",
    "baseline": "the best baseline of this metric",
    "difference": "this predictor minus that baseline, on average over types",
    "difference_low": "lower end of its 95 % interval over types",
    "difference_high": "upper end of it",
    "types": "types held out",
    "seeds": "models of every type",
    "better": "whether higher or lower is better",
    "verdict": "against the best baseline, after correction for the number of models, or of "
    "baselines, of this metric (Holm, level .05)",
}
ANSWER = {"sentence": "what the experiment says", "recommended": "what predicts best"}
Better = Literal["higher", "lower"]


def answered(found: Frames) -> Mapping[str, Table]:
    """Return ``unseen_scores``, ``unseen_genes``, ``unseen_summary`` and ``answer``."""
    scores = found["unseen_scores"][list(SCORES)]
    summary = unseen_summary(scores)
    return {
        "unseen_scores": Table(scores, SCORES),
        "unseen_genes": Table(found["unseen_genes"][list(GENES)], GENES),
        "unseen_summary": Table(summary, SUMMARY),
        "answer": Table(unseen_answer(summary, scores), ANSWER),
    }


def unseen_summary(scores: pd.DataFrame) -> pd.DataFrame:
    """Return every predictor beside the best baseline of its arm, type by type.

    Models of one type from several seeds are averaged first: types are what the answer is to hold
    for, so intervals are over types (Student's t).
    """
    rows, p = [], []
    for (arm, metric), asked in scores.groupby(["arm", "metric"], sort=False):
        better: Better = "higher" if (asked["better"] == "higher").all() else "lower"
        by_type = asked.pivot_table(
            index="held_out", columns="predictor", values="value", sort=False
        )
        kinds = dict(zip(asked["predictor"], asked["kind"], strict=True))
        rival = _best_baseline(by_type, kinds, better)
        for predictor in by_type:
            own = paired_difference(by_type[predictor].to_numpy(), 0.0)
            gap = _nothing()
            if rival is not None:
                gap = paired_difference((by_type[predictor] - by_type[rival]).to_numpy(), 0.0)
            rows.append(
                {"arm": arm, "predictor": predictor, "kind": kinds[predictor], "metric": metric}
                | {"value": own.mean, "low": own.low, "high": own.high, "baseline": rival or ""}
                | {"difference": gap.mean, "difference_low": gap.low, "difference_high": gap.high}
                | {"types": own.pairs, "seeds": asked["seed"].nunique(), "better": better}
            )
            p.append(gap.p)
    summary = pd.DataFrame(rows, columns=list(SUMMARY))
    corrected = np.array(p, dtype=np.float64)
    # The best of many is ahead by luck alone: all that could have been the best count.
    for family in summary.groupby(["metric", "kind"]).indices.values():
        corrected[family] = holm(corrected[family])
    differences = zip(summary["difference"], corrected, summary["better"], strict=True)
    return summary.assign(verdict=[verdict(*each) for each in differences])


def _best_baseline(by_type: pd.DataFrame, kinds: Mapping[str, str], better: Better) -> str | None:
    """Return the baseline that is best on average."""
    means = {
        name: by_type[name].mean()
        for name, kind in kinds.items()
        if kind == "baseline" and name in by_type
    }
    if not means:
        return None
    return (max if better == "higher" else min)(means, key=lambda name: means[name])


def _nothing() -> PairedDifference:
    return PairedDifference(np.nan, np.nan, np.nan, 1.0, 0)


def unseen_answer(summary: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Return in words what predicts best, and against what."""
    asked = summary[summary["metric"] == HEADLINE].dropna(subset=["value"])
    models = asked[asked["kind"] == "model"]
    if models.empty:
        said = "No held-out type has treated cells to compare with."
        return pd.DataFrame({"sentence": [said], "recommended": [""]})
    best = models.sort_values("value").iloc[-1]
    baseline = asked[(asked["arm"] == best["arm"]) & (asked["predictor"] == best["baseline"])].iloc[
        0
    ]
    drawn = (
        ""
        if asked["arm"].nunique() == 1
        else f", cells drawn {NAMES.get(best['arm'], best['arm'])}"
    )
    said = (
        f"Over {best['types']} types held out in turn, the best prediction with a model is that of "
        f"“{best['predictor']}”{drawn}: its changes correlate {best['value']:.3f} with the "
        f"measured ones. The best baseline, “{best['baseline']}”, reaches {baseline['value']:.3f}"
    )
    if np.isfinite(best["difference_low"]):
        said += (
            f"; difference {best['difference']:+.3f}, 95 % interval over types "
            f"{best['difference_low']:+.3f} to {best['difference_high']:+.3f}"
        )
    words = {
        "better": "The model is better.",
        "worse": "The model is worse than what needs no model.",
        "no difference seen": "That may be chance between types"
        + (f", or luck of the best of {len(models)}." if len(models) > 1 else "."),
    }
    ahead = best["value"] > baseline["value"]
    recommended = str(best["predictor"] if ahead else best["baseline"])
    said += f". {words[best['verdict']]} {_hardest(scores, best)}"
    return pd.DataFrame({"sentence": [said], "recommended": [recommended]})


def _hardest(scores: pd.DataFrame, best: pd.Series) -> str:
    """Return which type is predicted worst."""
    own = scores[
        (scores["arm"] == best["arm"])
        & (scores["predictor"] == best["predictor"])
        & (scores["metric"] == HEADLINE)
    ]
    by_type = own.groupby("held_out")["value"].mean()
    worst = str(by_type.idxmin())
    return f"It is hardest for {worst[:40]} ({by_type.min():.3f})."
