"""Which perturbations are alike, and a map of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tests.plots.synthetic_screen.responses import wide_table

Values = NDArray[np.float64]


def similarity_of(
    names: list[str], effect: Values, on: Values, responses: pd.DataFrame
) -> pd.DataFrame:
    observed = np.corrcoef(wide_table(responses, "log2_fold_change").loc[names[1:]].to_numpy())
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


def map_of(names: list[str], responses: pd.DataFrame) -> pd.DataFrame:
    wide = wide_table(responses, "log2_fold_change").loc[names[1:]].to_numpy()
    u, s, _ = np.linalg.svd(wide - wide.mean(axis=0), full_matrices=False)
    xy = u[:, :2] * s[:2]
    return pd.DataFrame({"perturbation": names[1:], "x": xy[:, 0], "y": xy[:, 1]})
