"""A paragraph for the methods section of a paper, from what a run really did."""

from __future__ import annotations

from collections.abc import Sequence

from scdyn_core.experiments.config import Experiment, ResamplingExperiment
from scdyn_core.export.draws_text import SOURCES, draws_text
from scdyn_core.export.software import software_text
from scdyn_core.methods.method import TrainedMethod
from scdyn_core.methods.registry import method_by_key
from scdyn_core.runs.asked import experiment_of
from scdyn_core.runs.run import Run
from scdyn_core.training.resampling.words import NAMES


def methods_text(run: Run) -> str:
    """Return what was done, in words, one sentence per step."""
    spec, prepared = run.spec, run.prepared
    packages = run.environment.get("packages", {})
    sentences = [
        f"The data ({spec.dataset.name}, fingerprint {spec.dataset.fingerprint[:12]}) were "
        f"processed with scdyn {packages.get('scdyn') or ''}".rstrip()
        + f" by the recipe “{spec.recipe.name}” ({len(spec.recipe.steps)} steps)."
    ]
    for record in prepared.records if prepared else ():
        sentences.append(
            f"{record.title}: {record.message.rstrip('.')} "
            f"({record.cells_after} cells and {record.genes_after} genes after it)."
        )
    if spec.method is not None:
        method = method_by_key(spec.method)
        asked = spec.kind == "experiment"
        replicates = "" if asked else f"{spec.options.replicates} replicate(s), "
        sentences.append(
            f"{method.title} was run with the preset “{spec.preset or 'scdyn'}” and the "
            f"parameters listed below, {replicates}seed {spec.options.seed}."
        )
        if asked:
            sentences.append(_asked(experiment_of(spec)))
        elif isinstance(method, TrainedMethod):
            sentences.append(draws_text(spec.options.sampling, method.samples))
    split = run.split()
    if split is not None:
        counts = split["part"].value_counts()
        sizes = ", ".join(f"{counts.get(p, 0)} {p}" for p in ("train", "validation", "test"))
        sentences.append(
            f"Samples were split before anything was learned ({sizes}); choices were made on the "
            "validation part and scores are on the part they name."
        )
    sentences.append(software_text(run))
    return "\n".join(filter(None, sentences))


def citations(run: Run) -> list[str]:
    """Return what to cite beside scdyn."""
    spec = run.spec
    if spec.method is None:
        return []
    arms: Sequence[str] = (spec.options.sampling.scheme,)
    if spec.kind == "experiment":
        arms = experiment_of(spec).arms
    sources = [source for arm in arms for source in SOURCES.get(arm, ())]
    return list(dict.fromkeys([method_by_key(spec.method).citation, *sources]))


def _asked(question: Experiment) -> str:
    arms = ", ".join(NAMES[arm] for arm in question.arms)
    if isinstance(question, ResamplingExperiment):
        return (
            f"It was trained {question.seeds} times with every way of drawing cells ({arms}, and "
            "uniform), each with the same split, start and number of steps as its uniform "
            "counterpart; differences are paired, with 95 % intervals."
        )
    types = ", ".join(question.types) or "every type with both conditions"
    return (
        f"Cell types were held out one after another ({types}): their treated cells were not "
        f"trained on. Of every type, each way of drawing cells ({arms}) was trained "
        f"{question.seeds} time(s)."
    )
