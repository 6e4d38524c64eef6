"""What changed in the cells of every perturbation, measured and predicted."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, ttest_ind

Values = NDArray[np.float64]


def responses_of(
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
        change = change_of(expression, learned, control & train)
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
                    "change_test": change_of(expression, own & test, control & test),
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


def change_of(expression: Values, chosen: Values, control: Values) -> Values:
    if not chosen.any():
        return np.full(expression.shape[1], np.nan)
    return expression[chosen].mean(axis=0) - expression[control].mean(axis=0)


def wide_table(responses: pd.DataFrame, column: str) -> pd.DataFrame:
    return responses.pivot(index="perturbation", columns="gene", values=column)
