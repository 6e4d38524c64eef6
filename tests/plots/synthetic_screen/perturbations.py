"""The table of perturbations: cells, knock-down, distance to the control."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

Values = NDArray[np.float64]


def perturbations_of(
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
