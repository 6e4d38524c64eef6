"""Small tables as runs and experiments on rare cells write them, whose answers are known."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Type -> training cells and what each of its cells weighs, before all weights have mean 1.
TYPES = {
    "T cells": (200, 0.6),
    "Monocytes": (120, 0.8),
    "B cells": (60, 1.0),
    "NK cells": (25, 3.0),
    "Dendritic": (12, 5.0),
}
RARE = ("NK cells", "Dendritic")
ARMS = ("balanced", "marginal", "neighbours", "clusters")
#: What an arm gains over uniform: reconstruction (lower is better), then macro F1, rare recall.
GAINS = {
    "balanced": (0.006, -0.03, 0.08),
    "marginal": (0.002, -0.01, 0.0),
    "neighbours": (0.004, 0.0, 0.03),
    "clusters": (0.001, 0.002, 0.01),
}
METRICS = {"Pearson delta": "higher", "MSE": "lower", "R2 of change": "higher"}
PREDICTORS = {
    "latent arithmetic": ("model", 0.86),
    "nearest types": ("model", 0.89),
    "no change": ("baseline", 0.0),
    "mean shift": ("baseline", 0.81),
    "cell-weighted mean shift": ("baseline", 0.84),
    "nearest type's shift": ("baseline", 0.87),
}
SEEDS, GENES = 3, 80


def sampling_frames(
    *, replicates: int = 1, scheme: str = "neighbours", prefix: str = ""
) -> dict[str, pd.DataFrame]:
    """Return the three tables of a trained run that say what was drawn.

    Parameters
    ----------
    scheme
        ``uniform`` draws every cell equally often; others raise the rare types, and leave out
        some of the T cells.
    prefix
        Of the names of types and cells.
    """
    rng = np.random.default_rng(0)
    rows, log, masses = [], [], []
    centres = {name: 6 * np.array([np.cos(k), np.sin(k)]) for k, name in enumerate(TYPES)}
    for replicate in range(replicates):
        for name, (cells, weight) in TYPES.items():
            raised = weight * rng.lognormal(0, 0.3, cells)
            raised = np.ones(cells) if scheme == "uniform" else raised
            draws = np.round(20 * raised / raised.mean()).astype(int)
            if scheme != "uniform" and name == "T cells":
                draws[:7] = 0
            places = centres[name] + rng.normal(0, 0.8, (cells, 2))
            rows.append(
                pd.DataFrame(
                    {
                        "replicate": replicate,
                        "cell": [f"{prefix}{name} {k}" for k in range(cells)],
                        "cell_type": prefix + name,
                        "umap_1": places[:, 0],
                        "umap_2": places[:, 1],
                        "weight": raised,
                        "draws": draws,
                    }
                )
            )
    drawn = pd.concat(rows, ignore_index=True)
    drawn["weight"] /= drawn.groupby("replicate")["weight"].transform("mean")
    for replicate, own in drawn.groupby("replicate"):
        for epoch in (1,) if scheme == "uniform" else (1, 15, 30, 45, 60):
            part = min(epoch - 1, 45) / 45
            weight = part * own["weight"].to_numpy() + (1 - part)
            log.append((replicate, "fit", epoch, 1 / np.mean(weight**2), weight.max()))
            kinds = own["cell_type"].to_numpy()
            for name in dict.fromkeys(kinds):
                member = kinds == name
                share = member.mean()
                masses.append((replicate, epoch, name, int(member.sum()), share,
                               weight[member].sum() / len(weight)))  # fmt: skip
    return {
        "sampling": pd.DataFrame(
            log, columns=["replicate", "phase", "epoch", "effective_share", "most"]
        ),
        "sampling_mass": pd.DataFrame(
            masses, columns=["replicate", "epoch", "cell_type", "cells", "share", "mass"]
        ),
        "sampling_cells": drawn,
    }


def sampling_rows(frames: dict[str, pd.DataFrame], upto: int) -> list[dict[str, float | str]]:
    """Return the same as metrics of a run that has come to an epoch."""
    masses = frames["sampling_mass"].set_index(["replicate", "epoch", "cell_type"])["mass"]
    return [
        {
            "phase": row["phase"],
            "epoch": row["epoch"],
            "epoch_total": row["epoch"],
            "part": "sampling",
            "replicate": row["replicate"],
            "effective_share": row["effective_share"],
            "most": row["most"],
            **{f"mass/{name}": value
               for name, value in masses[row["replicate"], row["epoch"]].items()},
        }
        for row in frames["sampling"].to_dict("records")
        if row["epoch"] <= upto
    ]  # fmt: skip


def experiment_frames(*, prefix: str = "") -> dict[str, pd.DataFrame]:
    """Return the tables of an experiment in which only balanced cells help, and at a price."""
    names = {name: prefix + name for name in TYPES}
    comparison, scores, masses, log = [], [], [], []
    total = sum(cells for cells, _ in TYPES.values())
    for arm in ARMS:
        error, f1, recall = GAINS[arm]
        lines = [("reconstruction", "all", 0.43, error), ("reconstruction", "macro", 0.44, error),
                 ("reconstruction", "rare", 0.47, -error), ("macro F1", "all", 0.62, f1),
                 ("kNN accuracy", "all", 0.8, f1), ("recall", "rare", 0.32, recall)]  # fmt: skip
        lines += [("recall", names[name], 0.9 if name not in RARE else 0.3,
                   recall if name in RARE else -0.01) for name in TYPES]  # fmt: skip
        lines += [("reconstruction", names[name], 0.4, -error if name in RARE else error)
                  for name in TYPES]  # fmt: skip
        for metric, kind, uniform, change in lines:
            better = "lower" if metric == "reconstruction" else "higher"
            half = 0.4 * abs(change) if arm == "balanced" else 0.02
            low, high = change - half, change + half
            good = high < 0 if better == "lower" else low > 0
            bad = low > 0 if better == "lower" else high < 0
            verdict = "better" if good else "worse" if bad else "no difference seen"
            comparison.append((arm, metric, kind, uniform, uniform + change, change, low, high,
                               SEEDS, better, verdict))  # fmt: skip
    for arm in ("uniform", *ARMS):
        for seed in range(SEEDS):
            scores.append((arm, seed, "macro F1", "all", 0.6 + 0.01 * seed, "higher"))
            log.append((arm, seed, 1, 1.0 if arm == "uniform" else 0.6, 4.0))
            for name, (cells, weight) in TYPES.items():
                share = cells / total
                mass = share if arm == "uniform" else share * weight ** (1 - 0.2 * ARMS.index(arm))
                masses.append((arm, seed, names[name], cells, share, mass, int(arm == "marginal")))
    return {
        "arm_comparison": pd.DataFrame(
            comparison,
            columns=["arm", "metric", "cell_type", "uniform", "value", "difference", "low", "high",
                     "seeds", "better", "verdict"],
        ),
        "arm_scores": pd.DataFrame(
            scores, columns=["arm", "seed", "metric", "cell_type", "value", "better"]
        ),
        "arm_sampling": pd.DataFrame(
            log, columns=["arm", "seed", "epoch", "effective_share", "most"]
        ),
        "arm_mass": pd.DataFrame(
            masses, columns=["arm", "seed", "cell_type", "cells", "share", "mass", "never_drawn"]
        ),
        "answer": pd.DataFrame(
            {
                "sentence": ["Balanced by type recalls rare types better, and rebuilds all cells "
                             "worse. Nothing else differs from uniform."],
                "recommended": ["uniform"],
            }
        ),
    }  # fmt: skip


def unseen_frames(
    *, held_out: tuple[str, ...] = tuple(TYPES), arms: tuple[str, ...] = ("this run",),
    observed: bool = True, gene: str = "GENE",
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Return scores and genes of predictions for types whose treated cells were not seen.

    Parameters
    ----------
    observed
        Whether there are treated cells of these types to compare with.
    gene
        Begin of the names of genes.
    """
    rng = np.random.default_rng(1)
    scores, genes = [], []
    models = {name: level for name, (kind, level) in PREDICTORS.items() if kind == "model"}
    for place, name in enumerate(held_out):
        control = rng.uniform(0, 2, GENES)
        truth = rng.normal(0, np.where(np.arange(GENES) < 15, 1.2, 0.1))
        for arm in arms:
            for seed in range(SEEDS):
                for metric, better in METRICS.items():
                    for predictor, (kind, level) in PREDICTORS.items():
                        value = level - 0.02 * place + 0.005 * seed * (kind == "model")
                        value = 0.1 * (1 - value) if better == "lower" else value
                        for part, loss in (("", 0.0), (", DE genes", 0.03)):
                            scores.append((name, arm, predictor, kind, seed, metric + part,
                                           value - loss, better))  # fmt: skip
                for predictor, level in models.items():
                    said = level * truth + rng.normal(0, 0.1, GENES)
                    genes.append(
                        pd.DataFrame(
                            {
                                "held_out": name, "arm": arm, "predictor": predictor, "seed": seed,
                                "gene": [f"{gene}{k}" for k in range(GENES)], "control": control,
                                "observed": control + truth if observed else np.nan,
                                "predicted": control + said, "de": np.arange(GENES) < 15,
                            }
                        )
                    )  # fmt: skip
    columns = ["held_out", "arm", "predictor", "kind", "seed", "metric", "value", "better"]
    frames = {"unseen_genes": pd.concat(genes, ignore_index=True)}
    if observed:
        frames["unseen_scores"] = pd.DataFrame(scores, columns=columns)
    return frames


def unseen_experiment_frames() -> dict[str, pd.DataFrame]:
    """Return the tables of an experiment in which every type was held out in turn."""
    frames = unseen_frames(arms=("uniform", "clusters"))
    own = ["arm", "predictor", "kind", "metric"]
    told = frames["unseen_scores"].groupby(own, as_index=False)["value"].mean()
    frames["unseen_summary"] = told.assign(
        low=told["value"] - 0.01, high=told["value"] + 0.01, difference=told["value"] - 0.83,
        difference_low=told["value"] - 0.86, difference_high=told["value"] - 0.8,
    )  # fmt: skip
    frames["unseen_summary"]["verdict"] = "no difference seen"
    lower = frames["unseen_summary"]["metric"].str.startswith("MSE")
    frames["unseen_summary"]["better"] = lower.map({True: "lower", False: "higher"})
    frames["answer"] = pd.DataFrame(
        {"sentence": ["Nearest types predicts better than every baseline."], "recommended": [""]}
    )
    return frames
