"""The tables of a small run on a perturbation screen that fit together: planted targets.

Cells are drawn from planted programs, and what can be measured of them (changes, p values,
E-distances, scores) is measured; only what a model would learn is the truth with some noise.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, pearsonr, ttest_ind

Values = NDArray[np.float64]

CONTROL, NULL = "non-targeting", "non-targeting (null)"
REPLICATES = 5
CELLS, CONTROLS = 60, 180
#: Perturbations that share one program, the field's example of a pathway; the last acts by itself.
PATHWAY = 4
#: The chosen sparsity and the path around it, nats a cell.
PATH, CHOSEN = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0), 0.2
MODELS = ("this run", "control mean", "mean of perturbations", "training mean", "matching mean",
          "additive", "shrunken additive", "ridge on PCA", "technical duplicate")  # fmt: skip
METRICS = {"Pearson delta": "higher", "MSE": "lower", "weighted MSE": "lower",
           "top 20 Jaccard": "higher", "E-distance": "lower", "rank": "higher"}  # fmt: skip


def screen_tables(
    seed: int = 0,
    held_out: bool = True,
    truth: bool = True,
    *,
    singles: int = 14,
    combinations: int = 4,
    latents: int = 8,
    genes: int = 60,
    cells: int = CELLS,
    prefix: str = "",
) -> dict[str, pd.DataFrame]:
    """Every table of a finished run.

    Parameters
    ----------
    seed
        Of everything.
    held_out
        Whether two singles and one combination were kept from training.
    truth
        Whether the planted truth is told.
    singles, combinations, latents, genes, cells
        How many; cells are those of one perturbation, more or less.
    prefix
        Begins every name of a gene, a cell and a perturbation but not the label ``control`` of
        its kind; may be hostile.
    """
    tables = _tables(seed, held_out, singles, combinations, latents, genes, cells)
    tables = {name: frame.copy() for name, frame in tables.items()}
    if not truth:
        tables = {name: tables[name] for name in tables if not name.startswith("tru")}
    for frame in tables.values() if prefix else ():
        for column in ("perturbation", "perturbation_a", "perturbation_b", "gene", "cell"):
            if column in frame:
                frame[column] = ["+".join(prefix + one for one in name.split("+"))
                                 for name in frame[column]]  # fmt: skip
        for column in ("top_up", "top_down"):
            if column in frame:
                frame[column] = [", ".join(prefix + one for one in names.split(", "))
                                 for names in frame[column]]  # fmt: skip
    return tables


@cache
def _tables(
    seed: int, held_out: bool, singles: int, combinations: int, latents: int, genes: int, cells: int
) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    gene_names = np.array([f"G{number:02d}" for number in range(genes)])
    target_of = [f"G{number:02d}" if number % 7 else f"X{number:02d}" for number in range(singles)]
    pairs = [(one % singles, (one + PATHWAY + 1) % singles) for one in range(combinations)]
    names = [CONTROL, NULL, *target_of, *(f"{target_of[a]}+{target_of[b]}" for a, b in pairs)]
    kinds = ["control", "null control"] + ["single"] * singles + ["combination"] * combinations
    shifts = _shifts(rng, singles, pairs, latents)
    kept = {names[2 + singles - 2], names[2 + singles - 1], names[-1]} if held_out else set()

    sizes = rng.integers(cells - cells // 3, 2 * cells, len(names) - 1)
    label = np.repeat(np.arange(len(names)), [CONTROLS, *sizes])
    z = shifts[label] + rng.normal(0, 1, (len(label), latents))
    part = rng.choice(["train", "validation", "test"], len(label), p=[0.6, 0.2, 0.2])
    outside = np.isin(np.array(names)[label], list(kept))
    part = np.where(outside, rng.choice(["adapt", "test"], len(label)), part)
    loadings = _loadings(rng, latents, genes)
    expression, total = _expression(rng, z, loadings, label, names, gene_names)
    responses = _responses(names, gene_names, label, part, expression, kept, latents)
    measured = {name: all(one in gene_names for one in name.split("+")) for name in names}

    on = shifts != 0
    targets = _targets(rng, names, shifts)
    matrix = _target_matrix(targets)
    perturbations = _perturbations(
        rng, names, kinds, kept, label, part, measured, responses, expression, targets
    )
    effect = matrix.pivot(index="perturbation", columns="latent", values="effect").loc[names]
    majority = matrix.pivot(index="perturbation", columns="latent", values="on").loc[names]
    scores = _scores(names, kinds, kept, label, part, expression, responses)
    tables = {
        "perturbations": perturbations,
        "latents": _latents(rng, majority, loadings, gene_names, z, label),
        "targets": targets,
        "target_matrix": matrix,
        "latent_genes": _latent_genes(rng, loadings, gene_names),
        "sparsity_path": _sparsity_path(rng, names, shifts),
        "similarity": _similarity(names, effect.to_numpy(), majority.to_numpy(), responses),
        "similarity_map": _map(names, responses),
        "cells": pd.DataFrame(
            {
                "cell": [f"cell{number}" for number in range(len(label))],
                "part": part,
                "perturbation": np.array(names)[label],
                "umap_1": z[:, 0] + 0.5 * z[:, 2] + 0.2 * rng.normal(size=len(z)),
                "umap_2": z[:, 1 % latents] - 0.4 * z[:, -1] + 0.2 * rng.normal(size=len(z)),
                "total": total,
            }
        ),
        "latent": _latent(rng, z, part),
        "responses": responses,
        "prediction_scores": scores,
        "calibration": _calibration(scores),
        "truth": _truth(rng),
        "true_targets": pd.DataFrame(
            [(name, latent + 1, bool(on[row, latent]))
             for row, name in enumerate(names) for latent in range(latents)],
            columns=["perturbation", "latent", "on"],
        ),
    }  # fmt: skip
    if held_out:
        tables["held_out"] = _held_out(rng, perturbations)
    return tables


def _shifts(
    rng: np.random.Generator, singles: int, pairs: list[tuple[int, int]], latents: int
) -> Values:
    """Planted shifts: a pathway shares latent 1, the last quarter of the singles does nothing."""
    shifts = np.zeros((2 + singles + len(pairs), latents))
    for single in range(singles):
        if single < PATHWAY:
            shifts[2 + single, 0] = -2.6 + 0.2 * rng.normal()
        elif single < singles - max(1, singles // 4) or single == singles - 1:
            own = rng.choice(latents, min(latents, 1 + single % 2), replace=False)
            shifts[2 + single, own] = rng.choice([-1, 1], len(own)) * rng.uniform(1.2, 3, len(own))
    for row, (a, b) in enumerate(pairs):
        shifts[2 + singles + row] = shifts[2 + a] + shifts[2 + b]
    return shifts[:, np.argsort(-(shifts != 0).sum(axis=0), kind="stable")]


def _loadings(rng: np.random.Generator, latents: int, genes: int) -> Values:
    """Log change of every gene for one sd of a latent; a fifth of the genes each."""
    loadings = rng.normal(0, 0.02, (latents, genes))
    for latent in range(latents):
        own = rng.choice(genes, max(3, genes // 5), replace=False)
        loadings[latent, own] = rng.choice([-1, 1], len(own)) * rng.uniform(0.1, 0.35, len(own))
    return loadings


def _expression(
    rng: np.random.Generator, z: Values, loadings: Values, label: Values, names: list[str],
    genes: Values,
) -> tuple[Values, Values]:  # fmt: skip
    rate = rng.normal(1.2, 0.8, len(genes)) + z @ loadings
    for row, name in enumerate(names):
        for target in name.split("+"):
            rate[np.ix_(label == row, genes == target)] -= 1.4
    depth = rng.lognormal(0, 0.2, (len(z), 1))
    counts = rng.poisson(np.exp(rate) * depth)
    total = counts.sum(axis=1, keepdims=True)
    return np.log1p(counts / total * np.median(total)), total[:, 0]


def _change(expression: Values, chosen: Values, control: Values) -> Values:
    if not chosen.any():
        return np.full(expression.shape[1], np.nan)
    return expression[chosen].mean(axis=0) - expression[control].mean(axis=0)


def _responses(
    names: list[str], genes: Values, label: Values, part: Values, expression: Values,
    kept: set[str], latents: int,
) -> pd.DataFrame:  # fmt: skip
    control, train, test = label == 0, part == "train", part == "test"
    baseline = expression[control].mean(axis=0)
    level = np.expm1(expression[control]).mean(axis=0)
    frames = []
    for row, name in enumerate(names[1:], start=1):
        own = label == row
        p = ttest_ind(expression[own], expression[control], equal_var=False).pvalue
        learned = own & (np.isin(part, ["adapt"]) if name in kept else train)
        change = _change(expression, learned, control & train)
        frames.append(
            pd.DataFrame(
                {
                    "perturbation": name,
                    "gene": genes,
                    "control": baseline,
                    "log2_fold_change": np.log2(
                        (np.expm1(expression[own]).mean(axis=0) + 1e-3) / (level + 1e-3)
                    ),
                    "se": np.sqrt(
                        expression[own].var(axis=0, ddof=1) / own.sum()
                        + expression[control].var(axis=0, ddof=1) / control.sum()
                    ),
                    "p": p,
                    "p_adjusted": false_discovery_control(p),
                    "change_train": np.nan if name in kept else change,
                    "change_test": _change(expression, own & test, control & test),
                    "change_test_se": expression[own & test].std(axis=0, ddof=1)
                    / np.sqrt((own & test).sum()),
                    "predicted": change,
                }
            )
        )
    table = pd.concat(frames, ignore_index=True)
    wide = table.pivot(index="perturbation", columns="gene", values="predicted").fillna(0.0)
    u, s, v = np.linalg.svd(wide.to_numpy(), full_matrices=False)
    smooth = pd.DataFrame((u[:, :latents] * s[:latents]) @ v[:latents], wide.index, wide.columns)
    long = smooth.stack().rename("smooth").reset_index()
    smoothed = table[["perturbation", "gene"]].merge(long, on=["perturbation", "gene"])["smooth"]
    table["predicted"] = 0.4 * table["predicted"] + 0.6 * smoothed
    return table


def _targets(rng: np.random.Generator, names: list[str], shifts: Values) -> pd.DataFrame:
    """What replicates learned: the truth, weaker and sometimes missed."""
    order = _leaf_order(shifts)
    latent_order = np.argsort(np.argsort(-(shifts != 0).sum(axis=0), kind="stable"))
    frames = []
    for replicate in range(REPLICATES):
        shift = shifts * 0.95 + rng.normal(0, 0.12, shifts.shape)
        chance = 1 / (1 + np.exp(-(np.abs(shifts) - 1.0) * 4 + rng.normal(0, 0.8, shifts.shape)))
        chance[0] = 0.0
        frames.append(
            pd.DataFrame(
                {
                    "replicate": replicate,
                    "perturbation": np.repeat(names, shifts.shape[1]),
                    "latent": np.tile(np.arange(1, shifts.shape[1] + 1), len(names)),
                    "probability": chance.ravel(),
                    "shift": shift.ravel(),
                    "effect": (chance * shift).ravel(),
                    "on": (chance > 0.5).ravel(),
                    "order": np.repeat(order, shifts.shape[1]),
                    "latent_order": np.tile(latent_order, len(names)),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _leaf_order(shifts: Values) -> Values:
    """Order of display: by the strongest latent, the controls last."""
    strongest = np.abs(shifts).argmax(axis=1) + shifts.shape[1] * (np.abs(shifts).max(axis=1) == 0)
    rank = np.lexsort((shifts.min(axis=1), strongest))
    rank = np.concatenate([rank[rank > 1], [1, 0]])
    order = np.empty(len(shifts), dtype=int)
    order[rank] = np.arange(len(shifts))
    return order


def _target_matrix(targets: pd.DataFrame) -> pd.DataFrame:
    grouped = targets.groupby(["perturbation", "latent"], sort=False)
    table = grouped.agg(
        effect=("effect", "mean"), effect_sd=("effect", "std"), probability=("probability", "mean"),
        stability=("on", "mean"),
    ).reset_index()  # fmt: skip
    table["on"] = table["stability"] > 0.5
    return table


def _perturbations(
    rng: np.random.Generator, names: list[str], kinds: list[str], kept: set[str], label: Values,
    part: Values, measured: dict[str, bool], responses: pd.DataFrame, expression: Values,
    targets: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    rows = []
    control = expression[label == 0]
    for row, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        own = label == row
        mine = responses[responses["perturbation"] == name]
        target = mine[mine["gene"].isin(name.split("+"))]
        known = kind in ("single", "combination") and measured[name]
        distance, p = _e_distance(rng, expression[own], control) if row else (0.0, 1.0)
        fitted = targets[targets["perturbation"] == name].groupby("replicate")
        rows.append(
            {
                "perturbation": name,
                "kind": kind,
                "held_out": name in kept,
                "targets": name.count("+") + 1 if row > 1 else 0,
                "cells": int(own.sum()),
                "cells_train": int((own & (part == "train")).sum()),
                "cells_test": int((own & (part == "test")).sum()),
                "measured": known,
                "knock_down": target["log2_fold_change"].mean() if known else np.nan,
                "knock_down_p": target["p"].max() if known else np.nan,
                "guides": 3.0 if kind == "single" else np.nan,
                "guide_agreement": float(np.tanh(0.3 * distance + 0.1 * rng.normal()))
                if kind == "single"
                else np.nan,
                "e_distance": distance,
                "e_distance_p": p,
                "visible": False,
                "changed_genes": int((mine["p_adjusted"] < 0.05).sum()),
                "latents_on": fitted["on"].sum().mean(),
                "shift_norm": fitted["effect"].agg(np.linalg.norm).mean(),
            }
        )
    table = pd.DataFrame(rows)
    table["visible"] = false_discovery_control(table["e_distance_p"]) < 0.05
    return table


def _e_distance(rng: np.random.Generator, own: Values, control: Values) -> tuple[float, float]:
    """Distance of means as a stand-in for the E-distance, with a permutation p value."""
    both, n = np.concatenate([own, control]), len(own)

    def distance(order: Values) -> float:
        a, b = both[order[:n]], both[order[n:]]
        noise = a.var(axis=0).sum() / len(a) + b.var(axis=0).sum() / len(b)
        return float(((a.mean(axis=0) - b.mean(axis=0)) ** 2).sum() - noise)

    found = distance(np.arange(len(both)))
    random = np.array([distance(rng.permutation(len(both))) for _ in range(99)])
    return found, float((1 + (random >= found).sum()) / 100)


def _latents(
    rng: np.random.Generator, on: pd.DataFrame, loadings: Values, genes: Values, z: Values,
    label: Values,
) -> pd.DataFrame:  # fmt: skip
    within = np.array([z[label == one].std(axis=0) for one in np.unique(label)]).mean(axis=0)
    order = np.argsort(loadings, axis=1)
    return pd.DataFrame(
        {
            "latent": on.columns,
            "perturbations_on": on.sum(axis=0).to_numpy(),
            "spread": z.std(axis=0) / within,
            "stability": rng.uniform(0.8, 0.99, len(loadings)),
            "top_up": [", ".join(genes[row[::-1][:5]]) for row in order],
            "top_down": [", ".join(genes[row[:5]]) for row in order],
        }
    )


def _latent_genes(rng: np.random.Generator, loadings: Values, genes: Values) -> pd.DataFrame:
    frames = []
    for latent, row in enumerate(loadings, start=1):
        effect = row / np.log(2)
        frames.append(
            pd.DataFrame(
                {
                    "latent": latent,
                    "gene": genes,
                    "effect": effect,
                    "effect_sd": rng.uniform(0.01, 0.06, len(genes)),
                    "rank": np.argsort(np.argsort(-np.abs(effect))) + 1,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _sparsity_path(rng: np.random.Generator, names: list[str], shifts: Values) -> pd.DataFrame:
    rows = []
    for replicate in range(REPLICATES):
        seen = np.abs(shifts + rng.normal(0, 0.12, shifts.shape))
        rows += [
            (sparsity, float(np.sqrt(2 * sparsity)), replicate, name,
             int((seen[row] > np.sqrt(2 * sparsity)).sum()) if row else 0, sparsity == CHOSEN)
            for sparsity in PATH
            for row, name in enumerate(names)
        ]  # fmt: skip
    return pd.DataFrame(
        rows, columns=["sparsity", "threshold", "replicate", "perturbation", "latents_on", "chosen"]
    )


def _wide(responses: pd.DataFrame, column: str) -> pd.DataFrame:
    return responses.pivot(index="perturbation", columns="gene", values=column)


def _similarity(
    names: list[str], effect: Values, on: Values, responses: pd.DataFrame
) -> pd.DataFrame:
    observed = np.corrcoef(_wide(responses, "log2_fold_change").loc[names[1:]].to_numpy())
    rows = []
    for a in range(1, len(names)):
        for b in range(1, len(names)):
            length = np.linalg.norm(effect[a]) * np.linalg.norm(effect[b])
            either = (on[a] | on[b]).sum()
            nothing = not (on[a].any() and on[b].any())
            rows.append(
                {
                    "perturbation_a": names[a],
                    "perturbation_b": names[b],
                    "shift_cosine": np.nan if nothing else float(effect[a] @ effect[b] / length),
                    "response_correlation": observed[a - 1, b - 1],
                    "shared_targets": (on[a] & on[b]).sum() / either if either else np.nan,
                }
            )
    return pd.DataFrame(rows)


def _map(names: list[str], responses: pd.DataFrame) -> pd.DataFrame:
    wide = _wide(responses, "log2_fold_change").loc[names[1:]].to_numpy()
    u, s, _ = np.linalg.svd(wide - wide.mean(axis=0), full_matrices=False)
    xy = u[:, :2] * s[:2]
    return pd.DataFrame({"perturbation": names[1:], "x": xy[:, 0], "y": xy[:, 1]})


def _latent(rng: np.random.Generator, z: Values, part: Values) -> pd.DataFrame:
    frames = []
    for replicate in range(REPLICATES):
        frame = pd.DataFrame(
            z + rng.normal(0, 0.2, z.shape), columns=[f"z{one + 1}" for one in range(z.shape[1])]
        )
        frame.insert(0, "replicate", replicate)
        frame.insert(1, "cell", [f"cell{number}" for number in range(len(z))])
        frame.insert(2, "part", part)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _scores(
    names: list[str], kinds: list[str], kept: set[str], label: Values, part: Values,
    expression: Values, responses: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    observed, predicted = _wide(responses, "change_test"), _wide(responses, "predicted")
    train, se = _wide(responses, "change_train"), _wide(responses, "change_test_se")
    weight = (_wide(responses, "log2_fold_change") / _wide(responses, "se")) ** 2
    mean = train.mean()
    rows = []
    for row, (name, kind) in enumerate(zip(names[1:], kinds[1:], strict=True), start=1):
        task = "seen"
        if name in kept:
            task = "combination" if kind == "combination" else "held out"
        again = (label == row) & np.isin(part, ["validation", "adapt"])
        guesses = {
            "this run": predicted.loc[name],
            "control mean": 0 * mean,
            "mean of perturbations": mean,
            "technical duplicate": pd.Series(
                _change(expression, again, label == 0), responses["gene"].unique()
            ),
        }
        if task == "seen":
            own = train.loc[name]
            guesses |= {
                "training mean": own,
                "ridge on PCA": 0.7 * own + 0.3 * mean,
                "matching mean": 0.5 * own + 0.5 * mean,
            }
        if task == "combination":
            added = train.loc[name.split("+")[0]].fillna(0) * 2
            guesses |= {"additive": added, "shrunken additive": 0.7 * added}
        values = {
            model: _metrics(guess[observed.columns], name, observed, weight.loc[name], se.loc[name])
            for model, guess in guesses.items()
        }
        rows += [
            (task, model, name, metric, own[metric])
            for model, own in values.items()
            for metric in METRICS
        ]
    return pd.DataFrame(rows, columns=["task", "model", "perturbation", "metric", "value"])


def _metrics(
    guess: pd.Series, name: str, observed: pd.DataFrame, weight: pd.Series, se: pd.Series
) -> dict[str, float]:
    truth = observed.loc[name]
    error = (guess - truth) ** 2
    known, top = weight.nlargest(20).index, (guess.abs() / se).nlargest(20).index
    far = ((observed - guess) ** 2).mean(axis=1)
    return {
        "Pearson delta": pearsonr(guess, truth).statistic if guess.std() else np.nan,
        "MSE": error.mean(),
        "weighted MSE": float((error * weight).sum() / weight.sum()),
        "top 20 Jaccard": len(known.intersection(top)) / len(known.union(top)),
        "E-distance": error.sum() - (se**2).sum(),
        "rank": float((far.drop(name) > far[name]).mean()),
    }


def _calibration(scores: pd.DataFrame) -> pd.DataFrame:
    mean = scores[scores["task"] == "seen"].groupby(["metric", "model"])["value"].mean()
    wide = scores.pivot_table(index=["metric", "perturbation"], columns="model", values="value")
    rows = []
    for metric, better in METRICS.items():
        duplicate, own = mean[metric]["technical duplicate"], mean[metric]
        empty = float(np.nan_to_num(own.get("control mean", 0.0)))
        middle = float(own["mean of perturbations"])
        floor = max(empty, middle) if better == "higher" else min(empty, middle)
        perfect = 1.0 if better == "higher" else 0.0
        each = wide.loc[metric]
        sign = 1 if better == "higher" else -1
        share = (sign * (each["technical duplicate"] - each["mean of perturbations"]) > 0).mean()
        headline = metric in ("weighted MSE", "E-distance", "rank")
        rows.append(
            {
                "metric": metric,
                "better": better,
                "no_change": empty,
                "mean_perturbation": middle,
                "duplicate": float(duplicate),
                "dynamic_range": (duplicate - floor) / (perfect - floor),
                "share_duplicate_better": float(share),
                "verdict": "Tells a real measurement from the mean."
                if headline
                else "Cannot tell the mean of perturbations from a second measurement.",
                "headline": headline,
            }
        )
    return pd.DataFrame(rows)


def _truth(rng: np.random.Generator) -> pd.DataFrame:
    level = {"this run": 0.94, "iVAE + rotation": 0.92, "VAE + rotation": 0.9,
             "PCA + rotation": 0.86, "ICA": 0.72, "PCA": 0.46}  # fmt: skip
    quantities = ("MCC", "R2", "mask precision", "mask recall", "mask F1")
    return pd.DataFrame(
        [
            (quantity, model, replicate, float(np.clip(value + rng.normal(0, 0.01), 0, 1)))
            for quantity in quantities
            for model, value in level.items()
            for replicate in range(REPLICATES)
        ],
        columns=["quantity", "model", "replicate", "value"],
    )


def _held_out(rng: np.random.Generator, perturbations: pd.DataFrame) -> pd.DataFrame:
    own = perturbations[perturbations["held_out"]]
    rows = []
    for name, cells, on in own[["perturbation", "cells", "latents_on"]].itertuples(index=False):
        elbo = -150 + rng.normal(0, 3)
        gain = 0.5 + 2.5 * float(on)
        rows += [
            ("before", name, cells, elbo, elbo + rng.uniform(1, 2), 0.0),
            ("after", name, cells, elbo + gain, elbo + gain + rng.uniform(1, 2), float(on)),
        ]
    return pd.DataFrame(
        rows, columns=["stage", "perturbation", "cells", "elbo", "iwelbo", "latents_on"]
    )
