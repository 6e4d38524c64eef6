"""Training one arm of an experiment: the steps, the split and the start are those of all arms."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scdyn_core.data.dataset import Dataset
from scdyn_core.experiments.config import Arm
from scdyn_core.methods.method import MethodConfig, Table, Tensors, TrainedMethod
from scdyn_core.methods.population import population_of
from scdyn_core.methods.sampling_tables import sampling_tables
from scdyn_core.reporter import Reporter
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.resampling.options import SAMPLING
from scdyn_core.training.seeding import derive_seed

if TYPE_CHECKING:
    from scdyn_core.training.module import TrainableModule


@dataclass(frozen=True)
class Fitted:
    """A trained model and who was drawn while it was trained."""

    module: TrainableModule
    sampling: Mapping[str, Table]


def pair_seed(seed: int, pair: int) -> int:
    """Return the seed that all arms of a pair share."""
    return derive_seed(seed, "pair", pair) % 2**31


def fit_arm(
    method: TrainedMethod,
    config: MethodConfig,
    dataset: Dataset,
    tensors: Tensors,
    options: TrainingOptions,
    arm: Arm,
    checkpoints: Path | None,
    reporter: Reporter,
) -> Fitted:
    """Train one model that draws its cells as ``arm`` says.

    Parameters
    ----------
    options
        With the seed of the pair; number of replicates and sampling are set here.
    """
    from scdyn_core.training.fit import trained

    options = options.model_copy(update={"sampling": SAMPLING[arm], "replicates": 1})
    population = population_of(method, dataset, tensors, options.sampling)
    found = trained(
        build=lambda seed: method.build(tensors, config, seed),
        # Whoever stops early has had fewer steps: the comparison would be of something else.
        phases=[dataclasses.replace(phase, patience=None) for phase in method.phases(config)],
        train=tensors.parts["train"],
        validation=tensors.parts["validation"],
        options=options,
        reporter=reporter,
        checkpoints=checkpoints,
        adapt=tensors.parts.get("adapt"),
        population=population,
    )
    (module,) = method.settle(found.modules, tensors, config)
    return Fitted(module, sampling_tables(found, population, dataset, tensors.samples["train"]))
