"""Does drawing cells otherwise help rare types? Every arm against uniform, in paired runs.

``pbmc``: ``scanpy.datasets.pbmc68k_reduced()``, 700 blood cells of ten types, of which three have
fewer than 3 % of the cells. Its log values are ``log(1 + 10,000 count / total)``, so the counts are
known again from them. scVI reads the counts; scGen reads the log values, and its second condition
is every other cell, of which the network knows nothing.

``simulated``: the simulator ``rare`` of scdyn, in which one rare type has genes of its own, one is
faint, and one is rare only jointly.

Models: scGen with the weight of the divergence that scdyn gives it (.1), and with .3, under which
latents that few cells need are given up; and scVI.

Uniform and every arm have the same splits, starts and numbers of steps. Beside the comparison
stands what other ways of reading the same cells find of the rare types on the same splits: nearest
neighbours among 20 principal components, and linear discriminants of 50 with equal priors, which
are shown the types.

    python -m benchmarks.rare_recall [--data pbmc simulated] [--pairs 10] [--seed 100]
        [--models scgen "scgen, strong prior" scvi] [--arms balanced clusters ...]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from rich.console import Console

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators.registry import simulate
from scdyn_core.evaluation.representation.nearest_neighbours import label_scores, nearest_labels
from scdyn_core.evaluation.representation.rows import rare_types
from scdyn_core.experiments.arm_comparison import ACCURACY, ERROR, F1, RARE_ERROR, RARE_RECALL
from scdyn_core.experiments.config import ALL_ARMS, ResamplingExperiment
from scdyn_core.experiments.fitting import pair_seed
from scdyn_core.experiments.run import run_experiment
from scdyn_core.methods.method import MethodConfig, TrainedMethod
from scdyn_core.methods.registry import method_by_key
from scdyn_core.methods.scgen.config import ScgenConfig
from scdyn_core.methods.scvi.config import ScviConfig
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.options import TrainingOptions

#: Share of the cells below which a type is rare.
RARE_SHARE = 0.03
#: Small networks for few cells; test parts large enough to hold some rare cells.
_SCGEN = ScgenConfig(hidden=64, latents=10, epochs=80, test=0.25)
MODELS: dict[str, tuple[str, MethodConfig]] = {
    "scgen": ("scgen", _SCGEN),
    "scgen, strong prior": ("scgen", _SCGEN.model_copy(update={"weight_kl": 0.3})),
    "scvi": ("scvi", ScviConfig(hidden=64)),
}
SHOWN = (RARE_RECALL, RARE_ERROR, ERROR, ACCURACY, F1)


def pbmc() -> Dataset:
    """Return blood cells with log values in ``X`` and their counts in a layer."""
    import anndata
    import scanpy

    with warnings.catch_warnings():
        # The file that scanpy ships is older than the anndata that reads it.
        warnings.simplefilter("ignore")
        stored = scanpy.datasets.pbmc68k_reduced()
    values = np.asarray(stored.raw.X.todense(), dtype=np.float64)
    counts = np.expm1(values) * stored.obs["n_counts"].to_numpy()[:, None] / 1e4
    whole = np.round(counts)
    assert np.abs(counts - whole).max() < 0.2, "log values are not of counts"
    adata = anndata.AnnData(
        values.astype(np.float32),
        obs=pd.DataFrame(
            {
                "cell_type": stored.obs["bulk_labels"].astype(str),
                "half": np.where(np.arange(len(values)) % 2, "odd", "even"),
            },
            index=stored.obs_names,
        ),
        var=pd.DataFrame(index=stored.raw.var_names),
        layers={"counts": whole.astype(np.float32)},
    )
    roles = Roles(cell_type="cell_type", condition="half", control_condition="even",
                  counts="counts")  # fmt: skip
    return Dataset(adata, roles, "pbmc68k_reduced", "")


def simulated(seed: int) -> Dataset:
    """Return generated cells, as log values of counts in a thousand and as counts."""
    import scanpy

    adata = simulate("rare", seed)
    adata.layers["counts"] = adata.X.astype(np.float32)
    adata.X = adata.layers["counts"].toarray()
    scanpy.pp.normalize_total(adata, target_sum=1e3)
    scanpy.pp.log1p(adata)
    roles = Roles(cell_type="cell_type", condition="condition", control_condition="control",
                  counts="counts")  # fmt: skip
    return Dataset(adata, roles, "rare", "")


def other_readings(
    method: TrainedMethod, config: MethodConfig, dataset: Dataset, seed: int, pairs: int
) -> pd.DataFrame:
    """Return recall of rare types and accuracy without any network, on average over the splits."""
    from sklearn.decomposition import PCA
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    types = dataset.adata.obs[dataset.roles.cell_type].astype(str)
    rare, x = rare_types(types, RARE_SHARE), np.asarray(dataset.adata.X)
    names, found = types.to_numpy(dtype=str), []
    for pair in range(pairs):
        split = method.split(dataset, config, pair_seed(seed, pair))
        pca = PCA(50, random_state=0).fit(x[split.train])
        train, test = pca.transform(x[split.train]), pca.transform(x[split.test])
        voters, true = names[split.train], names[split.test]
        equal = np.full(len(set(voters)), 1 / len(set(voters)))
        discriminants = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto", priors=equal)
        for reading, told in (
            ("20 components, nearest cells", nearest_labels(train[:, :20], voters, test[:, :20])),
            ("discriminants, shown the types", discriminants.fit(train, voters).predict(test)),
        ):
            found.append(label_scores(true, told, rare).assign(reading=reading))
    table = pd.concat(found)
    table = table[table["cell_type"].isin(("all", "rare", *rare))]
    return table.groupby(["reading", "metric", "cell_type"], sort=False)["value"].mean().unstack(0)


def main() -> None:
    """Train all arms and print what they are worth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", nargs="+", choices=("pbmc", "simulated"),
                        default=["pbmc", "simulated"])  # fmt: skip
    parser.add_argument("--models", nargs="+", choices=tuple(MODELS), default=list(MODELS))
    parser.add_argument("--arms", nargs="+", choices=ALL_ARMS, default=list(ALL_ARMS[1:]))
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=100)
    asked = parser.parse_args()
    console = Console(width=150)
    for data in asked.data:
        dataset = pbmc() if data == "pbmc" else simulated(asked.seed)
        for name in asked.models:
            key, config = MODELS[name]
            method = method_by_key(key)
            assert isinstance(method, TrainedMethod)
            question = ResamplingExperiment(
                arms=tuple(asked.arms), seeds=asked.pairs, rare_share=RARE_SHARE
            )
            options = TrainingOptions(seed=asked.seed, threads=1)
            with tempfile.TemporaryDirectory() as folder:
                tables = run_experiment(
                    method, config, dataset, question, options, Path(folder), SilentReporter()
                )
            console.rule(f"{data}, {name}")
            console.print(other_readings(method, config, dataset, asked.seed, asked.pairs).round(3))
            console.print(shown(tables["arm_comparison"].frame).to_string(index=False))
            console.print(tables["answer"].frame["sentence"].iloc[0])


def shown(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that the answer rests on."""
    questions = list(zip(comparison["metric"], comparison["cell_type"], strict=True))
    asked = comparison[[question in SHOWN for question in questions]]
    return asked.drop(columns=["better", "seeds"]).round(3)


if __name__ == "__main__":
    main()
