"""Responses of types whose treated cells were never seen: how well are they predicted.

Blood cells with and without interferon beta (Kang et al. 2018, GSE96583): every type is held out in
turn, scGen is trained with every way of drawing cells from the same splits and starts, and every
predictor stands beside the baselines. Means over types and seeds; intervals over types. With
``--rare`` the type that follows the held-out one is left with 10 control and 10 treated cells.

    python -m benchmarks.rare_cells ../shared/data/ctrl_stim/kang_1556x1267.h5ad
        [--arms uniform balanced ...] [--seeds 3] [--seed 0] [--preset scdyn] [--epochs 100]
        [--rare] [--folder FOLDER] [--table FILE.csv]

With a folder, finished models are kept and a second call goes on where the first one stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import tempfile
from itertools import product
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table as Printed

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.load import load
from scdyn_core.evaluation.paired_differences import paired_difference
from scdyn_core.experiments.config import ALL_ARMS, Arm, UnseenExperiment
from scdyn_core.experiments.run import run_experiment
from scdyn_core.experiments.unseen import held_out_types
from scdyn_core.experiments.unseen_tables import unseen_summary
from scdyn_core.methods.method import MethodConfig
from scdyn_core.methods.scgen.method import Scgen
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.resampling.words import NAMES

METHOD = Scgen()
#: Control and treated cells that a rare type is left with, each.
LEFT = 10
NEAREST = "nearest type's shift"


def with_rare_type(dataset: Dataset, rare: str, seed: int) -> Dataset:
    """Return the dataset with few cells of one type."""
    obs = dataset.adata.obs
    types = obs[str(dataset.roles.cell_type)].astype(str).to_numpy()
    conditions = obs[str(dataset.roles.condition)].astype(str).to_numpy()
    rng = np.random.default_rng(seed)
    kept = types != rare
    for level in np.unique(conditions):
        own = np.flatnonzero((types == rare) & (conditions == level))
        kept[rng.choice(own, min(LEFT, len(own)), replace=False)] = True
    chosen = dataset.adata[kept].copy()
    return Dataset(chosen, dataset.roles, dataset.name, f"{dataset.fingerprint}-{rare}-{seed}")


def measured(
    dataset: Dataset, config: MethodConfig, arms: tuple[Arm, ...], seeds: int, first: int,
    rare: bool, folder: Path,
) -> pd.DataFrame:  # fmt: skip
    """Return ``unseen_scores`` of every type, arm and seed."""
    types = held_out_types(METHOD, config, dataset, ())
    frames = []
    for (number, name), arm in product(enumerate(types), arms):
        follows = types[(number + 1) % len(types)]
        own = with_rare_type(dataset, follows, first) if rare else dataset
        asked = f"{own.fingerprint} {config.model_dump_json()} {arm} {seeds} {first} {rare} {name}"
        place = folder / hashlib.sha256(asked.encode()).hexdigest()[:16]
        kept = place / "unseen_scores.parquet"
        if not kept.is_file():
            question = UnseenExperiment(types=(name,), arms=(arm,), seeds=seeds)
            options = TrainingOptions(seed=first, device="cpu", threads=1)
            tables = run_experiment(
                METHOD, config, own, question, options, place / "parts", SilentReporter()
            )
            place.mkdir(parents=True, exist_ok=True)
            tables["unseen_scores"].frame.to_parquet(kept, index=False)
        frames.append(pd.read_parquet(kept))
    return pd.concat(frames, ignore_index=True)


def show(scores: pd.DataFrame, console: Console) -> None:
    """Print all arms and predictors, each beside the shift of the nearest type and beside uniform.

    Differences are of the correlation of changes; both intervals are over types, after the mean
    over seeds.
    """
    summary = unseen_summary(scores).set_index(["arm", "predictor", "metric"])
    asked = scores[scores["metric"] == "Pearson delta"].pivot_table(
        index="held_out", columns=["arm", "predictor"], values="value", sort=False
    )
    metrics = list(dict.fromkeys(scores["metric"]))
    printed = Printed(title="Responses of unseen types")
    heads = ["drawn", "predictor", *metrics, f"to {NEAREST}", "to uniform"]
    for head in heads:
        printed.add_column(head, overflow="fold")
    baselines = set(scores.loc[scores["kind"] == "baseline", "predictor"])
    # Baselines train nothing: they are the same however cells are drawn.
    repeated = asked.columns.get_level_values("arm") != scores["arm"].iloc[0]
    repeated &= asked.columns.get_level_values("predictor").isin(baselines)
    asked = asked.loc[:, ~repeated]
    for arm, predictor in asked.columns:
        own = asked[arm, predictor]
        values = [f"{summary.loc[(arm, predictor, each), 'value']:.4f}" for each in metrics]
        nearest = _interval(own - asked[scores["arm"].iloc[0], NEAREST])
        drawn = ("uniform", predictor)
        uniform = _interval(own - asked[drawn]) if drawn in asked and arm != "uniform" else ""
        printed.add_row(NAMES[arm], predictor, *values, nearest, uniform)
    console.print(printed)
    by_type = asked.T.round(3).to_string()
    console.print("Pearson delta by type", by_type, sep="\n", markup=False, highlight=False)


def _interval(differences: pd.Series) -> str:
    found = paired_difference(differences.to_numpy(), 0.0)
    return f"{found.mean:+.4f} [{found.low:+.4f}, {found.high:+.4f}]"


def main() -> None:
    """Read the arguments, train and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path)
    parser.add_argument("--arms", nargs="+", choices=ALL_ARMS, default=["uniform"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--preset", choices=tuple(METHOD.presets), default="scdyn")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--rare", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--table", type=Path)
    asked = parser.parse_args()
    config = METHOD.presets[asked.preset]
    if asked.epochs is not None:
        config = config.model_copy(update={"epochs": asked.epochs})
    with tempfile.TemporaryDirectory() as spare:
        scores = measured(
            load(asked.file), config, tuple(asked.arms), asked.seeds, asked.seed, asked.rare,
            asked.folder or Path(spare),
        )  # fmt: skip
    if asked.table:
        scores.to_csv(asked.table, index=False)
    show(scores, Console(width=220))


if __name__ == "__main__":
    main()
