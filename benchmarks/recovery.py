"""Does CLERA find dynamics that are known? The generated limit cycle, from counts.

2,400 cells × 200 genes. The learned field on test cells is mapped to the true latent space by an
affine fit of the latents (and one factor for the unit of time), then compared with the true
velocity: share of its squares explained, and mean cosine. Beside it PCA + STLSQ (pysindy), and
CLERA on the null: velocities shuffled over cells, graph and displacement built again.

    python -m benchmarks.recovery [--sample hopf] [--seeds 3]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
from collections.abc import Mapping

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.load import load
from scdyn_core.data.samples import fetch, sample
from scdyn_core.evaluation.dynamics import mean_cosine, share_explained, sparse_quadratic_ode
from scdyn_core.methods.clera.config import CleraConfig, LibraryConfig
from scdyn_core.methods.clera.method import Clera
from scdyn_core.methods.clera.readout import read_part
from scdyn_core.methods.method import Tensors
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions
from scdyn_core.workspace import Workspace

#: The truth is planar and cubic.
CONFIG = CleraConfig(latents=2, library=LibraryConfig(order=3))


def against_truth(z: np.ndarray, dz: np.ndarray, cells: np.ndarray, dataset: Dataset) -> dict:
    """Align ``z`` (n, d) affinely with the truth and compare the field ``dz`` with it."""
    true_z = dataset.adata.obsm["latent_true"][cells]
    true_dz = dataset.adata.obsm["latent_velocity_true"][cells]
    affine = np.linalg.lstsq(np.column_stack([z, np.ones(len(z))]), true_z, rcond=None)[0]
    mapped = dz @ affine[:-1]
    speed = max(float((mapped * true_dz).sum()), 0.0) / float(np.square(mapped).sum() or 1.0)
    return {
        "field_share": round(share_explained(true_dz, speed * mapped), 3),
        "cosine": round(mean_cosine(true_dz, mapped), 3) if mapped.any() else 0.0,
    }


def null_tensors(tensors: Tensors) -> Tensors:
    """Put the null derivative in the place of the real one, everywhere."""
    parts = {
        part: {**arrays, "dx": tensors.reference[part]["null_dscores"]}
        for part, arrays in tensors.parts.items()
    }
    variances = tensors.constants["variances"].copy()
    variances[1] = np.square(parts["train"]["dx"]).mean()
    constants = {**tensors.constants, "variances": variances}
    return dataclasses.replace(tensors, parts=parts, constants=constants)


def clera(tensors: Tensors, dataset: Dataset, seed: int) -> dict:
    """Train on the training cells and compare on the test cells."""
    method = Clera()
    (network,) = fit(
        lambda start: method.build(tensors, CONFIG, start),
        method.phases(CONFIG),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(seed=seed, device="cpu"),
        SilentReporter(),
    )
    readout = read_part(network, tensors, "test")
    found = against_truth(readout.z, readout.dzhat, tensors.cells["test"], dataset)
    return {**found, "terms": int(network.mask.sum())}


def components(tensors: Tensors, dataset: Dataset, *, null: bool) -> dict:
    """Fit a sparse quadratic ODE on two principal components and compare on the test cells."""
    name = "null_dscores" if null else "dscores"
    train: Mapping[str, np.ndarray] = tensors.reference["train"]
    test = tensors.reference["test"]["scores"][:, :2]
    ode = sparse_quadratic_ode(train["scores"][:, :2], train[name][:, :2])
    found = against_truth(test, ode(test), tensors.cells["test"], dataset)
    return {**found, "terms": ode.active_terms}


def main() -> None:
    """Run every seed; a seed draws the split, the start and the null."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", default="hopf", choices=["hopf", "bistable"])
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    path = fetch(sample(arguments.sample), Workspace.default().cache, SilentReporter())
    dataset = load(path)
    for seed in range(arguments.seeds):
        split = Clera().split(dataset, CONFIG, seed)
        tensors = Clera().tensors(dataset, CONFIG, split, seed, SilentReporter())
        print(
            json.dumps(
                {
                    "sample": arguments.sample,
                    "seed": seed,
                    "CLERA": clera(tensors, dataset, seed),
                    "PCA-2 + STLSQ": components(tensors, dataset, null=False),
                    "null CLERA": clera(null_tensors(tensors), dataset, seed),
                    "null PCA-2 + STLSQ": components(tensors, dataset, null=True),
                }
            )
        )


if __name__ == "__main__":
    main()
