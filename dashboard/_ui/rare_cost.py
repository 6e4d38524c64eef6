"""How long an experiment will take, judged by what was trained before on the same data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard._ui.run_words import duration
from dashboard._ui.services import run_store

if TYPE_CHECKING:
    from scdyn_core.data.record import DatasetRecord
    from scdyn_core.methods.method import Method
    from scdyn_core.runs.run import Run


def time_words(record: DatasetRecord, method: Method, epochs: int) -> str:
    """Return how long so many epochs take, or that nothing is known yet (Markdown)."""
    paces = [
        pace
        for run in run_store().runs()
        if run.spec.method == method.key and run.spec.dataset.fingerprint == record.fingerprint
        if (pace := _pace(run)) is not None
    ]
    if not paces:
        return "Its time is measured from the first training."
    # A short run is mostly preparation: the quickest says most about an epoch.
    longest = duration(min(paces) * epochs)
    return f"At most about **{longest}**, by earlier runs of this method on these data."


def trainings_of(experiment: dict[str, Any]) -> int | None:
    """Return how many models an experiment trains; ``None`` where the data decide."""
    arms = dict.fromkeys(experiment.get("arms", ()))
    if experiment.get("question") == "resampling":
        return len({"uniform", *arms}) * int(experiment["seeds"])
    types = experiment.get("types", ())
    return len(types) * len(arms) * int(experiment["seeds"]) if types else None


def _pace(run: Run) -> float | None:
    """Return the seconds an epoch of one model took in a finished run, at most."""
    spec, state = run.spec, run.state
    epochs = int(spec.config.get("epochs", 0))
    models = trainings_of(spec.experiment) if spec.kind == "experiment" else spec.options.replicates
    trained = spec.kind in ("train", "experiment") and state.status == "done"
    if not (trained and epochs and models and state.started and state.ended):
        return None
    return (state.ended - state.started) / (epochs * models)
