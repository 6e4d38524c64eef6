"""A real screen: are known edges found with the right sign, and who predicts unseen cells.

Prints, for the path network, GPO-VAE and the networks that need no model: rank and value of the
edges from known members of a pathway to genes it is known to raise, among all edges. Then the
metrics that can be read on these data (calibrated on them), of perturbations with a visible effect:
the mean over test cells of several splits, for every predictor and what it has to beat; and what is
predicted for perturbations known to do nothing, as mean squared error over that of predicting no
change. For the ECCITE-seq screen of Papalexi et al. 2021 (GSE153056):

    python -m benchmarks.gpo_vae_screen FILE --sources IFNGR1 IFNGR2 JAK2 STAT1 \
        --targets STAT1 PSMB9 --silent ATF2 CAV1 ETV7 IRF7 MARCH8 PDCD1LG2 STAT5A

``--relatives`` trains SAMS-VAE, CPA-VAE and the published settings too, for so many epochs.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import torch
from rich.console import Console
from rich.table import Table as Printed

from benchmarks.gpo_vae_quality import both, least_squares, tensors_of, trained
from scdyn_core.data.dataset import Dataset
from scdyn_core.data.load import load
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.perturbation.false_positives import false_positives
from scdyn_core.evaluation.perturbation.suite import THIS_RUN
from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.method import GpoVae
from scdyn_core.methods.gpo_vae.results import alignments, learned_networks, said_by
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.perturbations.prediction import Scored, scored_predictions
from scdyn_core.methods.perturbations.screening import response_table, screen_table
from scdyn_core.methods.perturbations.stored_cells import screen_cells
from scdyn_core.methods.regulation.arrays import nodes_from
from scdyn_core.methods.regulation.baselines import baseline_networks
from scdyn_core.methods.regulation.learned import LearnedNetwork
from scdyn_core.methods.regulation.predictor import predicted_responses
from scdyn_core.methods.regulation.rates import control_response, label_changes
from scdyn_core.methods.regulation.results import mean_estimate
from scdyn_core.reporter import SilentReporter

REPLICATES = 3
PREDICTORS = ("network", "shrunken", "both")


def learned(dataset: Dataset, seed: int) -> tuple[Tensors, dict[str, list[LearnedNetwork]]]:
    """Return the networks along whose paths responses are predicted."""
    config = GpoVaeConfig()
    tensors = tensors_of(dataset, config, seed)
    found = {}
    start = time.process_time()
    found["path network"] = least_squares(tensors, config)
    middle = time.process_time()
    found["GPO-VAE"] = learned_networks(trained(tensors, config, seed, REPLICATES), tensors)
    end = time.process_time()
    print(f"seed {seed}: path network {middle - start:.0f} CPU s, GPO-VAE {end - middle:.0f} CPU s")
    return tensors, found


def show_edges(
    estimates: Mapping[str, NetworkEstimate], sources: list[str], targets: list[str]
) -> None:
    """Print where the edges of a pathway are among all edges."""
    table = Printed("network", "edges", "of them", "right sign", "ranks", title="Known edges")
    for name, estimate in estimates.items():
        strength = np.abs(estimate.edges())
        pairs = [(s, t) for s in sources for t in targets if s != t]
        value = [float(estimate.of([s], [t])[0, 0]) for s, t in pairs]
        ranks = [int((strength > abs(own)).sum()) + 1 for own in value]
        there = sorted(rank for rank, own in zip(ranks, value, strict=True) if own)
        right = sum(own > 0 for own in value) if estimate.signed else None
        table.add_row(
            name, f"{np.count_nonzero(strength):,}", f"{len(there)} of {len(pairs)}",
            "unsigned" if right is None else str(right), ", ".join(map(str, there)),
        )  # fmt: skip
    Console(width=140).print(table)


def predictions(
    dataset: Dataset, tensors: Tensors, found: Mapping[str, list[LearnedNetwork]], seed: int
) -> Iterator[tuple[str, Scored]]:
    """Return the scores of every network and predictor."""
    config = GpoVaeConfig()
    screen = labelled(dataset, config, seed)
    cells = screen_cells(dataset, screen, tensors)
    shown = screen_table(cells, response_table(cells), seed)
    visible = set(shown.loc[shown["visible"], "perturbation"])
    response = control_response(tensors, seed)
    for name, networks in found.items():
        changes = np.mean(
            [response.of_change(label_changes(each, screen)) for each in networks], axis=0
        )
        through = dict(zip(screen.kinds, changes, strict=True))
        for predictor in PREDICTORS:
            if predictor == "shrunken" and name != "path network":
                continue
            said = predicted_responses(through, cells, predictor, seed)  # type: ignore[arg-type]
            told = "shrunken, no network" if predictor == "shrunken" else f"{name}, {predictor}"
            yield told, scored_predictions(cells, said, visible, seed)


def relatives(
    dataset: Dataset, seed: int, epochs: int
) -> Iterator[tuple[str, dict[str, NetworkEstimate], Scored]]:
    """Return networks and scores of SAMS-VAE, CPA-VAE and the published settings."""
    for name in ("SAMS-VAE", "CPA-VAE", "published"):
        config = GpoVae.presets[name].model_copy(update={"epochs": epochs})
        tensors = tensors_of(dataset, config, seed)
        networks = trained(tensors, config, seed, 1)
        screen = labelled(dataset, config, seed)
        cells = screen_cells(dataset, screen, tensors)
        shown = screen_table(cells, response_table(cells), seed)
        visible = set(shown.loc[shown["visible"], "perturbation"])
        said = said_by(networks, tensors, screen, config, seed)
        network = (
            {name: mean_estimate(alignments(networks, tensors)["alignment"])}
            if config.acts_on == "nodes"
            else {}
        )
        yield name, network, scored_predictions(cells, said, visible, seed)


def rows(model: str, scored: Scored, seed: int, silent: list[str]) -> pd.DataFrame:
    """Return headline metrics over visible perturbations, and the error where nothing happens."""
    scores = scored.tables["prediction_scores"].frame
    calibration = scored.tables["calibration"].frame
    headlines = set(calibration.loc[calibration["headline"], "metric"])
    seen = scores[(scores["task"] == "seen") & scores["metric"].isin(headlines)]
    nulls = false_positives(scores, silent, "seen")
    means = pd.concat(
        [
            seen[~seen["perturbation"].isin(silent)].groupby(["model", "metric"])["value"].mean(),
            nulls.assign(metric="silent: error").groupby(["model", "metric"])["error"].mean(),
        ]
    )
    frame = means.rename("value").reset_index()
    frame["model"] = frame["model"].replace(THIS_RUN, model)
    return frame.assign(seed=seed)


def main() -> None:
    """Read the file, learn and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--sources", nargs="+", default=[])
    parser.add_argument("--targets", nargs="+", default=[])
    parser.add_argument("--silent", nargs="+", default=[])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--relatives", type=int, default=0, help="their epochs; 0: not trained")
    given = parser.parse_args()
    torch.set_num_threads(1)
    dataset = load(given.file)
    frames = []
    for number, seed in enumerate(given.seeds):
        tensors, found = learned(dataset, seed)
        more: dict[str, NetworkEstimate] = {}
        if given.relatives and number == 0:
            for name, network, scored in relatives(dataset, seed, given.relatives):
                more |= network
                frames.append(rows(name, scored, seed, given.silent))
        if number == 0 and given.sources:
            estimates = {}
            for name, networks in found.items():
                direct, total = both(networks)
                estimates |= {f"{name}, direct": direct, f"{name}, total": total}
            cells = screen_cells(dataset, labelled(dataset, GpoVaeConfig(), seed), tensors)
            nodes = nodes_from(tensors)
            real = [node for node, own in zip(nodes.names, nodes.real, strict=True) if own]
            estimates |= more | baseline_networks(cells, real, seed, SilentReporter())
            show_edges(estimates, given.sources, given.targets)
        for model, scored in predictions(dataset, tensors, found, seed):
            frames.append(rows(model, scored, seed, given.silent))
    frame = pd.concat(frames).drop_duplicates(["model", "metric", "seed"])
    wide = frame.pivot_table(index="model", columns="metric", values="value", aggfunc="mean")
    title = f"Test cells, mean over {len(given.seeds)} splits"
    table = Printed("model", *map(str, wide.columns), title=title)
    for model, values in wide.sort_values("weighted MSE").iterrows():
        table.add_row(str(model), *("" if np.isnan(value) else f"{value:.4g}" for value in values))
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
