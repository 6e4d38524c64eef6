"""What a run asks for, checked: its method, its configuration, its question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from scdyn_core.errors import ConfigError
from scdyn_core.experiments.config import Experiment
from scdyn_core.methods.method import Method, MethodConfig
from scdyn_core.methods.registry import method_by_key
from scdyn_core.runs.spec import RunSpec

ModelT = TypeVar("ModelT", bound=BaseModel)


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
    return checked_question(spec.experiment)


def checked_question(asked: Mapping[str, Any]) -> Experiment:
    """Return a question in full.

    Raises
    ------
    ConfigError
        When it is not one that this version knows.
    """
    try:
        question: Experiment = TypeAdapter(Experiment).validate_python(dict(asked))
    except ValueError as error:
        raise ConfigError(
            "experiment",
            found=" ".join(str(error).split())[:300],
            needed="a question this version of scdyn understands",
            fix="Set the experiment up again.",
        ) from error
    return question


def preset_of(method: Method, name: str | None) -> MethodConfig:
    """Return a named configuration of a method; scdyn's own if no name is given.

    Raises
    ------
    ConfigError
        When the method has none of this name.
    """
    name = name or "scdyn"
    if name not in method.presets:
        raise ConfigError(
            f"preset {name}",
            found=f"no preset of {method.key} with this name",
            needed="one of " + ", ".join(method.presets),
            fix="Choose one of these.",
        )
    return method.presets[name]


def with_values(start: ModelT, values: Mapping[str, Any], place: str) -> ModelT:
    """Return a configuration with some values changed; groups of values as nested mappings.

    Raises
    ------
    ConfigError
        When a field does not exist, or a value does not fit.
    """
    try:
        return type(start).model_validate(_merged(start.model_dump(mode="json"), values))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ConfigError(
            ".".join([place, *(str(part) for part in first["loc"])]),
            found=repr(first["input"])[:80],
            needed=first["msg"],
            fix="Correct the name or the value.",
        ) from None


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for name, value in new.items():
        before = old.get(name)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            merged[name] = _merged(before, value)
        else:
            merged[name] = value
    return merged
