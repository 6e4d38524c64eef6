"""What a run asks for, checked: its method, its configuration, its question."""

from __future__ import annotations

from pydantic import TypeAdapter

from scdyn_core.errors import ConfigError
from scdyn_core.experiments.config import Experiment
from scdyn_core.methods.method import Method, MethodConfig
from scdyn_core.methods.registry import method_by_key
from scdyn_core.runs.spec import RunSpec


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


def experiment_of(spec: RunSpec) -> Experiment:
    """Return the question of an experiment.

    Raises
    ------
    ConfigError
        When it is not one that this version knows.
    """
    try:
        question: Experiment = TypeAdapter(Experiment).validate_python(spec.experiment)
    except ValueError as error:
        raise ConfigError(
            "experiment",
            found=" ".join(str(error).split())[:300],
            needed="a question this version of scdyn understands",
            fix="Set the experiment up again.",
        ) from error
    return question
