"""Planted response classes: who finds them, in how many clusters, and who predicts a hidden time.

Six generators (``scdyn simulate levels``, and ``unequal``, ``delay``, ``graded``, ``hard``,
``lowdepth``): 1,000 genes of six classes, cells at 0, 1, 3, 6, 12 and 24 h. Adjusted Rand index
(ARI) with the planted classes, the number of clusters given: of the response mixture, of the VRNN
(each a consensus of its replicates), of every baseline, and of the ceiling, which knows shapes,
class sizes, the spread of amplitudes and the offset. Also: the number the rule chooses, agreement
between disjoint halves of the cells, errors where a time of test genes was hidden (natural
logarithm), and how often 90 % intervals hold. The published network takes 2,000 epochs and is
trained on the first seeds only.

    python -m benchmarks.vrnn_quality [--seeds 41 42 43 44 45] [--published 1] [--workers 2]
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table as Printed

from benchmarks.response_ceiling import ceiling
from scdyn_core.data.dataset import Dataset
from scdyn_core.data.roles import Roles
from scdyn_core.data.simulators.registry import simulator
from scdyn_core.data.split import PARTS
from scdyn_core.evaluation.clustering import soft
from scdyn_core.evaluation.clustering.agreement import adjusted_rand
from scdyn_core.evaluation.clustering.baselines import BASELINES
from scdyn_core.evaluation.clustering.consensus import consensus
from scdyn_core.evaluation.forecast.intervals import coverage, rmse
from scdyn_core.methods.method import MethodConfig, Tensors, TrainedMethod
from scdyn_core.methods.response_mixture.fitted import MixtureFamily
from scdyn_core.methods.response_mixture.method import ResponseMixture
from scdyn_core.methods.responses.arrays import HALVES, all_curves, part_curves
from scdyn_core.methods.responses.choice import chosen_by_criterion
from scdyn_core.methods.responses.hidden_times import hidden_times
from scdyn_core.methods.responses.model import ResponseModel
from scdyn_core.methods.responses.reading import Reading
from scdyn_core.methods.responses.results import TRUTH
from scdyn_core.methods.responses.scaling import shrunken
from scdyn_core.methods.vrnn.method import Vrnn
from scdyn_core.methods.vrnn.published import PUBLISHED
from scdyn_core.methods.vrnn.trained import TrainedVrnn
from scdyn_core.reporter import SilentReporter
from scdyn_core.training.fit import fit

SAMPLES = ("levels", "unequal", "delay", "graded", "hard", "lowdepth")
CLASSES = 6
LN2 = float(np.log(2.0))
Row = dict[str, object]


def dataset_of(sample: str, seed: int) -> Dataset:
    """Generate one data set, with raw counts and times known."""
    adata = simulator(sample).sample(seed)
    return Dataset(adata, Roles(time="time", counts="X"), f"{sample} {seed}", f"{sample}-{seed}")


def measured(sample: str, seed: int, published: bool) -> list[Row]:
    """Return every number of one data set as rows ``what, who, value``."""
    dataset = dataset_of(sample, seed)
    rows: list[Row] = [
        {"what": "ARI", "who": "ceiling", "value": ceiling(dataset.adata, simulator(sample))}
    ]
    todo = [(ResponseMixture(), "scdyn"), (Vrnn(), "scdyn")]
    for method, preset in todo + [(Vrnn(), "published")] * published:
        name = method.title if preset == "scdyn" else f"{method.title}, {preset}"
        config = method.presets[preset]
        split = method.split(dataset, config, seed)
        tensors = method.tensors(dataset, config, split, seed, SilentReporter())
        models = trained(method, config, tensors, seed)
        rows += _of_models(name, models, tensors, dataset)
        if isinstance(method, ResponseMixture):
            rows += _of_baselines(models[0], tensors, dataset, seed)
    return [{"sample": sample, "seed": seed, **row} for row in rows]


def trained(
    method: ResponseMixture | Vrnn, config: MethodConfig, tensors: Tensors, seed: int
) -> list[ResponseModel]:
    """Return the replicates that the method takes by default."""
    published = config is PUBLISHED
    options = method.options.model_copy(
        update={"seed": seed, "device": "cpu", **({"replicates": 1} if published else {})}
    )
    if not isinstance(method, TrainedMethod):
        arrays = method.fit(tensors, config, options.replicate_seeds(), SilentReporter())
        return [MixtureFamily.from_arrays(each, shared=True) for each in arrays]
    networks = fit(
        lambda each: method.build(tensors, config, each),
        method.phases(config),
        tensors.parts["train"],
        tensors.parts["validation"],
        options,
        SilentReporter(),
    )
    shared = np.asarray(tensors.constants["offset"], dtype=np.float64)
    return [TrainedVrnn(network, shared, seed) for network in networks]  # type: ignore[arg-type]


def _of_models(
    name: str, models: Sequence[ResponseModel], tensors: Tensors, dataset: Dataset
) -> Iterator[Row]:
    """Yield clusters, their number, agreement of halves, and predictions."""
    found, truth = all_curves(tensors), _truth(tensors, dataset)
    halves = [(all_curves(tensors, half), part_curves(tensors, "train", half)) for half in HALVES]
    reporter = SilentReporter()
    for number, algorithm in enumerate(models[0].algorithms):
        who = name if number == 0 else f"{name}, {algorithm}"
        agreed = consensus([model.memberships(found, algorithm, CLASSES, 0) for model in models])
        yield {"what": "ARI", "who": who, "value": adjusted_rand(agreed.labels, truth)}
        one, other = (
            models[0].again(half, learned, algorithm, CLASSES, 0, reporter).argmax(axis=1)
            for half, learned in halves
        )
        yield {"what": "halves", "who": who, "value": adjusted_rand(one, other)}
    numbers = range(2, 10)
    bic = [
        np.mean([model.criterion(found, models[0].algorithms[0], k, 0) for model in models])
        for k in numbers
    ]
    yield {"what": "k", "who": name, "value": chosen_by_criterion(numbers, bic)}
    if name.endswith("published"):
        return  # it predicts means of logarithms, which are not on the others' scale
    names = [str(gene) for gene in tensors.samples["test"]]
    parts = {part: part_curves(tensors, part) for part in PARTS}
    predictions = hidden_times(Reading.of(models, CLASSES), parts, names, 0, reporter).table.frame
    for (time, model), own in predictions.groupby(["time", "model"]):
        who = name if model == "this run" else str(model)
        if who != name and "VRNN" in name:
            continue
        error = rmse(own["observed"].to_numpy(), own["predicted"].to_numpy()) * LN2
        yield {"what": f"RMSE, {time:g} h hidden", "who": who, "value": error}
        covered = coverage(*(own[column].to_numpy() for column in ("observed", "low", "high")))
        yield {"what": "coverage", "who": who, "value": covered}


def _of_baselines(
    model: ResponseModel, tensors: Tensors, dataset: Dataset, seed: int
) -> Iterator[Row]:
    """Yield what cheaper clusterings of the same cells find."""
    found, truth = all_curves(tensors), _truth(tensors, dataset)
    for name, baseline in BASELINES.items():
        labels = baseline(found.mean, found.times, CLASSES, seed)
        yield {"what": "ARI", "who": name, "value": adjusted_rand(labels, truth)}
    scaled = shrunken(found.mean - model.offset(CLASSES), found.se)
    for name, way in (("k-means", soft.k_means), ("Gaussian mixture", soft.gaussian_mixture)):
        labels = way(scaled, CLASSES, seed).argmax(axis=1)
        who = f"{name}, the mixture's input"
        yield {"what": "ARI", "who": who, "value": adjusted_rand(labels, truth)}


def _truth(tensors: Tensors, dataset: Dataset) -> np.ndarray:
    genes = np.concatenate([tensors.samples[part] for part in PARTS])
    classes = dataset.adata.var[TRUTH].astype(str).to_numpy()[genes]
    return np.unique(classes, return_inverse=True)[1]


def _job(job: tuple[str, int, bool]) -> list[Row]:
    import torch

    torch.set_num_threads(1)
    return measured(*job)


def printed(frame: pd.DataFrame, samples: Sequence[str]) -> None:
    """Print one table per question, means over seeds with the range."""
    console = Console(width=150)
    for what, own in frame.groupby("what", sort=False):
        table = Printed("", *samples, title=str(what))
        for who, rows in own.groupby("who", sort=False):
            cells = []
            for sample in samples:
                values = rows.loc[rows["sample"] == sample, "value"].astype(float)
                cells.append(f"{values.mean():.3f} [{values.min():.3f} {values.max():.3f}]")
            table.add_row(str(who), *cells)
        console.print(table)


def main() -> None:
    """Generate, fit, print; with ``--json FILE`` also keep every number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[41, 42, 43, 44, 45])
    parser.add_argument("--samples", nargs="+", default=list(SAMPLES))
    parser.add_argument("--published", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    first = arguments.seeds[: arguments.published]
    jobs = [
        (name, seed, seed in first) for name, seed in product(arguments.samples, arguments.seeds)
    ]
    with ProcessPoolExecutor(arguments.workers) as pool:
        rows = [row for found in pool.map(_job, jobs) for row in found]
    printed(pd.DataFrame(rows), arguments.samples)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:  # noqa: PTH123
            json.dump(rows, file)


if __name__ == "__main__":
    main()
