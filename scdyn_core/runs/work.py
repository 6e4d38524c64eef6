"""What a run does, from the dataset to tables and scores."""

from __future__ import annotations

import shutil

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.methods.method import TrainedMethod
from scdyn_core.preprocess.prepared import Prepared, Records, write_prepared
from scdyn_core.reporter import Reporter, raise_if_cancelled
from scdyn_core.runs.asked import experiment_of, method_of
from scdyn_core.runs.atlases import lay_out_prepared
from scdyn_core.runs.environment import describe_environment
from scdyn_core.runs.explain_work import explain
from scdyn_core.runs.prepared_data import dataset_of, prepared_of
from scdyn_core.runs.run import Run
from scdyn_core.runs.spec import RunSpec
from scdyn_core.runs.tables import write_tables
from scdyn_core.runs.train_work import train
from scdyn_core.runs.writer import RunWriter
from scdyn_core.workspace import Workspace


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
        explain(run, reporter)
        return
    prepared = _prepared(run, writer, reporter, dataset)
    raise_if_cancelled(reporter)
    if run.spec.kind == "train":
        train(run, writer, prepared.dataset, reporter)
    if run.spec.kind == "experiment":
        _experiment(run, prepared.dataset, reporter)
    if run.spec.kind == "check":
        method, config = method_of(run.spec)
        seed = run.spec.options.seed
        write_tables(run.path / "tables", method.check(prepared.dataset, config, seed, reporter))


def _prepared(run: Run, writer: RunWriter, reporter: Reporter, dataset: Dataset | None) -> Prepared:
    """Prepare the data, keep what the steps did, and lay the cells out for looking at them."""
    if dataset is None:
        dataset = dataset_of(run.spec, reporter)
    prepared = prepared_of(run.spec, dataset, reporter)
    _store_prepared(run, writer, prepared)
    if run.spec.kind in ("prepare", "train"):
        try:
            names = dataset.adata.obs_names
            lay_out_prepared(Workspace.default(), prepared.dataset, names, reporter)
        except OSError as error:
            # A convenience: the page lays them out again. The run itself must not fail for it.
            reporter.log(f"The cells were not laid out for the page Latent space: {error}")
    return prepared


def _device(spec: RunSpec) -> str:
    """Return what the run computes on; torch is asked only where it is needed anyway."""
    if spec.kind not in ("train", "experiment") or spec.options.device == "cpu":
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


def _experiment(run: Run, dataset: Dataset, reporter: Reporter) -> None:
    """Ask the question; what is done by then is kept in the folder ``parts``."""
    from scdyn_core.experiments.run import run_experiment

    method, config = method_of(run.spec)
    question, options, parts = experiment_of(run.spec), run.spec.options, run.path / "parts"
    if not isinstance(method, TrainedMethod):
        raise ConfigError(
            f"experiment with {method.title}",
            found="a method that is not trained in steps",
            needed="one that draws cells",
            fix="Choose scVI, scGen, sVAE+ or GPO-VAE.",
        )
    tables = run_experiment(method, config, dataset, question, options, parts, reporter)
    write_tables(run.path / "tables", tables)
    # Only now: whoever is stopped while tables are written must not train everything again.
    shutil.rmtree(parts, ignore_errors=True)
