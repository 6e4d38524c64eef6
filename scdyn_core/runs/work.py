"""What a run does, from the dataset to tables and scores."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.load import load
from scdyn_core.data.split import Split
from scdyn_core.errors import ConfigError, RunError
from scdyn_core.methods.method import (
    Arrays,
    FittedMethod,
    Method,
    MethodConfig,
    Table,
    Tensors,
    TrainedMethod,
)
from scdyn_core.methods.registry import method_by_key
from scdyn_core.preprocess.prepare import prepare
from scdyn_core.preprocess.prepared import Prepared, Records, write_prepared
from scdyn_core.reporter import Reporter, raise_if_cancelled
from scdyn_core.runs.environment import describe_environment
from scdyn_core.runs.model import read_tensors, read_weights, write_model
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import DatasetRef, RunSpec
from scdyn_core.runs.tables import write_table
from scdyn_core.runs.writer import RunWriter
from scdyn_core.workspace import Workspace

if TYPE_CHECKING:
    from scdyn_core.training.module import TrainableModule


def work(run: Run, reporter: Reporter, dataset: Dataset | None = None) -> None:
    """Do what the run's specification asks for and write the results into its folder.

    Parameters
    ----------
    dataset
        The data of the run, where the caller has just read them; read here if not given.

    Raises
    ------
    Cancelled
        When the reporter says so.
    ScdynError
        When data, recipe, configuration or training fail.
    """
    writer = RunWriter(run)
    writer.json("env.json", describe_environment(_device(run.spec)))
    if run.spec.kind == "explain":
        _explain(run, reporter)
        return
    prepared = prepared_dataset(run.spec, reporter, dataset)
    _store_prepared(run, writer, prepared)
    raise_if_cancelled(reporter)
    if run.spec.kind == "train":
        _train(run, writer, prepared.dataset, reporter)
    if run.spec.kind == "check":
        method, config = method_of(run.spec)
        seed = run.spec.options.seed
        _write_tables(run.path / "tables", method.check(prepared.dataset, config, seed, reporter))


def prepared_dataset(spec: RunSpec, reporter: Reporter, dataset: Dataset | None = None) -> Prepared:
    """Load the dataset of a run, unless it is given, and apply its recipe, cached where it can be.

    Raises
    ------
    RunError
        When the data are not the ones the run was made for.
    """
    if dataset is None:
        reporter.progress("loading data", 0, 1, spec.dataset.name)
        dataset = _load_unchanged(spec.dataset)
        reporter.progress("loading data", 1, 1, spec.dataset.name)
    return prepare(dataset, spec.recipe, Workspace.default().cache, reporter)


def method_of(spec: RunSpec) -> tuple[Method, MethodConfig]:
    """Return the method of a training run with its checked configuration.

    Raises
    ------
    ConfigError
        When the method is unknown or the configuration does not fit it.
    """
    method = method_by_key(spec.method or "")
    try:
        return method, method.Config.model_validate(spec.config)
    except ValueError as error:
        raise ConfigError(
            f"configuration of {method.key}",
            found=" ".join(str(error).split())[:300],
            needed="a configuration this version of the method understands",
            fix="Clone the run and set the parameters again.",
        ) from error


def _load_unchanged(reference: DatasetRef) -> Dataset:
    dataset = load(reference.path, name=reference.name, roles=reference.roles)
    if dataset.fingerprint != reference.fingerprint:
        raise RunError(
            f"dataset {reference.name}",
            found="contents that changed since the run was made",
            needed=f"the data with fingerprint {reference.fingerprint[:12]}",
            fix="Put the original file back, or start a new run on the changed data.",
        )
    return dataset


def _device(spec: RunSpec) -> str:
    """Return what the run computes on; torch is asked only where it is needed anyway."""
    if spec.kind != "train" or spec.options.device == "cpu":
        return "cpu"
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"


def _store_prepared(run: Run, writer: RunWriter, prepared: Prepared) -> None:
    """Keep what the steps did, and in a preparing run the data as well."""
    folder = run.path / "prepared"
    if run.spec.kind != "prepare":
        folder.mkdir(exist_ok=True)
        content = Records(
            name=prepared.dataset.name,
            fingerprint=prepared.dataset.fingerprint,
            roles=prepared.dataset.roles,
            recipe=prepared.recipe,
            records=prepared.records,
        )
        writer.json("prepared/records.json", content.model_dump(mode="json"))
        return
    partial = run.path / ".prepared"
    for leftover in (partial, folder):
        shutil.rmtree(leftover, ignore_errors=True)
    write_prepared(prepared, partial)
    partial.rename(folder)


def _train(run: Run, writer: RunWriter, dataset: Dataset, reporter: Reporter) -> None:
    method, config = method_of(run.spec)
    split = method.split(dataset, config, run.spec.options.seed)
    _write_split(run, split, method.sample_names(dataset, config))
    tensors = method.tensors(dataset, config, split, run.spec.options.seed, reporter)
    raise_if_cancelled(reporter)
    models = _models(run, method, config, tensors, reporter)
    write_model(run.path, models, tensors)
    reporter.progress("results", 0, 1)
    results = method.results(models, tensors, dataset, config, reporter)
    _write_tables(run.path / "tables", results.tables)
    writer.scores(results.scores)
    reporter.progress("results", 1, 1)


def _explain(run: Run, reporter: Reporter) -> None:
    """Read a trained run closer; its own tables stay as they are."""
    assert run.spec.explains is not None
    trained = Run.open(run.spec.explains)
    method, config = method_of(trained.spec)
    assert method.Explanation is not None
    request = method.Explanation.model_validate(run.spec.explanation)
    tensors = read_tensors(trained.path)
    models = [_restored(method, config, tensors, state) for state in read_weights(trained.path)]
    folder = trained.path / "explain"
    folder.mkdir(exist_ok=True)
    _write_tables(folder, method.explain(models, tensors, config, request, reporter))


def _restored(
    method: Method, config: MethodConfig, tensors: Tensors, state: Arrays
) -> TrainableModule | Arrays:
    if not isinstance(method, TrainedMethod):
        return state
    import torch

    module = method.build(tensors, config, 0)
    module.load_state_dict({name: torch.as_tensor(value) for name, value in state.items()})
    return module.eval()


def _write_tables(folder: Path, tables: Mapping[str, Table]) -> None:
    for name, table in tables.items():
        write_table(folder / f"{name}.parquet", table)


def _models(
    run: Run, method: Method, config: MethodConfig, tensors: Tensors, reporter: Reporter
) -> Sequence[TrainableModule | Arrays]:
    """Train or fit the replicates."""
    if isinstance(method, FittedMethod):
        return method.fit(tensors, config, run.spec.options.replicate_seeds(), reporter)
    assert isinstance(method, TrainedMethod)
    from scdyn_core.training.fit import fit

    trained = fit(
        build=lambda seed: method.build(tensors, config, seed),
        phases=method.phases(config),
        train=tensors.parts["train"],
        validation=tensors.parts["validation"],
        options=run.spec.options,
        reporter=reporter,
        checkpoints=run.path / "checkpoints",
        adapt=tensors.parts.get("adapt"),
    )
    return method.settle(trained, tensors, config)


def _write_split(run: Run, split: Split, names: Sequence[str]) -> None:
    frame = pd.DataFrame({"sample": list(names), "part": split.labels().astype(object)})
    meanings = {"sample": "name of the cell or gene", "part": "train, validation or test"}
    write_table(run.path / "split.parquet", Table(frame, meanings))
