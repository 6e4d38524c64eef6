"""Does resampling help? Every arm is trained from the same starts and set beside uniform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.data.split import Split
from scdyn_core.errors import ConfigError
from scdyn_core.evaluation.representation.rows import rare_types
from scdyn_core.experiments.config import Arm, ResamplingExperiment
from scdyn_core.experiments.fitting import fit_arm, pair_seed
from scdyn_core.experiments.parts import Frames, Parts, joined
from scdyn_core.experiments.progress import Step
from scdyn_core.experiments.resampling_tables import answered
from scdyn_core.methods.method import MethodConfig, Table, Tensors, TrainedMethod
from scdyn_core.reporter import Reporter, raise_if_cancelled
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.resampling.words import NAMES


@dataclass(frozen=True)
class Pair:
    """One split and one start, for all arms."""

    method: TrainedMethod
    config: MethodConfig
    dataset: Dataset
    options: TrainingOptions
    reporter: Reporter

    @cached_property
    def split(self) -> Split:
        """The split; made where an arm of this pair is still to be trained."""
        return self.method.split(self.dataset, self.config, self.options.seed)

    @cached_property
    def tensors(self) -> Tensors:
        """What all arms train on."""
        seed = self.options.seed
        return self.method.tensors(self.dataset, self.config, self.split, seed, self.reporter)


def run_resampling(
    method: TrainedMethod,
    config: MethodConfig,
    dataset: Dataset,
    question: ResamplingExperiment,
    options: TrainingOptions,
    parts: Parts,
    reporter: Reporter,
) -> Mapping[str, Table]:
    """Return the tables of the answer; see ``run_experiment``."""
    types = known_types(method, dataset)
    rare = rare_types(types, question.rare_share)
    arms: Sequence[Arm] = ("uniform", *(arm for arm in question.arms if arm != "uniform"))
    steps, found = question.seeds * len(arms), []
    for number in range(question.seeds):
        own = options.model_copy(update={"seed": pair_seed(options.seed, number)})
        pair = Pair(method, config, dataset, own, reporter)
        for place, arm in enumerate(arms):
            raise_if_cancelled(reporter)
            label = f"{NAMES[arm]}, pair {number + 1} of {question.seeds}"
            step = Step(reporter, number * len(arms) + place, steps, label)
            step.progress("preparing", 0, 1)
            name = f"{number}-{arm}"
            frames = parts.read(name)
            if frames is None:
                frames = _part(pair, arm, types, rare, parts, name, step)
                parts.write(name, frames)
            found.append({k: v.assign(arm=arm, seed=number) for k, v in frames.items()})
    reporter.progress("experiment", steps, steps, "comparing")
    return answered(joined(found), rare)


def known_types(method: TrainedMethod, dataset: Dataset) -> pd.Series:
    """Return the type of every cell.

    Raises
    ------
    ConfigError
        When types are not known, or the method does not learn from cells.
    """
    column = dataset.roles.cell_type
    if method.samples != "cells":
        raise ConfigError(
            f"experiment with {method.title}",
            found="a method whose samples are genes",
            needed="a method whose samples are cells",
            fix="Choose scVI, scGen, sVAE+ or GPO-VAE.",
        )
    if column is None or dataset.adata.obs[column].isna().all():
        raise ConfigError(
            "role cell_type",
            found="no column with this role" if column is None else "no cell with a type",
            needed="the type of the cells: rare types are what the experiment is about",
            fix="Set the role on the page Data, or with --role cell_type=COLUMN.",
        )
    return pd.Series(dataset.adata.obs[column].astype(object).to_numpy())


def _part(
    pair: Pair,
    arm: Arm,
    types: pd.Series,
    rare: Sequence[str],
    parts: Parts,
    name: str,
    step: Step,
) -> Frames:
    """Train and score one arm of a pair."""
    from scdyn_core.experiments.resampling_scores import arm_mass, module_scores

    fitted = fit_arm(
        pair.method,
        pair.config,
        pair.dataset,
        pair.tensors,
        pair.options,
        arm,
        parts.checkpoints(name),
        step,
    )
    sampling = {key: table.frame for key, table in fitted.sampling.items()}
    cells = {part: pair.tensors.samples[part] for part in ("train", "test")}
    tested = types.iloc[cells["test"]].dropna().astype(str).value_counts()
    return {
        "scores": module_scores(fitted.module, pair.tensors, types, rare),
        "sampling": sampling["sampling"][["epoch", "effective_share", "most"]],
        "mass": arm_mass(sampling["sampling_mass"], sampling["sampling_cells"]),
        "tested": pd.DataFrame({"cell_type": tested.index, "cells": tested.to_numpy()}),
        "parts": pd.DataFrame({part: [len(members)] for part, members in cells.items()}),
    }
