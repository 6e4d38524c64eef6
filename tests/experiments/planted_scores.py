"""Scores of arms with planted differences, as an experiment would write them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

#: Metric and type -> value under uniform, its spread over pairs, whether higher is better.
MEASURES = {
    ("reconstruction", "all"): (0.40, 0.02, "lower"),
    ("reconstruction", "rare"): (0.50, 0.03, "lower"),
    ("kNN accuracy", "all"): (0.80, 0.02, "higher"),
    ("macro F1", "all"): (0.70, 0.03, "higher"),
    ("recall", "rare"): (0.30, 0.10, "higher"),
    ("recall", "common"): (0.95, 0.02, "higher"),
}
Gains = Mapping[tuple[str, str], float]


def arm_scores(arms: Mapping[str, Gains], pairs: int = 10, seed: int = 0) -> pd.DataFrame:
    """Return scores in which each arm differs from uniform by its gains and a little noise.

    What a pair has in common varies ten times as much as the arms of a pair.
    """
    rng = np.random.default_rng(seed)
    rows = []
    shared = {key: rng.normal(0, spread, pairs) for key, (_, spread, _) in MEASURES.items()}
    for arm, gains in {"uniform": {}, **arms}.items():
        for key, (value, spread, better) in MEASURES.items():
            noise = rng.normal(0, spread / 10, pairs)
            values = value + shared[key] + noise + gains.get(key, 0.0)
            rows += [(arm, pair, *key, values[pair], better) for pair in range(pairs)]
    return pd.DataFrame(rows, columns=["arm", "seed", "metric", "cell_type", "value", "better"])
