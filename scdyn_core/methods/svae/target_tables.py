"""Tables of targets: which latents each perturbation shifts, how surely, and how stably."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scdyn_core.evaluation.disentanglement.matching import cross_correlation
from scdyn_core.methods.method import Table
from scdyn_core.methods.perturbations.labels import Source
from scdyn_core.methods.svae.readout import Matrix, Readout
from scdyn_core.methods.svae.targets import Costs

TARGETS = {
    "replicate": "seed number",
    "perturbation": "name of the perturbation",
    "latent": "number of the latent, 1 shifted by most perturbations",
    "probability": "that the perturbation shifts the latent",
    "shift": "of the mean if it is shifted, sd of the latent within perturbations",
    "effect": "expected shift, sd of the latent within perturbations",
    "on": "whether the probability is above one half",
    "order": "place of the perturbation where similar ones are neighbours",
    "latent_order": "place of the latent",
}
MATRIX = {
    "perturbation": TARGETS["perturbation"],
    "latent": TARGETS["latent"],
    "effect": "expected shift, mean over replicates, sd of the latent within perturbations",
    "effect_sd": "standard deviation of the effect over replicates; empty for a single one",
    "probability": "mean over replicates",
    "stability": "share of the replicates in which it is on",
    "on": "whether it is on in most replicates",
}
#: Values of the sparsity at which the path is told, nats per cell.
PATH = np.geomspace(1e-3, 10.0, 41)


def majority(readouts: Sequence[Readout]) -> NDArray[np.bool_]:
    """Return the targets that most replicates have, shape ``(K, L)``."""
    return np.asarray(np.mean([each.on for each in readouts], axis=0) > 0.5)


def row_order(readouts: Sequence[Readout]) -> NDArray[np.int64]:
    """Return the place of every perturbation: by its strongest latent, then by how strong."""
    effect = np.mean([each.effect for each in readouts], axis=0)
    some = majority(readouts).any(axis=1)
    leading = np.abs(effect).argmax(axis=1)
    strength = np.take_along_axis(effect, leading[:, None], axis=1)[:, 0]
    ranked = np.lexsort((-strength, leading, ~some))
    return np.argsort(ranked)


def targets_table(readouts: Sequence[Readout], names: Sequence[str]) -> Table:
    """One row a replicate, perturbation and latent."""
    order = row_order(readouts)
    latents = readouts[0].shift.shape[1]
    frames = []
    for number, each in enumerate(readouts):
        frames.append(
            pd.DataFrame(
                {
                    "replicate": number,
                    "perturbation": np.repeat(np.array(names, dtype=object), latents),
                    "latent": np.tile(np.arange(1, latents + 1), len(names)),
                    "probability": each.chance.ravel(),
                    "shift": each.whole_shift.ravel(),
                    "effect": each.effect.ravel(),
                    "on": each.on.ravel(),
                    "order": np.repeat(order, latents),
                    "latent_order": np.tile(np.arange(latents), len(names)),
                }
            )
        )
    return Table(pd.concat(frames, ignore_index=True), TARGETS)


def matrix_table(readouts: Sequence[Readout], names: Sequence[str]) -> Table:
    """One row a perturbation and latent, replicates together."""
    effects = np.stack([each.effect for each in readouts])
    several = len(readouts) > 1
    latents = effects.shape[2]
    frame = pd.DataFrame(
        {
            "perturbation": np.repeat(np.array(names, dtype=object), latents),
            "latent": np.tile(np.arange(1, latents + 1), len(names)),
            "effect": effects.mean(axis=0).ravel(),
            "effect_sd": effects.std(axis=0, ddof=1).ravel() if several else np.nan,
            "probability": np.mean([each.chance for each in readouts], axis=0).ravel(),
            "stability": np.mean([each.on for each in readouts], axis=0).ravel(),
            "on": majority(readouts).ravel(),
        }
    )
    return Table(frame, MATRIX)


def latents_table(
    readouts: Sequence[Readout], label: NDArray[np.int64], genes: pd.DataFrame
) -> Table:
    """One row a latent: how many perturbations shift it, how stable it is, its genes."""
    on = majority(readouts)
    rows = []
    for latent in range(on.shape[1]):
        own = genes[genes["latent"] == latent + 1].sort_values("rank")
        rows.append(
            {
                "latent": latent + 1,
                "perturbations_on": int(on[:, latent].sum()),
                "spread": _spread(readouts[0].latent[:, latent], label),
                "stability": _stability([each.latent for each in readouts], latent),
                "top_up": ", ".join(own[own["effect"] > 0]["gene"].head(10)),
                "top_down": ", ".join(own[own["effect"] < 0]["gene"].head(10)),
            }
        )
    return Table(
        pd.DataFrame(rows),
        {
            "latent": TARGETS["latent"],
            "perturbations_on": "perturbations that shift it in most replicates",
            "spread": "sd over all cells divided by the sd within perturbations",
            "stability": "mean |correlation| with the same latent of other replicates; empty for "
            "a single one",
            "top_up": "genes that rise most with it",
            "top_down": "genes that fall most with it",
        },
    )


def path_table(
    readouts: Sequence[Readout], names: Sequence[str], cells: Matrix, costs: Costs
) -> Table:
    """One row a sparsity, replicate and perturbation: how many latents it would shift.

    Read from the shifts as they were learned: other sparsities in training move latents a little.
    """
    import torch

    grid = np.union1d(PATH, [costs.sparsity])
    counted = torch.as_tensor(cells)
    frames = []
    for number, each in enumerate(readouts):
        shift = torch.as_tensor(each.shift)
        for sparsity in grid:
            cost = Costs(float(sparsity), costs.relative, costs.chance).of(shift, counted).numpy()
            open_ = 0.5 * each.shift**2 > cost
            frames.append(
                pd.DataFrame(
                    {
                        "sparsity": sparsity,
                        "threshold": np.sqrt(2.0 * sparsity),
                        "replicate": number,
                        "perturbation": np.array(names, dtype=object),
                        "latents_on": [int(open_[own].any(axis=0).sum()) for own in each.members],
                        "chosen": sparsity == costs.sparsity,
                    }
                )
            )
    return Table(
        pd.concat(frames, ignore_index=True),
        {
            "sparsity": "cost of a target, nats per cell",
            "threshold": "smallest shift that stays on at it, sd",
            "replicate": "seed number",
            "perturbation": TARGETS["perturbation"],
            "latents_on": "latents it shifts at this sparsity, by the shifts as learned",
            "chosen": "whether it is the sparsity of this run",
        },
    )


def _spread(latent: Matrix, label: NDArray[np.int64]) -> float:
    within = pd.Series(latent).groupby(label).transform("mean")
    return float(latent.std() / max((latent - within.to_numpy()).std(), 1e-12))


def _stability(latents: Sequence[Matrix], column: int) -> float:
    own = np.column_stack([latent[:, column] for latent in latents])
    if own.shape[1] < 2:
        return float("nan")
    correlation = np.abs(cross_correlation(own, own))
    return float(correlation[np.triu_indices(len(correlation), 1)].mean())


def context_table(readouts: Sequence[Readout], sources: Sequence[Source]) -> Table:
    """One row a target in a context, or context by itself, and latent; replicates together.

    Parameters
    ----------
    sources
        Everything that may shift a latent, in the order of the rows of the shifts.
    """
    rows = [row for row, (_, context) in enumerate(sources) if context is not None]
    effect = np.stack([(each.shift * each.probability)[rows] for each in readouts])
    on = np.stack([each.probability[rows] > 0.5 for each in readouts])
    latents = effect.shape[2]
    named = [sources[row] for row in rows]
    frame = pd.DataFrame(
        {
            "perturbation": np.repeat(np.array([t or "" for t, _ in named], dtype=object), latents),
            "context": np.repeat(np.array([c for _, c in named], dtype=object), latents),
            "latent": np.tile(np.arange(1, latents + 1), len(rows)),
            "effect": effect.mean(axis=0).ravel(),
            "stability": on.mean(axis=0).ravel(),
            "on": (on.mean(axis=0) > 0.5).ravel(),
        }
    )
    return Table(
        frame,
        {
            "perturbation": "name of the target; empty for what the context does by itself",
            "context": "group of cells; the largest one is what others are compared with",
            "latent": TARGETS["latent"],
            "effect": "shift in this group beyond the shift elsewhere, mean over replicates, sd of "
            "the latent within perturbations",
            "stability": MATRIX["stability"],
            "on": MATRIX["on"],
        },
    )
