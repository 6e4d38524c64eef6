"""Does CLERA find dynamics that are known? A limit cycle and a switch, 2,400 cells × 200 genes.

The learned field on test cells is mapped to the true latent space by an affine fit of the latents
(and one factor for the unit of time), then compared with the true velocity: share of its squares
explained, and mean cosine. Paths simulated from test cells are compared with the true paths from
the same cells, halfway and at the end, in sd of the true latents; for the switch also by the fate
they reach. Beside it PCA + STLSQ (pysindy), and CLERA on the null: velocities of other
cells, forwards or backwards at random, graph and displacement built again (of the true velocity:
dealt out to other cells). Velocity comes from the counts, or is the true one.

    python -m benchmarks.recovery [--sample hopf] [--velocity counts] [--seeds 3]
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import scanpy as sc
import torch

from benchmarks.clera_quality import null_tensors
from scdyn_core.data.dataset import Dataset
from scdyn_core.data.load import load
from scdyn_core.data.roles import Roles
from scdyn_core.data.samples import fetch, sample
from scdyn_core.data.simulators.bistable import Bistable
from scdyn_core.data.simulators.hopf import Hopf
from scdyn_core.data.simulators.latent_dynamics import LatentDynamics
from scdyn_core.evaluation.dynamics import mean_cosine, share_explained, sparse_quadratic_ode
from scdyn_core.evaluation.field.simulate import follow
from scdyn_core.evaluation.linear_map import LinearMap
from scdyn_core.evaluation.trajectories import Field, end_error
from scdyn_core.methods.clera.config import CleraConfig, LibraryConfig
from scdyn_core.methods.clera.method import Clera
from scdyn_core.methods.clera.readout import read_part
from scdyn_core.methods.method import Tensors
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions
from scdyn_core.workspace import Workspace

SYSTEMS: dict[str, type[LatentDynamics]] = {kind.name: kind for kind in (Hopf, Bistable)}


@dataclass(frozen=True)
class Truth:
    """A generated sample and the equations it was generated with."""

    dataset: Dataset
    simulator: LatentDynamics

    def velocity(self, z: np.ndarray) -> np.ndarray:
        """Return the true derivative at true states ``z`` (n, d)."""
        return self.simulator.system().velocity(z)

    def states(self, cells: np.ndarray) -> np.ndarray:
        """Return the true states of some cells, (n, d)."""
        return self.dataset.adata.obsm["latent_true"][cells].astype(np.float64)

    @property
    def config(self) -> CleraConfig:
        """The default configuration with as many latents, and terms of the order, of the truth."""
        terms = self.simulator.system().terms
        order = max(sum(term.powers) for term in terms)
        return CleraConfig(latents=len(terms[0].powers), library=LibraryConfig(order=order))

    @property
    def horizon(self) -> float:
        """Hours the paths are followed for: three quarters of the time over which cells are taken.

        After all of it cells on the cycle are back where they were, and standing still is right.
        """
        first, last = self.simulator.hours_range()
        return 0.75 * (last - first)


def sampled(name: str, velocity: str) -> Truth:
    """Return a sample that brings its velocity as counts, or as the true velocity of its genes."""
    workspace, quiet = Workspace.default(), SilentReporter()
    kind = SYSTEMS[name]
    if velocity == "counts":
        return Truth(load(fetch(sample(name), workspace.cache, quiet)), kind())
    simulator = kind(keep_true_velocity=True)
    adata = simulator.sample(0)
    adata.layers["normal"] = sc.pp.normalize_total(adata, layer="spliced", inplace=False)["X"]
    adata.X = np.log1p(adata.layers["normal"])
    sc.pp.pca(adata, n_comps=10)
    sc.pp.neighbors(adata, n_neighbors=30, method="gauss")
    near = adata.obsp["distances"].astype(bool).astype(np.float64)
    near.setdiag(1.0)
    adata.layers["Ms"] = ((near @ adata.layers["normal"]) / near.sum(axis=1)[0, 0]).toarray()
    roles = Roles(velocity="velocity_true", cell_type="cell_type")
    return Truth(Dataset(adata, roles, name, f"generated {name}"), simulator)


def against_truth(
    field: Field, z: Mapping[str, np.ndarray], tensors: Tensors, truth: Truth
) -> dict[str, float]:
    """Compare a field on latents ``z`` (part -> (n, d)) with the truth, on test cells.

    Returns
    -------
    Share of the true field and mean cosine, affinely aligned on test cells; errors of paths,
    aligned on training cells; for the switch the share of cells whose fate is right.
    """
    cells = tensors.samples
    true = {part: truth.states(cells[part]) for part in ("train", "test")}
    true_dz, dz = truth.velocity(true["test"]), field(z["test"])
    mapped = dz @ LinearMap.between(z["test"], true["test"]).matrix
    speed = max(float((mapped * true_dz).sum()), 0.0) / float(np.square(mapped).sum() or 1.0)
    error = end_error(
        field,
        truth.velocity,
        {"z": z["train"], "true": true["train"]},
        {"z": z["test"], "true": true["test"]},
        truth.horizon,
    )
    found = {
        "field_share": share_explained(true_dz, speed * mapped),
        "cosine": mean_cosine(true_dz, mapped) if mapped.any() else 0.0,
        "half_error_sd": error.half,
        "end_error_sd": error.end,
    }
    if truth.simulator.name == "bistable":
        found["fate_right"] = fate_right(field, z, true, truth)
    return {name: round(value, 3) for name, value in found.items()}


def fate_right(
    field: Field, z: Mapping[str, np.ndarray], true: Mapping[str, np.ndarray], truth: Truth
) -> float:
    """Return the share of undecided test cells that end in the branch the truth takes them to.

    Every path goes on for four times as long as cells were taken: until it has arrived.
    """
    to_true = LinearMap.between(z["train"], true["train"])
    undecided = truth.simulator.cell_types(true["test"]) == "early"
    mapped, wanted = field(z["train"]) @ to_true.matrix, truth.velocity(true["train"])
    speed = float((mapped * wanted).sum()) / float(np.square(mapped).sum() or 1.0)
    hours = np.linspace(0.0, 4 * truth.horizon, 9)
    ends = [
        follow(moved, start[undecided], times, (box.min(axis=0), box.max(axis=0)))[-1]
        for moved, start, times, box in (
            (field, z["test"], hours * max(speed, 0.0) + np.arange(9) * 1e-9, z["train"]),
            (truth.velocity, true["test"], hours, true["train"]),
        )
    ]
    ends[0] = ends[0] @ to_true.matrix + to_true.offset
    ahead = [end[:, 0] > end[:, 1] for end in ends]
    # A path that could not be followed to its end has no fate, which is not the right one.
    return float((np.isfinite(ends[0]).all(axis=1) & (ahead[0] == ahead[1])).mean())


def clera(tensors: Tensors, truth: Truth, seed: int) -> dict:
    """Train on the training cells and compare on the test cells."""
    method = Clera()
    (network,) = fit(
        lambda start: method.build(tensors, truth.config, start),
        method.phases(truth.config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(seed=seed, device="cpu"),
        SilentReporter(),
    )

    def field(z: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return network.velocity(torch.as_tensor(z, dtype=torch.float32)).double().numpy()

    z = {part: read_part(network, tensors, part).z for part in ("train", "test")}
    return {**against_truth(field, z, tensors, truth), "terms": int(network.mask.sum())}


def components(tensors: Tensors, truth: Truth, *, null: bool) -> dict:
    """Fit a sparse quadratic ODE on two principal components and compare on the test cells."""
    derivative = "null_dscores" if null else "dscores"
    z = {part: tensors.reference[part]["scores"][:, :2] for part in ("train", "test")}
    ode = sparse_quadratic_ode(z["train"], tensors.reference["train"][derivative][:, :2])
    return {**against_truth(ode, z, tensors, truth), "terms": ode.active_terms}


def main() -> None:
    """Run every seed; a seed draws the split, the start and the null."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", default="hopf", choices=list(SYSTEMS))
    parser.add_argument("--velocity", default="counts", choices=["counts", "true"])
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    truth = sampled(arguments.sample, arguments.velocity)
    for seed in range(arguments.seeds):
        split = Clera().split(truth.dataset, truth.config, seed)
        tensors = Clera().tensors(truth.dataset, truth.config, split, seed, SilentReporter())
        still = {part: truth.states(tensors.samples[part]) for part in ("train", "test")}
        found = {
            "sample": arguments.sample,
            "velocity": arguments.velocity,
            "seed": seed,
            "CLERA": clera(tensors, truth, seed),
            "PCA-2 + STLSQ": components(tensors, truth, null=False),
            "no change": against_truth(np.zeros_like, still, tensors, truth),
            "null CLERA": clera(null_tensors(tensors), truth, seed),
            "null PCA-2 + STLSQ": components(tensors, truth, null=True),
        }
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
