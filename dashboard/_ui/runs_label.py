"""A run as plain text, for choices in a list: those are shown letter by letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from dashboard._ui.text import count

if TYPE_CHECKING:
    from scdyn_core.runs.run import Run


#: Question of an experiment -> its name in a list.
QUESTIONS = {"resampling": "does resampling help?", "unseen response": "unseen responses"}


def what_it_does(run: Run) -> str:
    """Return what a run does to the data, in a few words."""
    from scdyn_core.methods.registry import METHODS
    from scdyn_core.training.resampling.words import sampler_name

    spec = run.spec
    key = spec.method or "train"
    method = next((one.title for one in METHODS if one.key == key), key)
    if spec.kind == "experiment":
        question = str(spec.experiment.get("question", ""))
        return f"{method}: {QUESTIONS.get(question, question)}"
    if spec.kind == "train" and spec.options.sampling.scheme != "uniform":
        return f"{method} ({sampler_name(spec.options.sampling)})"
    return {"prepare": "Prepare", "check": f"{method} check", "explain": f"{method} explained"}.get(
        spec.kind, method
    )


def asked_words(experiment: Mapping[str, Any]) -> str:
    """Return which ways of drawing cells an experiment compares and how often; for Markdown."""
    from scdyn_core.experiments.config import Experiment
    from scdyn_core.training.resampling.words import NAMES

    question: TypeAdapter[Experiment] = TypeAdapter(Experiment)
    try:
        asked = question.validate_python(dict(experiment))
    except ValidationError:
        return "a question of another version"
    return f"{', '.join(NAMES[arm] for arm in asked.arms)} · {count(asked.seeds, 'seed')}"


def run_label(run: Run) -> str:
    """Return method, data, moment, id and note of a run; not for Markdown.

    No two runs have the same label and it does not change as time goes by: a browser tells
    which choice was made by its label.
    """
    what = what_it_does(run)
    moment = datetime.fromtimestamp(run.state.created).strftime("%d %b %H:%M")
    note = f" · {run.note}" if run.note else ""
    return f"{what}, {run.spec.dataset.name} · {moment} · {run.id[-6:]}{note}"
