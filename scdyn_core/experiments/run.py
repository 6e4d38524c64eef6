"""Carrying out an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scdyn_core.data.dataset import Dataset
from scdyn_core.experiments.config import ResamplingExperiment, UnseenExperiment
from scdyn_core.experiments.parts import Parts
from scdyn_core.experiments.resampling import run_resampling
from scdyn_core.experiments.unseen import run_unseen
from scdyn_core.methods.method import MethodConfig, Table, TrainedMethod
from scdyn_core.reporter import Reporter
from scdyn_core.training.options import TrainingOptions


def run_experiment(
    method: TrainedMethod,
    config: MethodConfig,
    dataset: Dataset,
    question: ResamplingExperiment | UnseenExperiment,
    options: TrainingOptions,
    folder: Path,
    reporter: Reporter,
) -> Mapping[str, Table]:
    """Train the method as often as the question needs and return the tables of the answer.

    Parameters
    ----------
    options
        Seed, device and threads; replicates and sampling follow from the question.
    folder
        Where finished parts are kept, so that a stopped experiment goes on where it was; not
        needed any more when the tables are.

    Raises
    ------
    Cancelled
        When the reporter says so.
    ConfigError
        When the method cannot be asked this.
    """
    parts = Parts(folder)
    if isinstance(question, ResamplingExperiment):
        return run_resampling(method, config, dataset, question, options, parts, reporter)
    return run_unseen(method, config, dataset, question, options, parts, reporter)
