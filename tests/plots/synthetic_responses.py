"""The tables of a small run of gene responses that fit together: planted classes, two conditions.

Every gene has a level of its own that says nothing of its class, so clusters of levels are the
trap here as in real data.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

Values = NDArray[np.float64]

GENES = 120
TIMES = (0.0, 1.0, 3.0, 6.0, 12.0, 24.0)
DENSE = tuple(sorted({*TIMES, *np.linspace(0, 24, 49).tolist()}))
NOISE = 0.15
HIDDEN, LAST = 6.0, 24.0
#: The planted classes; the last does not respond.
CLASSES = ("early", "middle", "late", "falling", "flat")
K, SHOWN = len(CLASSES), range(2, 9)
_MODELS = {"this run": 0.10, "Gaussian process": 0.14, "ridge": 0.16, "random forest": 0.12,
           "linear": 0.22, "last value": 0.35}  # fmt: skip


def response_tables(
    *, gene: str = "GENE", group: str = "condition ", algorithms: Sequence[str] = ("mixture",)
) -> dict[str, pd.DataFrame]:
    """Every table of a finished run; ``gene`` and ``group`` begin the names of genes and groups."""
    tables = {name: frame.copy() for name, frame in _tables(tuple(algorithms)).items()}
    for frame in tables.values():
        if "gene" in frame:
            frame["gene"] = gene + frame["gene"].astype(str)
        if "group" in frame:
            named = frame["group"] != "all"
            frame["group"] = frame["group"].where(~named, group + frame["group"])
    top = tables["cluster_summary"]["top_genes"]
    tables["cluster_summary"]["top_genes"] = [
        ", ".join(gene + name for name in names.split(", ")) for names in top
    ]
    return tables


def shape(name: str, times: Sequence[float]) -> Values:
    """The response of a class, 0 at first and ±1 at its largest."""
    t = np.asarray(times, dtype=np.float64)
    return {
        "early": t * np.exp(1 - t),
        "middle": (t / 5) ** 2 * np.exp(2 - 2 * t / 5),
        "late": (1 - np.exp(-t / 8)) / (1 - np.exp(-3)),
        "falling": -(1 - np.exp(-t / 2)) / (1 - np.exp(-12)),
        "flat": np.zeros(len(t)),
    }[name]


@cache
def _tables(algorithms: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(4)
    names = np.array([str(number) for number in range(GENES)])
    truth = np.array([CLASSES[number % K] for number in range(GENES)])
    level, height = rng.uniform(1, 9, GENES), rng.uniform(0.8, 3, GENES)
    fitted = _fitted(names, truth, level, height)
    wide = fitted.pivot(index="gene", columns="time", values="fitted").loc[names]
    change = wide.to_numpy() - wide[[0.0]].to_numpy()
    observed = wide[list(TIMES)].to_numpy() + rng.normal(0, NOISE, (GENES, len(TIMES)))
    scaled = observed - observed.mean(axis=1, keepdims=True)
    scaled /= np.sqrt(scaled.var(axis=1, keepdims=True) + 2 * NOISE**2)
    again = scaled + rng.normal(0, 0.4, scaled.shape)
    kinetics = pd.DataFrame([kinetics_of(np.array(wide.columns), row) for row in change])
    genes = pd.DataFrame(
        {
            "gene": names,
            "part": rng.choice(["train", "validation", "test"], GENES, p=[0.6, 0.2, 0.2]),
            "level": level,
            "se": NOISE,
            "umap_1": scaled[:, 1] - scaled[:, -1],
            "umap_2": scaled[:, 3] + 0.3 * scaled[:, 0],
            "class_true": truth,
        }
    ).join(kinetics)
    cut = [_clusters(each, k, scaled, again, change, genes)
           for each in algorithms for k in SHOWN]  # fmt: skip
    clusters = pd.concat([one[0] for one in cut], ignore_index=True)
    choice = pd.DataFrame([one[1] for one in cut])
    choice["chosen"] = (choice["k"] == K) & (choice["algorithm"] == algorithms[0])
    mine = clusters.query("k == @K and algorithm == @algorithms[0]").set_index("gene")["cluster"]
    baselines, baseline_clusters = _baselines(observed, scaled, level, truth, mine.loc[names])
    return {
        "genes": genes,
        "curves": _curves(rng, names, observed, truth, level, height),
        "fitted": fitted,
        "clusters": clusters,
        "memberships": clusters.drop(columns="stability"),
        "cluster_curves": pd.concat([one[2] for one in cut], ignore_index=True),
        "cluster_summary": pd.concat([one[3] for one in cut], ignore_index=True),
        "choice_of_k": choice,
        "latent": pd.DataFrame(scaled, columns=[f"z{i + 1}" for i in range(len(TIMES))])
        .assign(replicate=0, gene=names),
        "baselines": baselines,
        "baseline_clusters": baseline_clusters,
        "predictions": _predictions(rng, genes, wide),
    }  # fmt: skip


def kinetics_of(times: Values, change: Values) -> dict[str, float]:
    """Largest change of a curve, and when it begins, peaks and is half lost."""
    top = int(np.abs(change).argmax())
    reached = np.flatnonzero(np.abs(change) >= np.abs(change[top]) / 2)[0]
    lost = np.flatnonzero(np.abs(change[top:]) < np.abs(change[top]) / 2)
    return {
        "change": change[top],
        "onset_time": times[reached],
        "peak_time": times[top],
        "half_life": times[top + lost[0]] - times[top] if len(lost) else np.nan,
    }


def _fitted(names: Values, truth: Values, level: Values, height: Values) -> pd.DataFrame:
    curves = [level[i] + height[i] * shape(truth[i], DENSE) for i in range(GENES)]
    fitted = np.concatenate(curves)
    return pd.DataFrame(
        {
            "gene": np.repeat(names, len(DENSE)),
            "time": np.tile(DENSE, GENES),
            "fitted": fitted,
            "low": fitted - 1.6 * NOISE,
            "high": fitted + 1.6 * NOISE,
            "measured": np.tile(np.isin(DENSE, TIMES), GENES),
        }
    )


def _curves(
    rng: np.random.Generator,
    names: Values,
    observed: Values,
    truth: Values,
    level: Values,
    height: Values,
) -> pd.DataFrame:
    """All cells, condition 1 that is as all, and condition 2 that answers half as much."""
    weak = np.array([level[i] + 0.5 * height[i] * shape(truth[i], TIMES) for i in range(GENES)])
    groups = {"all": observed, "1": observed, "2": weak}
    frames = [
        pd.DataFrame(
            {
                "gene": np.repeat(names, len(TIMES)),
                "group": group,
                "time": np.tile(TIMES, GENES),
                "cells": 300 if group == "all" else 170 - 40 * int(group),
                "expression": (means + rng.normal(0, 0.05, means.shape)).ravel(),
                "se": NOISE * (1 if group == "all" else 1.4),
                "offset": np.tile(0.1 * np.arange(len(TIMES)), GENES),
            }
        )
        for group, means in groups.items()
    ]
    return pd.concat(frames, ignore_index=True)


def _clusters(
    algorithm: str, k: int, scaled: Values, again: Values, change: Values, genes: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, object], pd.DataFrame, pd.DataFrame]:
    labels, halves = (_kmeans(data, k) for data in (scaled, again))
    peaks = [np.abs(change[labels == one].mean(axis=0)).argmax() for one in range(k)]
    labels = np.argsort(np.argsort(peaks, kind="stable"))[labels] + 1
    columns = {"algorithm": algorithm, "k": k}
    rows = pd.DataFrame(columns | {"gene": genes["gene"], "cluster": labels})
    far = np.linalg.norm(scaled - np.array([scaled[labels == own].mean(axis=0) for own in labels]),
                         axis=1)  # fmt: skip
    rows["membership"], rows["stability"] = np.exp(-0.2 * far), np.nan
    choice = columns | {
        "bic": float(GENES * np.log((far**2).mean()) + 20 * k)
        if algorithm != "k-means"
        else np.nan,
        "silhouette": silhouette_score(scaled, labels),
        "halves": adjusted_rand_score(labels, halves),
        "replicates": np.nan,
        "level_share": share_of_variance(genes["level"].to_numpy(), labels),
    }
    at = np.isin(DENSE, TIMES)
    curves, summary = [], []
    for one in range(1, k + 1):
        own, mean = change[labels == one], change[labels == one].mean(axis=0)
        low, high = np.quantile(own[:, at], [0.05, 0.95], axis=0)
        curves.append(
            pd.DataFrame(columns | {"cluster": one, "time": TIMES, "mean": mean[at], "low": low,
                                    "high": high})
        )  # fmt: skip
        inside = rows[rows["cluster"] == one].sort_values("membership", ascending=False)
        summary.append(
            columns
            | {"cluster": one, "size": len(inside), "membership": inside["membership"].mean(),
               "stability": np.nan, "halves": 0.8,
               **kinetics_of(np.array(DENSE), mean),
               "change": float(np.median(genes["change"][labels == one])),
               "top_genes": ", ".join(inside["gene"].head(8))}
        )  # fmt: skip
    return rows, choice, pd.concat(curves, ignore_index=True), pd.DataFrame(summary)


def share_of_variance(values: Values, labels: Values) -> float:
    """The share of the variance of values that groups explain."""
    means = pd.Series(values).groupby(np.asarray(labels)).transform("mean")
    return float(means.var() / values.var(ddof=1))


def _kmeans(data: Values, k: int) -> Values:
    return KMeans(k, n_init=3, random_state=0).fit_predict(data)


def _baselines(
    observed: Values, scaled: Values, level: Values, truth: Values, mine: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    data = {
        "k-means on z-scored means": scaled / scaled.std(axis=1, keepdims=True),
        "k-means on raw means": observed,
        "level only": level[:, None],
    }
    found = {"this run": mine.to_numpy()}
    found |= {name: _kmeans(values, K) + 1 for name, values in data.items()}
    rows = [
        {
            "baseline": name,
            "k": K,
            "halves": 0.95 if name == "level only" else 0.7,
            "silhouette": silhouette_score(scaled, labels),
            "agreement": adjusted_rand_score(mine, labels),
            "level_share": share_of_variance(level, labels),
            "truth": adjusted_rand_score(truth, labels),
        }
        for name, labels in found.items()
    ]
    each = [
        pd.DataFrame({"baseline": name, "gene": mine.index, "cluster": labels})
        for name, labels in found.items()
        if name != "this run"
    ]
    return pd.DataFrame(rows), pd.concat(each, ignore_index=True)


def _predictions(rng: np.random.Generator, genes: pd.DataFrame, wide: pd.DataFrame) -> pd.DataFrame:
    test = genes.loc[genes["part"] == "test", "gene"]
    frames = []
    for task, time, before in (("hidden time", HIDDEN, 3.0), ("forecast", LAST, 12.0)):
        known = wide.loc[test, time].to_numpy()
        observed = known + rng.normal(0, NOISE, len(test))
        for model, error in _MODELS.items():
            predicted = known + rng.normal(0, error, len(test))
            if model == "last value":
                predicted = wide.loc[test, before].to_numpy()
            width = (
                1.645 * np.hypot(error, NOISE)
                if model in ("this run", "Gaussian process")
                else np.nan
            )
            frames.append(
                pd.DataFrame({"task": task, "time": time, "model": model, "gene": test.to_numpy(),
                              "observed": observed, "predicted": predicted,
                              "low": predicted - width, "high": predicted + width, "se": NOISE})
            )  # fmt: skip
    return pd.concat(frames, ignore_index=True)
