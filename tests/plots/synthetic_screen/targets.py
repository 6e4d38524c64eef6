"""What replicates learned of the latents: the truth, weaker and sometimes missed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tests.plots.synthetic_screen.planted import CHOSEN, PATH, REPLICATES

Values = NDArray[np.float64]


def targets_of(rng: np.random.Generator, names: list[str], shifts: Values) -> pd.DataFrame:
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


def target_matrix_of(targets: pd.DataFrame) -> pd.DataFrame:
    grouped = targets.groupby(["perturbation", "latent"], sort=False)
    table = grouped.agg(
        effect=("effect", "mean"), effect_sd=("effect", "std"), probability=("probability", "mean"),
        stability=("on", "mean"),
    ).reset_index()  # fmt: skip
    table["on"] = table["stability"] > 0.5
    return table


def sparsity_path_of(rng: np.random.Generator, names: list[str], shifts: Values) -> pd.DataFrame:
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


def latents_of(
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


def latent_genes_of(rng: np.random.Generator, loadings: Values, genes: Values) -> pd.DataFrame:
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


def latent_of(rng: np.random.Generator, z: Values, part: Values) -> pd.DataFrame:
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
