"""How well the response of unseen types is predicted: every type is held out in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import pandas as pd

from scdyn_core.data.dataset import Dataset
from scdyn_core.errors import ConfigError
from scdyn_core.experiments.config import Arm, UnseenExperiment
from scdyn_core.experiments.fitting import fit_arm, pair_seed
from scdyn_core.experiments.parts import Frames, Parts, joined
from scdyn_core.experiments.progress import Step
from scdyn_core.experiments.unseen_tables import answered
from scdyn_core.methods.method import MethodConfig, Table, TrainedMethod
from scdyn_core.reporter import Reporter, SilentReporter, raise_if_cancelled
from scdyn_core.training.options import TrainingOptions
from scdyn_core.training.resampling.words import NAMES

#: Tables of a run with a held-out type that are kept of every part.
KEPT = ("unseen_scores", "unseen_genes")
#: What a part is known by, beside its held-out type.
PLACE = ("arm", "seed")


def run_unseen(
    method: TrainedMethod,
    config: MethodConfig,
    dataset: Dataset,
    question: UnseenExperiment,
    options: TrainingOptions,
    parts: Parts,
    reporter: Reporter,
) -> Mapping[str, Table]:
    """Return the tables of the answer; see ``run_experiment``."""
    types = held_out_types(method, config, dataset, question.types)
    asked = [
        (seed, name, arm)
        for seed in range(question.seeds)
        for name in types
        for arm in question.arms
    ]
    found = []
    for place, (seed, name, arm) in enumerate(asked):
        raise_if_cancelled(reporter)
        label = f"{name[:40]} held out, {NAMES[arm]}, seed {seed + 1} of {question.seeds}"
        step = Step(reporter, place, len(asked), label)
        step.progress("preparing", 0, 1)
        # Types are no names for folders: anything may stand in them.
        part = f"{seed}-{types.index(name)}-{arm}"
        frames = parts.read(part)
        if frames is None:
            own = options.model_copy(update={"seed": pair_seed(options.seed, seed)})
            held = config.model_copy(update={"held_out": name})
            frames = _part(method, held, dataset, own, arm, parts, part, step)
            parts.write(part, frames)
        found.append({k: v.assign(arm=arm, seed=seed) for k, v in frames.items()})
    reporter.progress("experiment", len(asked), len(asked), "comparing")
    return answered(joined(found))


def held_out_types(
    method: TrainedMethod, config: MethodConfig, dataset: Dataset, wanted: Sequence[str]
) -> tuple[str, ...]:
    """Return the types to hold out: those with cells of both conditions, or those asked for.

    Parameters
    ----------
    config
        Of the method; it says which condition is predicted.

    Raises
    ------
    ConfigError
        When the method predicts no held-out type, fewer than two types have both conditions, or
        one that was asked for does not.
    """
    if "held_out" not in method.Config.model_fields or "condition" not in method.roles.required:
        raise ConfigError(
            f"experiment with {method.title}",
            found="a method that does not predict the response of a type",
            needed="one that does",
            fix="Choose scGen.",
        )
    from scdyn_core.methods.scgen.config import ScgenConfig
    from scdyn_core.methods.scgen.design import design_of

    asked = cast(ScgenConfig, config.model_copy(update={"held_out": ""}))
    design = design_of(dataset, asked)
    both = sorted(set(design.types[design.treated]) & set(design.types[~design.treated]))
    absent = [name for name in wanted if name not in both]
    if absent or len(both) < 2:
        found = f"no such type as {absent[0][:60]!r}" if absent else f"{len(both)} such types"
        raise ConfigError(
            "types to hold out",
            found=found,
            needed="types with control and treated cells, two at least; here "
            + (", ".join(map(repr, map(str, both[:20]))) or "none"),
            fix="Choose among these, or correct the roles cell_type and condition.",
        )
    return tuple(wanted) or tuple(map(str, both))


def _part(
    method: TrainedMethod,
    config: MethodConfig,
    dataset: Dataset,
    options: TrainingOptions,
    arm: Arm,
    parts: Parts,
    name: str,
    step: Step,
) -> Frames:
    """Train without the treated cells of a type, and predict them."""
    split = method.split(dataset, config, options.seed)
    tensors = method.tensors(dataset, config, split, options.seed, step)
    place = parts.checkpoints(name)
    fitted = fit_arm(method, config, dataset, tensors, options, arm, place, step)
    tables = method.results([fitted.module], tensors, dataset, config, SilentReporter()).tables
    return {key: _without_place(tables[key].frame) for key in KEPT}


def _without_place(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns=list(PLACE))
