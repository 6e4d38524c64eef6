"""What CLERA reaches on real cells it never saw, beside every baseline.

Pancreas endocrinogenesis (or any file with spliced and unspliced counts and cell types), velocity
graph, three splits × three seeds. Everything is learned on the training part, weights are chosen
on the validation part, and test cells are scored once. The null trains on velocities of other
cells, forwards or backwards at random, graph and displacement built again; a second one on the
velocities of other cells as they are, which leaves the average velocity of all cells.

    python -m benchmarks.clera_quality FILE.h5ad [--splits 10 11 12] [--replicates 3]
        [--lineage "A>B" …] [--set smallest_share=0.01 …]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import yaml

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.load import load
from scdyn_core.evaluation.dynamics import share_explained, sparse_quadratic_ode
from scdyn_core.methods.clera.config import CleraConfig
from scdyn_core.methods.clera.derivative import common_share
from scdyn_core.methods.clera.method import Clera
from scdyn_core.methods.clera.network import CleraNetwork
from scdyn_core.methods.clera.readout import read_part
from scdyn_core.methods.method import Results, Tensors
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions

#: The lineage of the pancreas file, as its authors describe it.
PANCREAS = (
    "Ductal>Ngn3 low EP",
    "Ngn3 low EP>Ngn3 high EP",
    "Ngn3 high EP>Pre-endocrine",
    "Pre-endocrine>Alpha",
    "Pre-endocrine>Beta",
    "Pre-endocrine>Delta",
    "Pre-endocrine>Epsilon",
)


def trained(
    tensors: Tensors, config: CleraConfig, seed: int, replicates: int
) -> tuple[list[CleraNetwork], float]:
    """Return the replicates, matched, and the CPU seconds of their training."""
    method, start = Clera(), time.process_time()
    networks = fit(
        lambda each: method.build(tensors, config, each),
        method.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(seed=seed, replicates=replicates, device="cpu"),
        SilentReporter(),
    )
    seconds = time.process_time() - start
    return list(method.settle(networks, tensors, config)), seconds  # type: ignore[arg-type]


def null_tensors(tensors: Tensors) -> Tensors:
    """Put the null derivative in the place of the real one, everywhere."""
    genes = tensors.reference["train"]["null_dx"].shape
    reads = "null_dx" if tensors.parts["train"]["dx"].shape == genes else "null_dscores"
    parts = {
        part: {**arrays, "dx": tensors.reference[part][reads]}
        for part, arrays in tensors.parts.items()
    }
    variances = tensors.constants["variances"].copy()
    variances[1] = np.square(parts["train"]["dx"]).mean()
    constants = {**tensors.constants, "variances": variances}
    return dataclasses.replace(tensors, parts=parts, constants=constants)


def measure(dataset: Dataset, config: CleraConfig, split_seed: int, replicates: int) -> dict:
    """Score one split: replicates, their null, and the same without removing terms."""
    method, quiet = Clera(), SilentReporter()
    start = time.process_time()
    split = method.split(dataset, config, split_seed)
    tensors = method.tensors(dataset, config, split, split_seed, quiet)
    prepared = time.process_time() - start
    networks, seconds = trained(tensors, config, split_seed, replicates)
    results = method.results(networks, tensors, dataset, config, quiet)
    shuffled, single = _null_share(tensors, config, split_seed)
    dealt = config.model_copy(update={"null_turns": False})
    dealt_share, _ = _null_share(
        method.tensors(dataset, dealt, split, split_seed, quiet), dealt, split_seed
    )
    whole = config.model_copy(update={"smallest_share": 0.0, "threshold": 0.0})
    unpruned, _ = trained(tensors, whole, split_seed, replicates)
    test = tensors.reference["test"]
    found = _scores(results)
    found["dx share"] |= {"PCA-6 + STLSQ": _pca_share(tensors, 6)}
    found["dx share on the null"] = {"CLERA": shuffled, **_null_baselines(results)}
    found["dx share, velocities dealt out only"] = {"CLERA": dealt_share}
    found["dx, common to all cells"] = {"share": common_share(tensors, "test")}
    found["dx share, all terms kept"] = {
        "CLERA": float(np.mean([
            share_explained(test["dx"], read_part(net, tensors, "test").dxhat) for net in unpruned
        ]))
    }  # fmt: skip
    found["terms"] = {
        "CLERA": float(results.tables["replicates"].frame["active_terms"].mean()),
        "of": float(networks[0].mask.numel()),
    }
    found |= _agreement(results)
    found["CPU s"] = {"tensors": prepared, "one fit": single, f"{replicates} fits": seconds}
    found["direction"] = _directions(results)
    return found


def _null_share(tensors: Tensors, config: CleraConfig, seed: int) -> tuple[float, float]:
    """Return what CLERA explains of the null when trained on it, and the CPU seconds of one fit."""
    null = null_tensors(tensors)
    (network,), seconds = trained(null, config, seed, 1)
    target = tensors.reference["test"]["null_dx"]
    return share_explained(target, read_part(network, null, "test").dxhat), seconds


def _scores(results: Results) -> dict[str, dict[str, Any]]:
    names = {
        "derivative share": "dx share",
        "latent derivative share": "dz share",
        "reconstruction R2": "reconstruction R2",
        "cell-type accuracy": "accuracy",
    }
    return {
        names[score.metric]: {
            "CLERA": score.value,
            "sd over seeds": score.replicate_sd,
            **{name: value for name, value in score.baselines.items() if "null" not in name},
        }
        for score in results.scores
        if score.metric in names
    }


def _null_baselines(results: Results) -> dict[str, float]:
    sources = results.tables["derivative_sources"].frame
    rows = sources[(sources["data"] == "null") & (sources["part"] == "test")]
    return dict(zip(rows["baseline"], rows["share"], strict=True))


def _pca_share(tensors: Tensors, d: int) -> float:
    train, test = tensors.reference["train"], tensors.reference["test"]
    ode = sparse_quadratic_ode(train["scores"][:, :d], train["dscores"][:, :d])
    return share_explained(
        test["dx"], ode(test["scores"][:, :d]) @ tensors.constants["components"][:d]
    )


def _agreement(results: Results) -> dict[str, dict[str, float]]:
    alignment = results.tables["alignment"].frame
    others = alignment[alignment["replicate"] != alignment["reference"]]
    found = {
        "between seeds": {
            # The reference is the replicate that agrees best: all pairs say less.
            "field share": float(others["field_share"].mean()),
            "field share, all pairs, validation": float(
                results.tables["replicates"].frame["field_stability"].mean()
            ),
            "field cosine": float(others["field_cosine"].mean()),
            "latent correlation": float(others["correlation"].mean()),
        }
    }
    if "term_agreement" in results.tables:
        terms = results.tables["term_agreement"].frame.iloc[0]
        names = ("jaccard", "chance", "chance_high")
        found["terms between seeds"] = {name: float(terms[name]) for name in names}
    return found


def _directions(results: Results) -> dict[str, dict[str, list[float]]]:
    if "direction" not in results.tables:
        return {}
    frame = results.tables["direction"].frame
    means = frame.groupby(["edge", "field"], sort=False)[["cosine", "right", "cells"]].mean()
    found: dict[str, dict[str, list[float]]] = {}
    for (edge, field), row in means.iterrows():
        found.setdefault(str(edge), {})[str(field)] = [float(v) for v in row]
    return found


def report(splits: list[dict]) -> str:
    """Return a table: mean over splits, and every split."""
    rows = []
    for name, values in splits[0].items():
        if name == "direction":
            continue
        for who in values:
            each = [
                np.nan if split[name].get(who) is None else split[name][who] for split in splits
            ]
            rows.append((name, who, float(np.nanmean(each)) if np.isfinite(each).any() else np.nan,
                         " ".join(f"{v:.3f}" for v in each)))  # fmt: skip
    table = pd.DataFrame(rows, columns=["measure", "what", "mean", "splits"])
    lines = [table.to_string(index=False, float_format="%.3f")]
    for edge in splits[0]["direction"]:
        lines.append(edge)
        for field in splits[0]["direction"][edge]:
            cosine, right, cells = np.nanmean(
                [split["direction"][edge][field] for split in splits], axis=0
            )
            lines.append(f"   {field:16s} cosine {cosine:+.2f}  right {right:.2f}  n {cells:.0f}")
    return "\n".join(lines)


def main() -> None:
    """Measure every split and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--splits", type=int, nargs="+", default=[10, 11, 12])
    parser.add_argument("--replicates", type=int, default=3)
    parser.add_argument("--lineage", nargs="*", default=list(PANCREAS))
    parser.add_argument("--set", nargs="*", default=[], metavar="FIELD=VALUE")
    arguments = parser.parse_args()
    changes = {name: yaml.safe_load(value) for name, value in (s.split("=") for s in arguments.set)}
    config = CleraConfig.model_validate({"lineage": tuple(arguments.lineage), **changes})
    dataset = load(arguments.file)
    splits = []
    for seed in arguments.splits:
        splits.append(measure(dataset, config, seed, arguments.replicates))
        print(json.dumps({"split": seed, **splits[-1]}, default=float), flush=True)
    print(report(splits))


if __name__ == "__main__":
    main()
