"""What a training run does with prepared data, from the split to tables and scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.methods.method import (
    Arrays,
    FittedMethod,
    Method,
    MethodConfig,
    Table,
    Tensors,
    TrainedMethod,
)
from scdyn_core.methods.population import population_of
from scdyn_core.methods.sampling_tables import sampling_tables
from scdyn_core.reporter import Reporter, raise_if_cancelled
from scdyn_core.runs.asked import method_of
from scdyn_core.runs.model import write_model
from scdyn_core.runs.run import Run
from scdyn_core.runs.tables import write_table, write_tables
from scdyn_core.runs.writer import RunWriter

if TYPE_CHECKING:
    from scdyn_core.training.module import TrainableModule


def train(run: Run, writer: RunWriter, dataset: Dataset, reporter: Reporter) -> None:
    """Train the method of a run and write model, tables and scores into its folder."""
    method, config = method_of(run.spec)
    split = method.split(dataset, config, run.spec.options.seed)
    _write_split(run, split, method.sample_names(dataset, config))
    tensors = method.tensors(dataset, config, split, run.spec.options.seed, reporter)
    raise_if_cancelled(reporter)
    models = _models(run, method, config, tensors, dataset, reporter)
    write_model(run.path, models, tensors)
    reporter.progress("results", 0, 1)
    results = method.results(models, tensors, dataset, config, reporter)
    write_tables(run.path / "tables", results.tables)
    writer.scores(results.scores)
    reporter.progress("results", 1, 1)


def _models(
    run: Run,
    method: Method,
    config: MethodConfig,
    tensors: Tensors,
    dataset: Dataset,
    reporter: Reporter,
) -> Sequence[TrainableModule | Arrays]:
    """Train or fit the replicates; write down which samples were drawn."""
    if isinstance(method, FittedMethod):
        return method.fit(tensors, config, run.spec.options.replicate_seeds(), reporter)
    assert isinstance(method, TrainedMethod)
    from scdyn_core.training.fit import trained

    options = run.spec.options
    population = population_of(method, dataset, tensors, options.sampling)
    found = trained(
        build=lambda seed: method.build(tensors, config, seed),
        phases=method.phases(config),
        train=tensors.parts["train"],
        validation=tensors.parts["validation"],
        options=options,
        reporter=reporter,
        checkpoints=run.path / "checkpoints",
        adapt=tensors.parts.get("adapt"),
        population=population,
    )
    if options.sampling.scheme != "uniform" and method.samples == "cells":
        drawn = sampling_tables(found, population, dataset, tensors.samples["train"])
        write_tables(run.path / "tables", drawn)
    return method.settle(found.modules, tensors, config)


def _write_split(run: Run, split: Split, names: Sequence[str]) -> None:
    frame = pd.DataFrame({"sample": list(names), "part": split.labels().astype(object)})
    meanings = {"sample": "name of the cell or gene", "part": "train, validation or test"}
    write_table(run.path / "split.parquet", Table(frame, meanings))
