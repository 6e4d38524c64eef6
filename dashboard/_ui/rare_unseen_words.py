"""What predictions for types never seen treated say, in sentences (Markdown, names escaped)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard._ui.text import count, listed, plain

if TYPE_CHECKING:
    import pandas as pd

HEADLINE = ("Pearson delta", "MSE")
PREDICTORS = {
    "latent arithmetic": "mean shift of the other types in the latents, decoded (as published)",
    "decoded difference": "the same, added to the control cells as the difference it makes: what "
    "the decoder gets wrong of a cell cancels",
    "nearest types": "decoded difference with the shift of the types whose control cells are "
    "nearest",
    "combined": "between nearest types and similar types' shift; how much of either, the seen "
    "types decide by predicting each other",
    "no change": "treated cells look like control cells",
    "mean shift": "mean change of the other types, gene by gene",
    "cell-weighted mean shift": "the same, every cell counting alike",
    "nearest type's shift": "change of the type whose control cells are nearest",
    "similar types' shift": "mean change of the other types, nearer ones counting more",
}


def real_prediction_words(genes: pd.DataFrame) -> str:
    """Say that nothing was measured to compare with."""
    names = [f"**{plain(name, 60)}**" for name in genes["held_out"].astype(str).unique()]
    return (
        f"There are no treated cells of {listed(names)}: this is a real prediction, with nothing "
        "measured to compare it with. How far such predictions can be believed on these data, an "
        "experiment says that holds out types with treated cells in turn."
    )


def predictor_words(predictors: pd.Series) -> str:
    """Say what every predictor does that is there, in a list."""
    there = set(predictors.astype(str))
    return "\n".join(f"- **{name}**: {does}" for name, does in PREDICTORS.items() if name in there)


def single_run_words(scores: pd.DataFrame) -> str:
    """Say whether the best predictor of one run beats the best baseline."""
    names = [f"**{plain(name, 60)}**" for name in scores["held_out"].astype(str).unique()]
    said = [
        words for metric in HEADLINE if (words := _compared(scores[scores["metric"] == metric]))
    ]
    models = count(int(scores["seed"].nunique()), "model")
    return (
        f"Treated cells of {listed(names)} were not trained on. {' '.join(said)} One type and "
        f"{models} say little about other types: the experiment holds out every type in turn."
    )


def _compared(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    lower = str(rows["better"].iloc[0]) == "lower"
    means = rows.groupby(["kind", "predictor"], sort=False, observed=True)["value"].mean().dropna()
    best = {}
    for kind in ("model", "baseline"):
        if kind not in means.index.get_level_values("kind"):
            return ""
        own = means[kind]
        name = own.idxmin() if lower else own.idxmax()
        best[kind] = str(name), float(own[name])
    (model, value), (baseline, rival) = best["model"], best["baseline"]
    won = value < rival if lower else value > rival
    return (
        f"In *{plain(rows['metric'].iloc[0])}*, **{plain(model)}** reaches {value:.3g} and the "
        f"best baseline, {plain(baseline)}, {rival:.3g}: the model is "
        f"{'better' if won else '**not better**'}."
    )
