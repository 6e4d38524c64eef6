"""The published preset on data of the published SERGIO shape, against the reference run.

The file of the original example is not shipped. These counts have its shape and its first two
moments: 9 types × 700 cells, 100 genes, independent cells within a type (so that the derivative
along the order is sampling noise, as it is there). Printed are the validation losses of our loop
at the epochs of the reference, a run of the original TensorFlow program with one seed.

    python -m benchmarks.clera_published [--epochs 1000] [--seeds 2]
"""

from __future__ import annotations

import argparse
import dataclasses
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import anndata
import numpy as np
import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.methods.clera.method import Clera
from scdyn_core.methods.clera.published import PUBLISHED
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions

TYPES, CELLS, GENES = 9, 700, 100
#: Directions in which the types differ: six latents reconstruct the original almost fully.
PROGRAMS = 5
#: Loss weights of the SERGIO example; everything else is the preset.
CONFIG = PUBLISHED.model_copy(
    update={
        "weight_reconstruction": 10.0,
        "weight_latent_derivative": 5.0,
        "weight_derivative": 0.1,
        "weight_sparsity": 1.0,
        "weight_network": 1e-5,
        "weight_classification": 1.0,
    }
)
NAMES = {
    "loss": "total",
    "reconstruction": "rec",
    "latent_derivative": "z",
    "derivative": "x",
    "sparsity": "mean |Xi|",
    "network": "sum |W|",
    "classification": "cls",
    "active_terms": "terms",
}
#: Epoch -> the same losses of the reference run, validation part.
REFERENCE = {
    0: (4233, 33.70, 778.5, 13.00, 0.9999, 6346, 1.233, 276),
    50: (88.8, 4.40, 8.40, 11.06, 0.9987, 6080, 0.612, 276),
    200: (32.7, 1.907, 2.280, 7.147, 0.9980, 6118, 0.451, 276),
    500: (18.8, 1.465, 0.467, 3.662, 0.9970, 6403, 0.353, 276),
    1000: (16.0, 1.303, 0.262, 2.402, 0.9959, 6624, 0.348, 276),
    2250: (14.3, 1.239, 0.0832, 0.860, 0.9918, 6683, 0.328, 276),
}


class Recorder(SilentReporter):
    """Keeps the metrics."""

    def __init__(self) -> None:
        self.rows: list[dict[str, float | int | str]] = []

    def metrics(self, row: dict[str, float | int | str]) -> None:
        """Keep one row."""
        self.rows.append(row)


def counts(seed: int) -> Dataset:
    """Return Poisson counts with the mean square, type variance and noise of the original."""
    rng = np.random.default_rng(seed)
    genes = rng.gamma(shape=3.4, size=GENES)
    genes = 4.9 + 2.67 * (genes - genes.mean()) / genes.std()
    types = rng.standard_normal((TYPES, PROGRAMS)) @ rng.standard_normal((PROGRAMS, GENES))
    means = np.clip(genes + 1.26 * types / types.std(), 0.05, None)
    values = rng.poisson(np.repeat(means, CELLS, axis=0)).astype(np.float32)
    obs = pd.DataFrame(
        {
            "type": np.repeat([f"Array_{k}" for k in range(TYPES)], CELLS),
            "order": np.arange(TYPES * CELLS, dtype=float),
        },
        index=[f"cell{k}" for k in range(TYPES * CELLS)],
    )
    adata = anndata.AnnData(values, obs=obs)
    adata.var_names = [str(gene) for gene in range(GENES)]
    return Dataset(adata, Roles(cell_type="type", pseudotime="order"), "SERGIO shape", "generated")


def trajectory(seed: int, epochs: int) -> pd.DataFrame:
    """Train the published preset and return the validation losses by epoch."""
    method, recorder, dataset = Clera(), Recorder(), counts(seed)
    config = CONFIG.model_copy(update={"fit_epochs": epochs, "refine_epochs": 0})
    split = method.split(dataset, config, seed)
    tensors = method.tensors(dataset, config, split, seed, recorder)
    fit(
        lambda start: method.build(tensors, config, start),
        [
            dataclasses.replace(phase, validate_every=1 if epochs <= 1 else 50)
            for phase in method.phases(config)
        ],
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(seed=seed, device="cpu"),
        recorder,
    )
    rows = pd.DataFrame(recorder.rows)
    return rows[rows["part"] == "validation"].set_index("epoch_total")[list(NAMES)]


def main() -> None:
    """Print ours beside the reference at every epoch the reference has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=2)
    arguments = parser.parse_args()
    runs = [
        pd.concat([trajectory(seed, 1), trajectory(seed, arguments.epochs)])
        for seed in range(arguments.seeds)
    ]
    rows = []
    for epoch, reference in REFERENCE.items():
        at = max(epoch, 1)  # The reference looks after its epoch 0, which is our first.
        if at > arguments.epochs:
            break
        rows.append((epoch, "reference", *reference))
        rows += [(epoch, f"scdyn, seed {k}", *run.loc[at]) for k, run in enumerate(runs)]
    table = pd.DataFrame(rows, columns=["epoch", "run", *NAMES.values()])
    print(table.to_string(index=False, float_format="%.4g"))


if __name__ == "__main__":
    main()
