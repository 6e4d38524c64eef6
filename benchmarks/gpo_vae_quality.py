"""Planted networks: who finds the direct effects, and who predicts what was never seen.

The simulators of ``scdyn simulate``: knock-downs of 40 nodes in linear, saturating and cyclic
structural causal models with hidden confounders, with few cells, with few counts; and kinetics of
transcription and translation, which is not of the family of any model here. Networks are learned
from the training cells (70 %), the same for every rival; AUPRC and signed early precision ratio
(EPR: 1 is chance) over all pairs of a node and another gene, of direct and of total effects.

Responses: unseen pairs of knock-downs, and single knock-downs of which nothing was seen but the
dose. Pearson correlation of the predicted change with that of test cells, mean square error and
error weighed by how sure each gene is, of the run and of what it has to beat. With a prior network
(the true one, each edge left out with probability .3 and as many wrong ones added) unseen nodes
have targets.

    python -m benchmarks.gpo_vae_quality [--seeds 51 52 53 54 55] [--published 1] [--workers 2]
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import torch
from rich.console import Console
from rich.table import Table as Printed

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators.registry import simulate
from scdyn_core.evaluation.network.estimate import NetworkEstimate
from scdyn_core.evaluation.network.suite import score_networks
from scdyn_core.evaluation.perturbation.suite import THIS_RUN
from scdyn_core.methods.gpo_vae.config import GpoVaeConfig
from scdyn_core.methods.gpo_vae.method import GpoVae
from scdyn_core.methods.gpo_vae.network import GpoNetwork
from scdyn_core.methods.gpo_vae.presets import PUBLISHED
from scdyn_core.methods.gpo_vae.results import alignments, learned_networks
from scdyn_core.methods.method import Tensors
from scdyn_core.methods.path_network.config import PathNetworkConfig
from scdyn_core.methods.perturbations.labels import labelled
from scdyn_core.methods.perturbations.prediction import scored_predictions
from scdyn_core.methods.perturbations.stored_cells import screen_cells
from scdyn_core.methods.regulation.arrays import nodes_from
from scdyn_core.methods.regulation.baselines import baseline_networks
from scdyn_core.methods.regulation.config import RegulationConfig
from scdyn_core.methods.regulation.learned import LearnedNetwork
from scdyn_core.methods.regulation.least_squares import fitted
from scdyn_core.methods.regulation.planted import PlantedNetwork
from scdyn_core.methods.regulation.predictor import predicted_responses
from scdyn_core.methods.regulation.rates import control_response, label_changes
from scdyn_core.methods.regulation.results import mean_estimate
from scdyn_core.networks.store import NetworkStore
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit
from scdyn_core.training.options import TrainingOptions
from scdyn_core.workspace import Workspace

NETWORKS = ("regulation", "regulation_tanh", "regulation_cyclic", "regulation_few_cells",
            "regulation_shallow", "kinetics")  # fmt: skip
RESPONSES = ("regulation", "regulation_tanh", "kinetics")
REPLICATES = 3
PAIRS, SINGLES = 20, 8
#: Metrics of responses that are shown.
SHOWN = ("Pearson delta", "MSE", "weighted MSE")
PRIOR, FORGOTTEN = "prior of the benchmark", 0.3
Row = dict[str, object]


def generated(name: str, seed: int, pairs: int = 0) -> Dataset:
    """Return a screen with a planted network."""
    adata = simulate(name, seed=seed, combinations=pairs)
    roles = Roles(perturbation="perturbation", control_perturbation="control", counts="X")
    return Dataset(adata, roles, name, "benchmark")


def tensors_of(dataset: Dataset, config: RegulationConfig, seed: int) -> Tensors:
    """Split the cells and prepare them."""
    method = GpoVae()
    made = config if isinstance(config, GpoVaeConfig) else GpoVaeConfig(**config.model_dump())
    return method.tensors(dataset, made, method.split(dataset, made, seed), seed, SilentReporter())


def least_squares(tensors: Tensors, config: RegulationConfig) -> list[LearnedNetwork]:
    """Fit the path network to the training cells."""
    genes = tuple(map(str, tensors.info["genes"]))  # type: ignore[call-overload]
    return [LearnedNetwork(fitted(tensors, config), nodes_from(tensors), genes)]


def trained(tensors: Tensors, config: GpoVaeConfig, seed: int, replicates: int) -> list[GpoNetwork]:
    """Train the autoencoder."""
    method = GpoVae()
    return fit(  # type: ignore[return-value]
        lambda own: method.build(tensors, config, own),
        method.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        TrainingOptions(seed=seed, replicates=replicates),
        SilentReporter(),
        adapt=tensors.parts.get("adapt"),
    )


def network_rows(name: str, seed: int, published: bool) -> list[Row]:
    """Score every network on one screen."""
    torch.set_num_threads(1)
    dataset = generated(name, seed)
    estimates: dict[str, NetworkEstimate] = {}
    seconds: dict[str, float] = {}

    def timed(model: str, find: Callable[[], tuple[NetworkEstimate, ...]]) -> None:
        start = time.process_time()
        direct, *total = find()
        seconds[model] = time.process_time() - start
        estimates[model] = direct
        if total:
            estimates[f"{model}, total effects"] = total[0]

    config = GpoVaeConfig()
    tensors = tensors_of(dataset, config, seed)
    timed("path network", lambda: both(least_squares(tensors, PathNetworkConfig())))
    timed("GPO-VAE", lambda: both(
        learned_networks(trained(tensors, config, seed, REPLICATES), tensors)))  # fmt: skip
    if published:
        aligned = tensors_of(dataset, PUBLISHED, seed)
        timed("GPO-VAE as published", lambda: (mean_estimate(
            alignments(trained(aligned, PUBLISHED, seed, 1), aligned)["alignment"]),))  # fmt: skip
    screen = labelled(dataset, config, seed)
    cells = screen_cells(dataset, screen, tensors)
    nodes = nodes_from(tensors)
    sources = [node for node, real in zip(nodes.names, nodes.real, strict=True) if real]
    estimates |= baseline_networks(cells, sources, seed, SilentReporter())
    planted = PlantedNetwork.of(dataset.adata)
    assert planted is not None
    found = score_networks(estimates, planted.references(sources, cells.genes))
    wanted = found[found["metric"].isin(("AUPRC", "signed EPR"))]
    wide = wanted.pivot_table(index="model", columns=["reference", "metric"], values="value")
    return [
        {"setting": name, "model": model, "seed": seed, "CPU s": seconds.get(str(model), np.nan),
         **{f"{metric} {reference.split(', ')[1]}": value
            for (reference, metric), value in row.items()}}
        for model, row in wide.iterrows()
    ]  # fmt: skip


def both(learned: list[LearnedNetwork]) -> tuple[NetworkEstimate, NetworkEstimate]:
    """Return direct and total effects, mean over what was learned."""
    return (
        mean_estimate([each.direct() for each in learned]),
        mean_estimate([each.total() for each in learned]),
    )


def response_rows(name: str, seed: int) -> list[Row]:
    """Score predictions of unseen pairs, then of unseen single knock-downs."""
    torch.set_num_threads(1)
    dataset = generated(name, seed, PAIRS)
    names = sorted(set(dataset.adata.obs["perturbation"].astype(str)) - {"control"})
    pairs = tuple(label for label in names if "+" in label)
    singles = [label for label in names if "+" not in label]
    chosen = np.random.default_rng(seed).choice(singles, SINGLES, replace=False)
    rows = list(_predicted(dataset, pairs, name, "pairs", seed))
    alone = tuple(sorted(map(str, chosen)))
    without = dataset.adata[~dataset.adata.obs["perturbation"].isin(pairs)].copy()
    dataset = Dataset(without, dataset.roles, name, "benchmark")
    rows += _predicted(dataset, alone, name, "singles", seed)
    with tempfile.TemporaryDirectory() as home:
        os.environ["SCDYN_HOME"] = home
        NetworkStore(Workspace.default()).add(remembered(dataset, seed), PRIOR)
        rows += _predicted(dataset, alone, name, "singles, prior network", seed, PRIOR)
    return rows


def remembered(dataset: Dataset, seed: int) -> bytes:
    """Return the true network as a file, with edges forgotten and as many wrong ones."""
    planted = PlantedNetwork.of(dataset.adata)
    assert planted is not None
    rng = np.random.default_rng(seed)
    sign = np.sign(planted.effects["direct"])
    edges = np.argwhere(sign != 0)
    forgotten = rng.random(len(edges)) < FORGOTTEN
    others = np.argwhere(sign == 0)
    wrong = others[rng.choice(len(others), forgotten.sum(), replace=False)]
    kept = [(i, j, int(sign[i, j])) for i, j in edges[~forgotten]]
    made = [(i, j, int(rng.choice([-1, 1]))) for i, j in wrong]
    lines = [f"{planted.nodes[i]},{planted.genes[j]},{s}" for i, j, s in [*kept, *made]
             if planted.nodes[i] != planted.genes[j]]  # fmt: skip
    return "\n".join(["source,target,sign", *lines]).encode()


def _predicted(
    dataset: Dataset, held_out: tuple[str, ...], name: str, task: str, seed: int, prior: str = ""
) -> Iterator[Row]:
    config = GpoVaeConfig(held_out=held_out, prior=prior)
    tensors = tensors_of(dataset, config, seed)
    screen = labelled(dataset, config, seed)
    cells = screen_cells(dataset, screen, tensors)
    response = control_response(tensors, seed)
    learned = {
        "path network": least_squares(tensors, config),
        "GPO-VAE": learned_networks(trained(tensors, config, seed, REPLICATES), tensors),
    }
    for place, (model, networks) in enumerate(learned.items()):
        changes = np.mean(
            [response.of_change(label_changes(each, screen)) for each in networks], axis=0
        )
        through = dict(zip(screen.kinds, changes, strict=True))
        for predictor in ("network", "both"):
            said = predicted_responses(through, cells, predictor, seed)  # type: ignore[arg-type]
            scores = scored_predictions(cells, said, set(held_out), seed)
            frame = scores.tables["prediction_scores"].frame
            frame = frame[(frame["task"] != "seen") & frame["metric"].isin(SHOWN)]
            wide = frame.pivot_table(index="model", columns="metric", values="value")
            for rival, row in wide.iterrows():
                own = rival == THIS_RUN
                # What needs no network is the same whoever learned one.
                if own or (place == 0 and predictor == "network"):
                    shown = f"{model}, {predictor}" if own else str(rival)
                    yield {"setting": f"{name}: {task}", "model": shown, "seed": seed, **row}


def main() -> None:
    """Run everything and print medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--seeds", nargs="+", type=int, default=[51, 52, 53, 54, 55])
    parser.add_argument("--published", type=int, default=1, help="seeds of the published preset")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path, help="every row is written here")
    given = parser.parse_args()
    with ProcessPoolExecutor(given.workers) as pool:
        tasks = [pool.submit(network_rows, name, seed, number < given.published)
                 for number, seed in enumerate(given.seeds) for name in NETWORKS]  # fmt: skip
        tasks += [pool.submit(response_rows, name, seed)
                  for seed in given.seeds for name in RESPONSES]  # fmt: skip
        rows = [row for task in as_completed(tasks) for row in task.result()]
    frame = pd.DataFrame(rows)
    if given.json:
        given.json.write_text(json.dumps(rows, default=float))
    networks = frame["setting"].isin(NETWORKS)
    printed(frame[networks], ["AUPRC direct", "signed EPR direct", "AUPRC total", "CPU s"])
    printed(frame[~networks], list(SHOWN))


def printed(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Print the median over seeds, and the range of the first column."""
    console = Console(width=120)
    for setting, rows in frame.groupby("setting", sort=False):
        table = Printed("model", *columns, f"{columns[0]}, every seed", title=str(setting))
        middle = rows.groupby("model")[list(columns)].median()
        for model in middle.sort_values(columns[0], ascending=False).index:
            every = rows[rows["model"] == model].sort_values("seed")[columns[0]]
            table.add_row(
                str(model),
                *("" if np.isnan(value) else f"{value:.3g}" for value in middle.loc[model]),
                " ".join(f"{value:.3f}" for value in every),
            )
        console.print(table)


if __name__ == "__main__":
    main()
